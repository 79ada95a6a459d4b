#pragma once
// Files that commands read and write whole.

#include <string>
#include <string_view>

#include "compiler/base/result.h"

namespace flow::cli {

// Everything that stands on the input.
auto read_input() -> std::string;

// R0504 with the system's reason if it cannot be written. A file that exists is replaced at once or not at all.
auto write_file(const std::string& path, std::string_view text) -> Result<void>;

}  // namespace flow::cli
