// Can the model tell the handoffs of an agent apart? It chooses by the words of `when` alone.

#include "compiler/review/alike.h"
#include "compiler/review/checks.h"

namespace flow::review {

void alike_edges(const Subject&, const Graph& graph, diag::Report& report) {
  std::map<const ast::Handoff*, std::set<std::string>> meanings;
  const auto meaning = [&](const Way& way) -> const std::set<std::string>& {
    auto [found, fresh] = meanings.try_emplace(way.edge);
    if (fresh) found->second = meaning_of(way.edge->trigger.when.constant().value_or(""));
    return found->second;
  };
  std::set<std::pair<const ast::Handoff*, const ast::Handoff*>> compared;  // edges of every agent meet again and again
  for (const auto& node : graph.nodes) {
    std::vector<const Way*> judged;
    for (const auto& way : node.ways) {
      if (way.edge && way.cause == Cause::Model) judged.push_back(&way);
    }
    for (std::size_t i = 0; i < judged.size(); ++i) {
      for (std::size_t j = i + 1; j < judged.size(); ++j) {
        const auto& first = *judged[i];
        const auto& second = *judged[j];
        if (!compared.insert({first.edge, second.edge}).second) continue;
        const bool same_place = first.agent == second.agent && first.transfer == second.transfer;
        if (same_place || first.edge->guard || second.edge->guard || likeness(meaning(first), meaning(second)) < TooAlike) continue;
        report.add(second.edge->trigger.when.at, diag::AlikeEdges, diag::Name{first.edge->target.text()}, diag::Name{second.edge->target.text()})
            .note(first.edge->trigger.when.at, "the other");
      }
    }
  }
}

}  // namespace flow::review
