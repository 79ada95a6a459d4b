#pragma once
// The stable names of what a session decides: one row a core::Decision, in its order.

#include <span>
#include <string_view>

#include "runtime/core/effect.h"

namespace flow::telemetry {

struct DecisionRow {
  core::Decision what;
  std::string_view name;      // dotted, stable: `tool.ready`
  std::string_view duration;  // what Decided::duration measures; `-`: nothing
  std::string_view text;      // what Decided::text holds; `-`: nothing
  std::string_view meaning;
};

auto decisions() -> std::span<const DecisionRow>;
auto name_of(core::Decision what) -> std::string_view;

// Whether it is about a tool: its text begins with the tool's name.
constexpr auto is_of_a_tool(core::Decision what) -> bool {
  return what >= core::Decision::ToolCalled && what <= core::Decision::ToolLate;
}

// docs/reference/trace.md between its table's marks.
auto decisions_as_markdown() -> std::string;

}  // namespace flow::telemetry
