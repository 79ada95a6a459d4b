#pragma once
// A program as text: what `flowc ir` prints, what goldens compare, what the content hash is made of.
//
// The same program always gives the same text. For a program that `verify` accepts, reading what was written gives an
// equal program. Comments (`// …`) are for people and are not read. A field that is not written has its default.

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/ir/text_lines.h"

namespace flow::ir {

// The first line of the text is `flowir 1`; a reader refuses other versions.
inline constexpr int TextVersion = 1;

struct TextOptions {
  bool places = true;    // source files and places of declarations; without: only what counts for a call
  bool comments = true;
};

// The program must verify.
auto to_text(const Program& program, const TextOptions& options = {}) -> std::string;

// Survives any bytes. What it gives has passed `verify`.
auto read_text(std::string_view text) -> tl::expected<Program, std::vector<TextError>>;

}  // namespace flow::ir
