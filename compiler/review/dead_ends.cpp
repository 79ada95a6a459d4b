// Can every call go on or end? An agent is a dead end if a call that goes well has no way out of it: what answers
// silence or a failed tool saves a call that got stuck and is no plan. A flow of one agent needs none: the caller has
// what they came for, and hangs up.

#include <algorithm>

#include <fmt/format.h>

#include "compiler/review/checks.h"

namespace flow::review {
namespace {

auto planned(const Graph& graph, const Node& node) -> bool {
  const auto leads = [&](const Way& way) { return way.cause != Cause::Trouble && (way.transfer || !graph.targets(node, way).empty()); };
  return std::ranges::any_of(node.ways, leads) || std::ranges::any_of(node.endings, [](Cause cause) { return cause != Cause::Trouble; });
}

auto list_of(const std::vector<const Node*>& nodes) -> std::string {
  constexpr std::size_t ShownMax = 3;
  std::string out;
  const auto shown = std::min(nodes.size(), ShownMax);
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == nodes.size();
    out += fmt::format("{}`{}`", i == 0 ? "" : last ? " and " : ", ", nodes[i]->agent->name.text);
  }
  if (nodes.size() > shown) out += fmt::format(" and {} more", nodes.size() - shown);
  return out;
}

}  // namespace

void dead_ends(const Subject&, const Graph& graph, diag::Report& report) {
  const auto reached = std::ranges::count_if(graph.nodes, &Node::reached);
  if (reached < 2) return;
  const auto is_dead_end = [&](const Node& node) { return node.reached && !planned(graph, node); };
  for (const auto& node : graph.nodes) {
    if (is_dead_end(node)) report.add(node.agent->name.at, diag::DeadEnd, diag::Name{node.agent->name.text});
  }

  // Going round and round: whoever comes to a dead end or an ending does not.
  if (graph.limited) return;
  const auto explained = graph.leading_to([&](const Node& node) { return can_end(node) || is_dead_end(node); });
  std::vector<const Node*> round;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].reached && !explained[i]) round.push_back(&graph.nodes[i]);
  }
  if (!round.empty()) report.add(round.front()->agent->name.at, diag::NoExit, diag::Text{list_of(round)});
}

}  // namespace flow::review
