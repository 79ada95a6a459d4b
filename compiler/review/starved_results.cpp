// Does one tool keep another's result from being told? A result that waits for quiet never gets it while a tool of the
// same agent speaks more often than that.

#include <set>

#include "compiler/review/checks.h"

namespace flow::review {

void starved_results(const Subject& subject, diag::Report& report) {
  std::set<std::pair<const ast::ToolDecl*, const ast::ToolDecl*>> said;
  for (const auto* agent : agents_of(subject)) {
    auto tools = tools_of(subject, *agent);
    // What the runtime does itself has no result to tell.
    std::erase_if(tools, [&](const ast::ToolDecl* tool) { return check::clause(tool->block, "builtin") || !subject.program.policies.has(subject.program.tools[subject.tools.at(tool)].policy); });
    for (const auto* loud : tools) {
      const auto& speaks = subject.program.policies[subject.program.tools[subject.tools.at(loud)].policy];
      if (speaks.progress != ir::Policy::Progress::Every || speaks.mode != ir::Policy::Mode::Background) continue;
      for (const auto* patient : tools) {
        const auto& waits = subject.program.policies[subject.program.tools[subject.tools.at(patient)].policy];
        const bool waits_for_quiet = waits.deliver == ir::Policy::Deliver::WhenIdle && !waits.escalate_to && waits.grace >= speaks.progress_every;
        if (patient == loud || !waits_for_quiet || !said.insert({loud, patient}).second) continue;
        auto added = report.add(patient->name.at, diag::Starved, diag::Name{loud->name.text}, diag::Text{shown(speaks.progress_every)},
                                diag::Name{patient->name.text}, diag::Text{shown(waits.grace)});
        if (const auto* cell = cell_of(subject, *loud, "progress")) added.note(cell->at, "this keeps it from being told");
      }
    }
  }
}

}  // namespace flow::review
