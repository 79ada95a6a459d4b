// Does anything stop a tool halfway that writes once? Its write may have happened or not, and it will not be asked
// again. `cancel by model` is an error (F0608); what a hang-up or a handoff does is easier to overlook. A tool that names
// what undoes it may be stopped.

#include "compiler/review/checks.h"

namespace flow::review {
namespace {

// Sets one cell of the policy of a tool to what lets the job end.
void fix_cell(const ast::Clause& named, const char* cell, const char* value, diag::Added added) {
  const auto* own = named.block ? check::clause(*named.block, cell) : nullptr;
  if (own && !own->args.empty()) {
    added.fix(own->args.front().value.at, value);
  } else if (named.block) {
    const auto inside = named.block->at.begin + 1;
    added.fix({named.at.file, inside, inside}, std::string(" ") + cell + " " + value + ";");
  } else {
    added.fix({named.at.file, named.at.end, named.at.end}, std::string(" { ") + cell + " " + value + " }");
  }
}

}  // namespace

void stopped_writes(const Subject& subject, diag::Report& report) {
  for (const auto* tool : tools_of(subject)) {
    const auto& row = subject.program.tools[subject.tools.at(tool)];
    const auto* named = check::clause(tool->block, "policy");
    if (row.effects != ir::Effects::WritesOnce || row.compensate || !named || !subject.program.policies.has(row.policy)) continue;
    const auto& policy = subject.program.policies[row.policy];
    const auto say = [&](const char* cell, const char* now, const char* value) {
      const auto* clause = named->block ? check::clause(*named->block, cell) : nullptr;
      const auto at = clause ? clause->at : !named->args.empty() ? named->args.front().value.at : named->at;
      fix_cell(*named, cell, value, report.add(at, diag::StopsWrite, diag::Name{tool->name.text}, diag::Name{std::string(cell) + " " + now}));
    };
    if (policy.on_hangup == ir::Policy::OnHangup::Cancel) say("on_hangup", "cancel", "finish");
    if (policy.on_handoff == ir::Policy::OnHandoff::Cancel) say("on_handoff", "cancel", "keep");
    if (policy.duplicates == ir::Policy::Duplicates::Replace) say("duplicates", "replace", "join");
  }
}

}  // namespace flow::review
