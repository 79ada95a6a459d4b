#pragma once
// What the HTML pages share: one self-contained file, light and dark, without anything from the network.

#include <string>
#include <string_view>

#include "compiler/base/markup.h"

namespace flow::view {

// A whole page. `style` and `script` are added to what every page has.
auto html_page(std::string_view title, std::string_view body, std::string_view style = {}, std::string_view script = {}) -> std::string;

// Text as it stands in a cell of a Markdown table.
auto markdown_cell(std::string_view text) -> std::string;

}  // namespace flow::view
