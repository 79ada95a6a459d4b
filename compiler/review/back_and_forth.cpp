// Do two agents hand the call to each other by the clock alone, and does nothing ever stop them? Handoffs that the
// model or the caller wants are a conversation, and a lone `if` fires only when it becomes true.

#include <algorithm>

#include "compiler/review/checks.h"

namespace flow::review {
namespace {

auto by_the_clock(const Graph& graph, const Node& from, std::size_t to) -> const Way* {
  for (const auto& way : from.ways) {
    if (way.cause != Cause::Time || !way.edge || way.edge->guard) continue;
    const auto targets = graph.targets(from, way);
    if (std::ranges::find(targets, to) != targets.end()) return &way;
  }
  return nullptr;
}

auto stops(const Node& node) -> bool {
  return std::ranges::any_of(node.endings, [](Cause cause) { return cause == Cause::Trouble || cause == Cause::Time; });
}

}  // namespace

void back_and_forth(const Graph& graph, diag::Report& report) {
  if (graph.limited) return;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto& from = graph.nodes[i];
    if (!from.reached || stops(from)) continue;
    for (const auto& way : from.ways) {
      if (way.cause != Cause::Time) continue;
      for (const auto j : graph.targets(from, way)) {
        const auto& to = graph.nodes[j];
        const auto* there = by_the_clock(graph, from, j);
        const auto* back = j > i && !stops(to) ? by_the_clock(graph, to, i) : nullptr;
        if (!there || !back) continue;
        report.add(there->at, diag::BackAndForth, diag::Name{from.agent->name.text}, diag::Name{to.agent->name.text}).note(back->at, "and back again");
      }
    }
  }
}

}  // namespace flow::review
