#pragma once
// What happens to a tool's result, event by event, and which line of which file decided it.

#include <string>
#include <string_view>
#include <vector>

#include "compiler/check/load.h"
#include "compiler/ir/ir.h"

namespace flow::view {

// Who filled a cell.
enum class Origin {
  Own,       // the tool's own block
  Named,     // a policy of the flow's files
  Standard,  // a policy of the library
  Language,  // nobody: the value that the language begins with
};

struct PolicyCell {
  std::string_view event;  // when it counts: "the job starts"
  std::string_view name;
  std::string value;
  Origin origin = Origin::Language;
  std::string from;  // the policy's name, or empty
  Span at;           // the clause; only of cells that are written somewhere
};

struct ToolPolicy {
  std::string tool;
  std::string_view effects;  // `reads`, `writes once`
  std::string policy;        // as the tool names it
  std::vector<PolicyCell> cells;
};

// Of every tool, in the order of the program. `checked` is what the program was compiled from.
auto tool_policies(const check::Checked& checked, const ir::Program& program) -> std::vector<ToolPolicy>;

// Who filled it, in words: "own", "orders_lookup", "std blocking", "default".
auto origin_text(const PolicyCell& cell) -> std::string;

struct PolicyPage {
  const check::Checked& checked;
  const std::vector<ToolPolicy>& tools;
};
// A table a tool. `colour`: ANSI, for terminals; what the tool itself decides stands out.
auto policies_as_text(const PolicyPage& page, bool colour) -> std::string;
// One matrix: a row a cell, a column a tool.
auto policies_as_markdown(const PolicyPage& page) -> std::string;
auto policies_as_html(const PolicyPage& page, const std::string& title) -> std::string;
// An array `tools` of `{tool, effects, policy, cells: [{event, cell, value, origin, from, at}]}`.
auto policies_as_json(const PolicyPage& page) -> std::string;

}  // namespace flow::view
