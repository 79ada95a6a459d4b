#pragma once
// `file:` addresses of editors, and paths.

#include <optional>
#include <string>
#include <string_view>

namespace flow::lsp {

// Nothing if it is no file's. `/./` and `/../` are taken out.
auto path_of(std::string_view uri) -> std::optional<std::string>;
auto uri_of(std::string_view path) -> std::string;

}  // namespace flow::lsp
