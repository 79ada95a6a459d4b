// What the editor writes into the margins of a file: values that nobody wrote, and what can be run.

#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/args.h"
#include "compiler/lsp/analysis.h"
#include "compiler/ir/tokens.h"
#include "compiler/view/policy.h"

namespace flow::lsp {
namespace {

// The cells by which a result reaches the caller; the others are in the tooltip.
constexpr std::string_view Shown[] = {"mode", "deliver", "timeout"};

// A line of code is not the place for sentences.
auto shortened(const std::string& value) -> std::string {
  constexpr std::size_t Most = 24;
  if (value.size() <= Most) return value;
  const auto blank = value.rfind(' ', Most);
  return value.substr(0, blank == value.npos ? Most : blank) + " …";
}

auto hint_of(const view::ToolPolicy& policy) -> std::pair<std::string, std::string> {
  std::string text, tooltip;
  for (const auto& cell : policy.cells) {
    if (cell.origin == view::Origin::Own) continue;
    if (std::ranges::find(Shown, cell.name) != std::end(Shown)) text += fmt::format("{}{} {}", text.empty() ? "" : " · ", cell.name, shortened(cell.value));
    tooltip += fmt::format("- `{} {}`: {}\n", cell.name, cell.value, view::origin_text(cell));
  }
  return {std::move(text), std::move(tooltip)};
}

// 0: nowhere. What the runtime does itself has no result to tell.
auto hint_place(const ast::ToolDecl& tool) -> std::uint32_t {
  if (check::clause(tool.block, "builtin")) return 0;
  const auto* clause = check::clause(tool.block, "policy");
  if (clause) return clause->args.empty() ? clause->name.at.end : clause->args.back().value.at.end;
  return tool.block.clauses.empty() ? 0 : tool.block.at.begin + 1;
}

}  // namespace

// Behind the policy of each tool, or its head if it names none: what that means.
auto hints(const Spot& file, Range within) -> std::vector<Hint> {
  std::vector<Hint> out;
  for (const auto& program : file.analysis.programs()) {
    for (const auto& policy : view::tool_policies(file.analysis.checked, program)) {
      for (const auto& tool : file.module.tree.tools) {
        if (tool.name.text != policy.tool) continue;
        const auto end = hint_place(tool);
        const auto at = file.range({tool.at.file, end, end}).begin;
        if (end == 0 || at < within.begin || within.end < at) continue;
        auto [text, tooltip] = hint_of(policy);
        if (!text.empty()) out.push_back({at, " " + text, std::move(tooltip)});
      }
    }
    if (!out.empty()) break;  // several flows of one tool say the same
  }
  return out;
}

auto lenses(const Spot& file) -> std::vector<Lens> {
  std::vector<Lens> out;
  const auto& tree = file.module.tree;
  for (const auto& flow : tree.flows) {
    out.push_back({file.range(flow.name.at), "show the graph", "flowc.showGraph", {}});
    if (!tree.tests.empty()) out.push_back({file.range(flow.name.at), "run all tests", "flowc.runTests", {}});
  }
  for (const auto& test : tree.tests) out.push_back({file.range(test.title_at), "run test", "flowc.runTest", {test.title}});
  return out;
}

}  // namespace flow::lsp
