// Can a lone `if` still become true? It fires when it does, so one that holds whenever its agent gets the call waits
// for it to fail first, which nobody means.

#include <algorithm>

#include "compiler/review/checks.h"
#include "compiler/review/solve.h"

namespace flow::review {
namespace {

auto is_lone_if(const ast::Handoff& edge) -> bool { return edge.trigger.kind == ast::Trigger::Kind::None && edge.guard; }

// The ways to each agent, by its place in the graph.
auto ways_in(const Graph& graph) -> std::vector<std::vector<const Way*>> {
  std::vector<std::vector<const Way*>> in(graph.nodes.size());
  for (const auto& node : graph.nodes) {
    if (!node.reached) continue;
    for (const auto& way : node.ways) {
      for (const auto target : graph.targets(node, way)) in[target].push_back(&way);
    }
  }
  return in;
}

// What holds whenever an agent gets the call: the condition of every way to it; nothing if one has none.
auto conditions_of(const std::vector<const Way*>& ways) -> std::vector<const ast::Expr*> {
  std::vector<const ast::Expr*> out;
  for (const auto* way : ways) {
    if (!way->edge || !is_lone_if(*way->edge)) return {};
    out.push_back(way->edge->guard.get());
  }
  return out;
}

}  // namespace

void edges_held_already(const Subject& subject, const Graph& graph, diag::Report& report) {
  const Names names{subject};
  const auto in = ways_in(graph);
  const auto* clause = check::clause(subject.flow.block, "start");
  const auto* path = clause ? check::Args{*clause}.path() : nullptr;
  const auto* first = path ? subject.scope().agent(*path) : nullptr;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto& node = graph.nodes[i];
    const auto known = node.agent == first ? std::vector<const ast::Expr*>{} : conditions_of(in[i]);
    if (!node.reached || known.empty()) continue;
    for (const auto& way : node.ways) {
      if (!way.edge || way.everywhere || !is_lone_if(*way.edge)) continue;
      const auto implies = [&](const ast::Expr* each) { return !possible(*way.edge->guard, {{each, true}}, {.agent = node.agent}, names, subject).can_fail; };
      if (!std::ranges::all_of(known, implies)) continue;
      report.add(way.edge->guard->at, diag::HeldAlready, diag::Name{node.agent->name.text}).note(known.front()->at, "it gets the call because of this");
    }
  }
}

}  // namespace flow::review
