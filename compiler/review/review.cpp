#include "compiler/review/review.h"

#include <algorithm>

#include "compiler/check/clauses.h"
#include "compiler/review/checks.h"

namespace flow::review {

void review(const Subject& subject, diag::Report& report) {
  const auto of_program = [&](FileId file) { return std::ranges::any_of(subject.modules, [&](const check::Module* module) { return module->tree.id == file; }); };
  const auto explains = [&](const diag::Diagnostic& d) { return d.severity == diag::Severity::Error && d.code != diag::NotYet.code && of_program(d.at.file); };
  if (std::ranges::any_of(report.all(), explains)) return;

  const auto graph = graph_of(subject);
  unreachable_agents(subject, graph, report);
  dead_ends(subject, graph, report);
  ways_to_a_person(graph, report);
  unused_transfers(subject, graph, report);
  transfers_in_a_circle(subject, graph, report);
  back_and_forth(graph, report);
  stalls(graph, report);
  alike_edges(subject, graph, report);
  alike_tools(subject, report);
  shadows(subject, report);
  ways_back(subject, graph, report);

  rules(subject, graph, report);

  state_never_set(subject, report);
  constant_conditions(subject, report);
  edges_held_already(subject, graph, report);

  forms(subject, report);
  lost_keys(subject, report);

  policy_times(subject, report);
  stopped_writes(subject, report);
  dead_air(subject, report);
  server_turns(subject, report);
  starved_results(subject, report);

  prompt_sizes(subject, report);
  costs(subject, report);
  service_limits(subject, graph, report);
  keys_in_texts(subject, report);
  personal_data(subject, report);
  locales(subject, report);
  spoken_words(subject, report);
  tools_in_prompts(subject, report);
  prompt_guards(subject, report);
  same_paragraphs(subject, report);
}

void standard_policies(const std::vector<const check::Module*>& modules, diag::Report& report) {
  for (const auto* module : modules) {
    if (!module->standard) continue;
    for (const auto& policy : module->tree.policies) {
      for (const auto cell : check::clauses::names(check::Where::Policy)) {
        if (!check::clause(policy.block, cell)) report.add(policy.name.at, diag::OpenCell, diag::Name{policy.name.text}, diag::Name{std::string(cell)});
      }
    }
  }
}

}  // namespace flow::review
