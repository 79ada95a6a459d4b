// Is there anybody to go back to? `back` is whoever handed over.

#include "compiler/review/checks.h"

namespace flow::review {

void ways_back(const Subject&, const Graph& graph, diag::Report& report) {
  for (const auto& node : graph.nodes) {
    if (!node.reached) continue;
    for (const auto& way : node.ways) {
      if (way.back && !way.everywhere && graph.targets(node, way).empty()) report.add(way.at, diag::NobodyBefore, diag::Name{node.agent->name.text});
    }
  }
}

}  // namespace flow::review
