#pragma once
// The content of a program in 64 hexadecimal digits: SHA-256 of its text form without places, file names and comments.
// Programs with one hash behave alike; a journal names its program by it.

#include <string>
#include <string_view>

#include "compiler/ir/ir.h"

namespace flow::ir {

// The program must verify.
auto content_hash(const Program& program) -> std::string;

// SHA-256 of a text, in 64 hexadecimal digits.
auto digest(std::string_view text) -> std::string;

}  // namespace flow::ir
