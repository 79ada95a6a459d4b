// `policy`, `graph`, `docs` and `diff`: flows are compiled, and compiler/view writes what is printed.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/commands.h"
#include "cli/files.h"
#include "compiler/diag/nearest.h"
#include "compiler/diag/render.h"
#include "compiler/lower/compile.h"
#include "compiler/view/compare.h"
#include "compiler/view/graph.h"
#include "compiler/view/page.h"
#include "compiler/view/policy.h"
#include "compiler/view/reference.h"

namespace flow::cli {
namespace {

// With its program, or nothing; then the errors are printed. Warnings are for `flowc check`.
auto compiled(const std::string& flow, const Console& console) -> std::optional<lower::Compiled> {
  auto result = lower::compile(flow);
  if (result.program) return result;
  std::fputs(diag::render(result.checked.report, result.checked.sources, {.colour = console.colour_errors}).c_str(), stderr);
  return std::nullopt;
}

auto put(const std::string& text, const std::string& path, const Console& console) -> int {
  if (path.empty()) {
    console.print(text);
    return 0;
  }
  const auto written = write_file(path, text);
  if (!written) console.fail(written.error());
  return written ? 0 : 1;
}

auto about(const check::Checked& checked) -> std::string {
  for (const auto* root : checked.roots()) {
    if (!root->tree.flows.empty()) return root->tree.flows.front().doc.text;
  }
  return {};
}

}  // namespace

auto perform(const Policy& policy, const Console& console) -> int {
  const auto flow = compiled(policy.flow, console);
  if (!flow) return 1;
  auto tools = view::tool_policies(flow->checked, *flow->program);
  if (!policy.tool.empty()) {
    std::vector<std::string_view> names;
    for (const auto& tool : flow->program->tools) names.push_back(tool.name);
    const auto meant = diag::nearest(policy.tool, names);
    std::erase_if(tools, [&](const view::ToolPolicy& row) { return row.tool != policy.tool; });
    if (tools.empty()) {
      console.fail({"R0503", fmt::format("the flow has no tool `{}`", policy.tool), meant ? fmt::format("did you mean `{}`?", *meant) : ""});
      return 2;
    }
  }
  const view::PolicyPage page{flow->checked, tools};
  if (policy.form == "markdown") console.print(view::policies_as_markdown(page));
  else if (policy.form == "html") console.print(view::policies_as_html(page, flow->program->name + ": policies"));
  else if (policy.form == "json") console.print(view::policies_as_json(page));
  else console.print(view::policies_as_text(page, console.colour));
  return 0;
}

auto perform(const Graph& graph, const Console& console) -> int {
  const auto flow = compiled(graph.flow, console);
  if (!flow) return 1;
  const auto& program = *flow->program;
  if (graph.form == "mermaid") return put(view::graph_as_mermaid(program), graph.output, console);
  if (graph.form == "dot") return put(view::graph_as_dot(program), graph.output, console);
  const auto picture = graph.form == "svg" ? view::graph_as_svg(program) : view::graph_as_html(program);
  if (picture) return put(*picture, graph.output, console);
  console.fail(picture.error());
  return 1;
}

auto perform(const Docs& docs, const Console& console) -> int {
  const auto flow = compiled(docs.flow, console);
  if (!flow) return 1;
  const auto page = view::reference_of(*flow->program, about(flow->checked));
  if (docs.form == "markdown") return put(view::as_markdown(page), docs.output, console);
  return put(view::html_page(flow->program->name, "<main>\n" + view::as_html(page) + "</main>\n"), docs.output, console);
}

auto perform(const Diff& diff, const Console& console) -> int {
  const auto before = compiled(diff.before, console);
  const auto after = compiled(diff.after, console);
  if (!before || !after) return diff.exit_code ? 2 : 1;
  const auto changes = view::compare(*before->program, *after->program);
  console.print(diff.form == "markdown" ? view::changes_as_markdown(changes, diff.before, diff.after) : view::changes_as_text(changes, console.colour));
  return diff.exit_code && !changes.empty() ? 1 : 0;
}

}  // namespace flow::cli
