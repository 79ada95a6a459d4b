// What if the model never decides? An edge with `when` and a tool that ends the call wait for the model; if it talks on
// instead, the call stays where it is. One way out of each agent must not need it. Of agents from which nothing ends the
// call, dead_ends.cpp has said enough.

#include <algorithm>

#include "compiler/review/checks.h"

namespace flow::review {

void stalls(const Graph& graph, diag::Report& report) {
  if (graph.limited || std::ranges::count_if(graph.nodes, &Node::reached) < 2) return;
  const auto ends = graph.leading_to(can_end);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto& node = graph.nodes[i];
    if (!ends[i]) continue;
    const bool has_way = !node.ways.empty() || !node.endings.empty();
    const bool needs_model = std::ranges::all_of(node.ways, [](const Way& way) { return way.cause == Cause::Model; }) &&
                             std::ranges::all_of(node.endings, [](Cause cause) { return cause == Cause::Model; });
    if (node.reached && has_way && needs_model) report.add(node.agent->name.at, diag::ModelOnly, diag::Name{node.agent->name.text});
  }
}

}  // namespace flow::review
