#pragma once
// Colours for those who can see them.

#include <cstddef>
#include <string>
#include <string_view>

namespace flow::telemetry {

struct Style {
  bool colour = false;
  std::size_t width = 0;  // columns of the terminal; 0: lines are not broken
};

enum class Paint { Plain, Faint, Caller, Agent, Tool, Good, Bad };

// `text` between the terminal's codes for `paint`, if there are colours.
auto painted(std::string_view text, Paint paint, Style style) -> std::string;

}  // namespace flow::telemetry
