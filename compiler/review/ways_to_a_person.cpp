// May every caller have a person? Asked only of a flow that has one to offer: a bot without people is a choice.

#include <algorithm>

#include "compiler/review/checks.h"

namespace flow::review {

void ways_to_a_person(const Graph& graph, diag::Report& report) {
  if (graph.transfers.empty()) return;
  const auto leads = graph.leading_to([](const Node& node) { return std::ranges::any_of(node.ways, [](const Way& way) { return way.transfer != nullptr; }); });
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto& node = graph.nodes[i];
    if (!node.reached || leads[i]) continue;
    report.add(node.agent->name.at, diag::NoPerson, diag::Name{node.agent->name.text}, diag::Name{graph.transfers.front()->name.text});
  }
}

}  // namespace flow::review
