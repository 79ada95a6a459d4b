#include "compiler/view/graph.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/describe.h"
#include "compiler/view/words.h"

namespace flow::view {
namespace {

using Node = GraphNode;
using Edge = GraphEdge;

auto kind_of(const ir::Trigger& trigger) -> Edge::Kind {
  switch (trigger.kind) {
    case ir::Trigger::Kind::Model: return Edge::Kind::Model;
    case ir::Trigger::Kind::Event: return Edge::Kind::Event;
    case ir::Trigger::Kind::After: return Edge::Kind::Time;
    case ir::Trigger::Kind::Becomes: break;
  }
  return Edge::Kind::Data;
}

auto joined(const std::string& a, const std::string& b) -> std::string { return a.empty() || b.empty() ? a + b : a + " " + b; }

class Maker {
 public:
  explicit Maker(const ir::Program& program) : p_(program) {}

  auto run() -> Graph {
    graph_.nodes.push_back({Node::Kind::Start, {}, {}});
    for (std::size_t i = 0; i < p_.agents.size(); ++i) graph_.nodes.push_back({Node::Kind::Agent, p_.agents.id_at(i), {}});
    for (std::size_t i = 0; i < p_.transfers.size(); ++i) graph_.nodes.push_back({Node::Kind::Outside, {}, p_.transfers.id_at(i)});
    if (p_.start) graph_.edges.push_back({.kind = Edge::Kind::Start, .from = 0, .to = node(p_.start), .label = {}, .handoff = {}});
    for (std::size_t i = 0; i < p_.handoffs.size(); ++i) handoff(p_.handoffs.id_at(i));
    for (const auto& handler : p_.handlers) {
      targets(handler.actions, handler.agent ? node(handler.agent) : every(), joined("on " + ir::describe(handler.on), guard(p_, handler.guard)));
    }
    for (const auto& form : p_.forms) {
      targets(form.tries_else, node(form.agent), fmt::format("{} after {} tries", form.name, form.tries));
      for (const auto& field : form.fields) targets(field.rejected, node(form.agent), fmt::format("{}.{} refused", form.name, field.name));
    }
    for (std::size_t i = 0; i < p_.tools.size(); ++i) tool(p_.tools.id_at(i));
    for (std::size_t i = 0; i < p_.transfers.size(); ++i) targets(p_.transfers[p_.transfers.id_at(i)].fails.actions, node(p_.transfers.id_at(i)), "not reached");
    return std::move(graph_);
  }

 private:
  static auto node(Id<ir::Agent> agent) -> std::size_t { return agent.index + 1; }
  auto node(Id<ir::Transfer> transfer) const -> std::size_t { return 1 + p_.agents.size() + transfer.index; }

  // The node of what holds for every agent, made when it is needed.
  auto every() -> std::size_t {
    if (graph_.nodes.back().kind != Node::Kind::Every) graph_.nodes.push_back({Node::Kind::Every, {}, {}});
    return graph_.nodes.size() - 1;
  }

  void handoff(Id<ir::Handoff> id) {
    const auto& row = p_.handoffs[id];
    Edge edge{.kind = kind_of(row.trigger), .from = row.from ? node(row.from) : every(), .label = joined(trigger(row), guard(p_, row.guard)), .handoff = id};
    for (const auto& rule : p_.rules) {
      const auto about = rule.kind != ir::Rule::Kind::Reaches && rule.what.kind == ir::Deed::Kind::Enter && rule.what.target == row.target;
      if (about) edge.label = joined(edge.label, "rule " + rule.declaration);
    }
    add(edge, row.target);
  }

  void add(Edge edge, const ir::Target& target) {
    if (target.kind == ir::Target::Kind::Agent) {
      edge.to = node(target.agent);
      return keep(edge);
    }
    if (target.kind == ir::Target::Kind::Transfer) {
      edge.to = node(target.transfer);
      return keep(edge);
    }
    edge.back = true;
    for (const auto before : came_from(edge.from)) {
      edge.to = before;
      keep(edge);
    }
  }
  void keep(const Edge& edge) {
    const auto same = [&](const Edge& e) { return e.from == edge.from && e.to == edge.to && e.label == edge.label; };
    if (std::ranges::none_of(graph_.edges, same)) graph_.edges.push_back(edge);
  }

  // Who hands over to this one by a declaration of its own; every agent, if nobody does.
  auto came_from(std::size_t to) -> std::vector<std::size_t> {
    std::vector<std::size_t> out;
    for (const auto& row : p_.handoffs) {
      const bool leads_here = row.target.kind == ir::Target::Kind::Agent && node(row.target.agent) == to;
      if (row.from && leads_here && std::ranges::find(out, node(row.from)) == out.end()) out.push_back(node(row.from));
    }
    if (out.empty()) out.push_back(every());
    return out;
  }

  void targets(const std::vector<ir::Action>& actions, std::size_t from, const std::string& label) {
    for (const auto& action : actions) {
      if (action.kind == ir::Action::Kind::Handoff) add({.kind = Edge::Kind::Action, .from = from, .label = label, .handoff = {}}, action.target);
      targets(action.then, from, label);
      targets(action.otherwise, from, label);
    }
  }

  void tool(Id<ir::Tool> id) {
    const auto& row = p_.tools[id];
    const auto& policy = p_.policies[row.policy];
    const std::pair<const char*, const ir::Else*> ways[] = {{"busy", &policy.concurrency_else}, {"late", &policy.timeout_else}, {"failed", &policy.fails}, {"expired", &policy.expires_else}};
    for (std::size_t i = 0; i < p_.agents.size(); ++i) {
      const auto agent = p_.agents.id_at(i);
      const auto asks = [&](const ir::Form& form) {
        return form.agent == agent && (form.submit == id || std::ranges::any_of(form.fields, [&](const ir::FormField& field) { return field.check_tool == id; }));
      };
      if (std::ranges::find(p_.agents[agent].tools, id) == p_.agents[agent].tools.end() && std::ranges::none_of(p_.forms, asks)) continue;
      for (const auto& [what, otherwise] : ways) targets(otherwise->actions, node(agent), fmt::format("{} {}", row.name, what));
    }
  }

  const ir::Program& p_;
  Graph graph_;
};

auto mermaid_text(std::string_view text) -> std::string {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '"': out += "#quot;"; break;
      case '<': out += "#lt;"; break;
      case '>': out += "#gt;"; break;
      case '#': out += "#35;"; break;
      case '\n': out += ' '; break;
      default: out += c;
    }
  }
  return out;
}

auto dot_text(std::string_view text) -> std::string {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

auto tool_names(const ir::Program& program, const ir::Agent& agent) -> std::string {
  std::string out;
  for (const auto tool : agent.tools) out += (out.empty() ? "" : " · ") + program.tools[tool].name;
  return out;
}

}  // namespace

auto graph_of(const ir::Program& program) -> Graph { return Maker{program}.run(); }

auto name_of(const ir::Program& program, const GraphNode& node) -> std::string {
  switch (node.kind) {
    case Node::Kind::Start: return program.name;
    case Node::Kind::Every: return "every agent";
    case Node::Kind::Outside: return program.transfers[node.transfer].name;
    case Node::Kind::Agent: break;
  }
  return program.agents[node.agent].name;
}

auto graph_as_mermaid(const ir::Program& program) -> std::string {
  const auto graph = graph_of(program);
  std::string out = "flowchart TD\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto& node = graph.nodes[i];
    const auto name = mermaid_text(name_of(program, node));
    if (node.kind == Node::Kind::Start) out += fmt::format("  n{}((\"{}\"))\n", i, name);
    if (node.kind == Node::Kind::Every) out += fmt::format("  n{}([\"{}\"])\n", i, name);
    if (node.kind == Node::Kind::Outside) out += fmt::format("  n{}[/\"{}<br/>{}\"/]\n", i, name, mermaid_text(place_of(program.transfers[node.transfer])));
    if (node.kind != Node::Kind::Agent) continue;
    const auto tools = tool_names(program, program.agents[node.agent]);
    out += fmt::format("  n{}[\"<b>{}</b>{}\"]\n", i, name, tools.empty() ? "" : "<br/>" + mermaid_text(tools));
  }
  for (const auto& edge : graph.edges) {
    const auto* arrow = edge.back ? "-.->" : "-->";
    const auto label = edge.label.empty() ? "" : fmt::format("|\"{}{}\"|", edge.back ? "back " : "", mermaid_text(edge.label));
    out += fmt::format("  n{} {}{} n{}\n", edge.from, arrow, label, edge.to);
  }
  return out;
}

auto graph_as_dot(const ir::Program& program) -> std::string {
  const auto graph = graph_of(program);
  auto out = fmt::format("digraph \"{}\" {{\n  node [shape=box, style=rounded];\n", dot_text(program.name));
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto& node = graph.nodes[i];
    const auto name = dot_text(name_of(program, node));
    if (node.kind == Node::Kind::Start) out += fmt::format("  n{} [label=\"{}\", shape=circle];\n", i, name);
    if (node.kind == Node::Kind::Every) out += fmt::format("  n{} [label=\"{}\", style=\"rounded,dashed\"];\n", i, name);
    if (node.kind == Node::Kind::Outside) out += fmt::format("  n{} [label=\"{}\\n{}\", shape=cds];\n", i, name, dot_text(place_of(program.transfers[node.transfer])));
    if (node.kind != Node::Kind::Agent) continue;
    const auto tools = tool_names(program, program.agents[node.agent]);
    out += fmt::format("  n{} [label=\"{}{}\"];\n", i, name, tools.empty() ? "" : "\\n" + dot_text(tools));
  }
  for (const auto& edge : graph.edges) {
    out += fmt::format("  n{} -> n{} [label=\"{}{}\"{}];\n", edge.from, edge.to, edge.back ? "back " : "", dot_text(edge.label), edge.back ? ", style=dashed" : "");
  }
  return out + "}\n";
}

}  // namespace flow::view
