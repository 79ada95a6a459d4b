// How a run that nobody wants any more is undone: by the tool that the flow names for it, with the same arguments, once,
// and only when the run itself is over, so that the undoing cannot overtake what it undoes.

#include <algorithm>

#include "runtime/core/machine.h"

namespace flow::core {
namespace {

constexpr Millis StopMax{5'000};  // for so long a stopped tool may go on before it is undone anyway

}  // namespace

// Runs that were stopped after they began, and have nothing yet that undoes them.
void Machine::start_undos() {
  for (std::size_t i = 0; i < s.jobs.size(); ++i) {
    const auto& undone = s.jobs[i];
    if (!undone.to_undo) continue;
    s.jobs[i].to_undo = false;
    start_undo(undone.id);
  }
}

void Machine::start_undo(JobId of) {
  const auto& undone = *job(of);
  const auto by = tool(undone).compensate;
  const auto& declared = program.tools[by];
  Value::Record given;
  for (const auto& param : declared.params) {
    if (const auto* value = undone.arguments.field(param.name)) given.emplace_back(param.name, *value);
  }
  const auto arguments = ir::complete_arguments(program, declared.params, Value(std::move(given)));
  decide(Decision::ToolUndone, tool(undone).name + ": " + declared.name, Millis{0}, of);
  if (!arguments) return decide(Decision::ToolRefused, declared.name + ": " + arguments.error().text);
  const auto& rules = program.policies[declared.policy];
  const JobId id{++s.last_job};
  s.jobs.push_back({.id = id, .tool = by, .stage = Job::Stage::Storing, .call = {}, .group = {}, .arguments = *arguments, .key = {},
                    .retries_left = rules.retries, .started = s.now, .ready = {}, .settled_at = {}, .result = {}, .failure = {},
                    .deliver = ir::Policy::Deliver::Silent, .undoes = of});
  arm(Wait::JobEnds, StopMax + rules.timeout, id.n);
  if (s.phase == Session::State::Phase::Gone && !s.timers.armed(Wait::JobsEnd)) arm(Wait::JobsEnd, UndosMax);
  decide(Decision::ToolStarted, declared.name, Millis{0}, id);
  out.push_back(StoreJob{id});
}

// The disk knows of it: it runs as soon as what it undoes is over.
void Machine::undo_stored(Job& undo) {
  const auto* undone = job(undo.undoes);
  if (!undone || !undone->stopping) return run(undo);
  undo.stage = Job::Stage::Waiting;
  arm(Wait::JobRetries, StopMax, undo.id.n);
}

// A tool that was told to stop has stopped, or finished after all.
void Machine::tool_is_over(JobId id) {
  auto* over = job(id);
  if (!over || !over->stopping) return;
  over->stopping = false;
  const auto undo = std::ranges::find_if(s.jobs, [&](const Job& j) { return j.undoes == id && j.stage == Job::Stage::Waiting && j.attempt == 0; });
  if (undo == s.jobs.end()) return;
  drop(Wait::JobRetries, undo->id.n);
  run(*undo);
}

}  // namespace flow::core
