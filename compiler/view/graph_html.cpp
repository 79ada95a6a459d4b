#include <fmt/format.h>

#include "compiler/ir/describe.h"
#include "compiler/ir/words.h"
#include "compiler/view/graph_parts.h"
#include "compiler/view/page.h"
#include "compiler/view/reference.h"
#include "compiler/view/words.h"

namespace flow::view {
namespace {

constexpr std::string_view Style = R"(
body { height: 100vh; display: grid; grid-template: auto 1fr / 1fr minmax(18rem, 26rem); }
header { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; align-items: baseline; padding: .9rem 1.4rem; border-bottom: 1px solid var(--line); }
header h1 { font-size: 1.15rem; margin: 0; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .85rem; color: var(--soft); }
.legend i { display: inline-block; width: 1.5rem; border-top: 2px solid; vertical-align: middle; margin-right: .35rem; }
.stage { overflow: auto; padding: 1rem; display: grid; }
.stage svg { margin: auto; background: none; max-width: 100%; height: auto; min-width: 32rem; }
aside { border-left: 1px solid var(--line); background: var(--card); overflow: auto; padding: 1.2rem 1.4rem 3rem; }
aside section { display: none; } aside section.shown { display: block; }
aside h2 { margin: 0 0 .2rem; font-size: 1.1rem; overflow-wrap: anywhere; } aside h3 { font-size: .92rem; }
aside .kind { font-size: .78rem; letter-spacing: .04em; color: var(--soft); }
aside blockquote { font-size: .9rem; max-height: 22rem; overflow: auto; }
aside table { font-size: .84rem; } aside td, aside th { padding: .3rem .4rem; }
@media (max-width: 760px) { body { height: auto; grid-template: auto / 1fr; } aside { border-left: 0; border-top: 1px solid var(--line); } }
)";

// Shows what was clicked, and marks it in the picture. Enter is a click; Escape leads back to the flow.
constexpr std::string_view Script = R"(
const all = selector => [...document.querySelectorAll(selector)];
function show(id) {
  all('aside section').forEach(each => each.classList.toggle('shown', each.id === id));
  all('.stage [data-show]').forEach(each => each.classList.toggle('chosen', each.dataset.show === id));
  document.querySelector('aside').scrollTop = 0;
}
document.addEventListener('click', event => {
  const at = event.target.closest('[data-show]');
  if (at) show(at.dataset.show); else if (event.target.closest('.stage')) show('flow');
});
document.addEventListener('keydown', event => {
  if (event.key === 'Enter' && document.activeElement.dataset.show) show(document.activeElement.dataset.show);
  if (event.key === 'Escape') show('flow');
});
show(location.hash.slice(1) || 'flow');
)";

auto section(const std::string& id, std::string_view kind, std::string_view title, const Document& document) -> std::string {
  return fmt::format("<section id=\"{}\"><div class=\"kind\">{}</div><h2>{}</h2>\n{}</section>\n", id, kind, escaped(title), as_html(document));
}

auto of_flow(const ir::Program& program) -> std::string {
  Document out;
  out.text("Click an agent, a tool or an arrow.");
  std::vector<std::string> facts{fmt::format("`{}` takes the call.", program.agents[program.start].name), fmt::format("{} agents, {} tools, {} handoffs.", program.agents.size(), program.tools.size(), program.handoffs.size())};
  for (const auto& handler : program.handlers) {
    if (!handler.agent) facts.push_back(fmt::format("When {}: `{}`", in_words(handler.on), actions(program, handler.actions)));
  }
  out.items(facts);
  return section("flow", "flow", program.name, out);
}

auto of_tool(const ir::Program& program, Id<ir::Tool> id) -> std::string {
  const auto& tool = program.tools[id];
  Document out;
  out.text(fmt::format("`{}({}){}`", tool.name, parameters(program, tool.params), tool.result ? " -> " + describe(program, tool.result) : ""));
  describe_tool(program, id, out);
  out.heading(3, "Policy");
  std::vector<std::vector<std::string>> rows{{"cell", "value"}};
  for (const auto& cell : cells(program, program.policies[tool.policy])) rows.push_back({fmt::format("`{}`", cell.name), cell.value});
  out.table(std::move(rows));
  return section(fmt::format("tool-{}", id.index), "tool", tool.name, out);
}

auto of_edge(const ir::Program& program, const Graph& graph, std::size_t i) -> std::string {
  const auto& edge = graph.edges[i];
  Document out;
  if (!edge.label.empty()) out.text(fmt::format("`{}`", edge.label));
  if (edge.handoff) describe_handoff(program, program.handoffs[edge.handoff], out);
  else if (edge.kind == GraphEdge::Kind::Start) out.text("Where a call begins.");
  else out.text("A handler or a tool's policy does this.");
  const auto title = fmt::format("{} → {}{}", name_of(program, graph.nodes[edge.from]), name_of(program, graph.nodes[edge.to]), edge.back ? " (back)" : "");
  return section(fmt::format("edge-{}", i), "handoff", title, out);
}

}  // namespace

auto graph_as_html(const ir::Program& program) -> Result<std::string> {
  const auto graph = graph_of(program);
  const auto svg = graph_as_svg(program);
  if (!svg) return svg;
  auto body = fmt::format("<header><h1>{}</h1><div class=\"legend\">", escaped(program.name));
  static constexpr std::pair<const char*, const char*> Legend[] = {{"--accent", "the model decides"}, {"--warm", "an event"}, {"--violet", "time"}, {"--soft", "data"}};
  for (const auto& [colour, words] : Legend) body += fmt::format("<span style=\"color:var({})\"><i></i>{}</span>", colour, words);
  body += fmt::format("<span><i style=\"border-top-style:dashed\"></i>back</span></div></header>\n<div class=\"stage\">{}</div>\n<aside>\n", *svg);
  body += of_flow(program);
  for (std::size_t i = 0; i < program.agents.size(); ++i) {
    Document out;
    describe_agent(program, program.agents.id_at(i), out);
    body += section(fmt::format("agent-{}", i), "agent", program.agents[program.agents.id_at(i)].name, out);
  }
  for (std::size_t i = 0; i < program.transfers.size(); ++i) {
    const auto& transfer = program.transfers[program.transfers.id_at(i)];
    Document out;
    describe_transfer(program, transfer, out);
    body += section(fmt::format("transfer-{}", i), "transfer", transfer.name, out);
  }
  for (std::size_t i = 0; i < program.tools.size(); ++i) body += of_tool(program, program.tools.id_at(i));
  for (std::size_t i = 0; i < graph.edges.size(); ++i) body += of_edge(program, graph, i);
  return html_page(program.name, body + "</aside>\n", Style, Script);
}

}  // namespace flow::view
