// May the caller hear nothing for longer than the flow allows? While a tool runs that the model waits for, only the
// policy's own words are heard: the first `ack`, then `progress`. In the background the talk goes on.

#include <algorithm>

#include "compiler/review/checks.h"

namespace flow::review {

void dead_air(const Subject& subject, diag::Report& report) {
  const auto limit = subject.program.dead_air;
  for (const auto* tool : tools_of(subject)) {
    const auto& row = subject.program.tools[subject.tools.at(tool)];
    if (check::clause(tool->block, "builtin") || !subject.program.policies.has(row.policy)) continue;
    const auto& policy = subject.program.policies[row.policy];
    if (policy.mode != ir::Policy::Mode::Blocking) continue;
    auto quiet = policy.timeout;
    if (policy.ack) quiet = std::min(quiet, policy.ack_after);
    if (policy.progress == ir::Policy::Progress::Every) quiet = std::min(quiet, policy.progress_every);
    if (quiet <= limit) continue;
    const auto* named = check::clause(tool->block, "policy");
    const auto* ack = cell_of(subject, *tool, "ack");
    const auto place = named && !named->args.empty() ? named->args.front().value.at : tool->name.at;
    auto added = report.add(place, diag::DeadAir, diag::Text{shown(quiet)}, diag::Name{tool->name.text}, diag::Text{shown(limit)});
    if (ack) added.note(ack->at, "this says when something is heard first");
  }
}

}  // namespace flow::review
