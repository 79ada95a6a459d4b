// Does the agent decide about the caller's turns? With `turn_control server` the service answers and stops by itself, as
// soon as it hears a voice: nobody asks `barge_in`.

#include "compiler/review/checks.h"

namespace flow::review {

void server_turns(const Subject& subject, diag::Report& report) {
  const auto& program = subject.program;
  if (!program.realtimes.has(program.realtime) || program.realtimes[program.realtime].turn_control != ir::TurnControl::Server) return;
  for (const auto* agent : agents_of(subject)) {
    const auto* clause = check::clause(agent->block, "barge_in");
    if (clause) report.add(clause->name.at, diag::ServerBargesIn, diag::Name{program.realtimes[program.realtime].name});
  }
}

}  // namespace flow::review
