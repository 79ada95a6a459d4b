// Does anything lead to every agent of the flow's file? What a library offers need not be used.

#include "compiler/review/checks.h"

namespace flow::review {

void unreachable_agents(const Subject& subject, const Graph& graph, diag::Report& report) {
  for (const auto& agent : subject.modules.front()->tree.agents) {
    const auto found = graph.place.find(&agent);
    if (found == graph.place.end() || graph.nodes[found->second].reached) continue;
    // A parent is used by its children.
    bool inherited = false;
    for (const auto& node : graph.nodes) {
      for (const auto* each : lineage(subject.scope(), *node.agent)) inherited = inherited || (each == &agent && node.reached);
    }
    if (!inherited) report.add(agent.name.at, diag::UnreachableAgent, diag::Name{agent.name.text});
  }
}

}  // namespace flow::review
