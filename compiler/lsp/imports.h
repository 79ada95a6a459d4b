#pragma once
// What a file imports, found without parsing it: files that nobody has open are many.

#include <set>
#include <string>
#include <string_view>

namespace flow::lsp {

// Absolute paths, of lines that begin with `import`; a module of the library is a file below `standard_folder`.
auto imports_in(std::string_view text, const std::string& path, const std::string& standard_folder) -> std::set<std::string>;

}  // namespace flow::lsp
