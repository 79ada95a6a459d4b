// How a call ends: a farewell that is heard and not only sent, the hang-up, and what the tools still do after it.

#include <algorithm>

#include "runtime/core/machine.h"

namespace flow::core {
namespace {

using Phase = Session::State::Phase;

constexpr Millis FarewellMax{20'000};
constexpr Millis CallerGoesMax{3'000};
constexpr Millis JobsMax{10'000};   // tools may finish for so long after the caller is gone

}  // namespace

void Machine::begin_end(const ir::Line* farewell, const Value& locals) {
  if (!live()) return;
  s.phase = Phase::Ending;
  decide(Decision::CallEnding);
  handle(ir::EventPattern::Kind::CallEnd, 1, {}, locals);
  drop(Wait::CallLimit);
  forget_handoff();
  abandon_queue();
  if (farewell) intend_line(Intent::Kind::Farewell, *farewell, locals).is_protected = true;
  if (s.ask.slot == Ask::Slot::Creating) cut(CutBy::End);
  drop_intents([](const Intent& i) { return i.kind != Intent::Kind::Farewell; }, "dropped");
  if (farewell && s.voice.slot == Voice::Slot::Active && !s.voice.called) cut(CutBy::End);
  arm(Wait::FarewellEnds, FarewellMax);
}

// What waits to be heard is not said any more; results that wait are kept, untold.
void Machine::abandon_queue() {
  drop_intents([](const Intent&) { return true; }, "dropped");
  for (auto& j : s.jobs) {
    if (j.stage == Job::Stage::Ready) end(j, Job::Stage::Kept, "the call ends");
  }
}

void Machine::end_with_error(std::string code, std::string text) {
  if (!in_call()) return;
  decide(Decision::ErrorReported, code + ": " + text);
  if (s.end_code.empty()) {
    s.end_code = std::move(code);
    s.end_text = std::move(text);
  }
  s.phase = Phase::Ending;
  forget_handoff();
  if (s.link.up()) cut(CutBy::End);
  abandon_queue();
  hang_up();
}

void Machine::advance_ending() {
  if (s.phase == Phase::Ending && !s.hanging_up) {
    // What is being said is heard to its end; then it is over.
    const auto farewell_waits = has_intent(Intent::Kind::Farewell) && s.link.up();
    if (!farewell_waits && !speaking() && s.groups.empty()) hang_up();
  }
  if (s.phase != Phase::Gone) return;
  const auto runs = std::ranges::any_of(s.jobs, &Job::running);
  if (!runs) finish();
}

// The call may go on no longer, by its length or by what it costs.
void Machine::limit_reached() {
  if (!handle(ir::EventPattern::Kind::Limit, 1, {}, Value::Record{})) begin_end(nullptr, Value::Record{});
  arm(Wait::FarewellEnds, Millis{30'000});
}

void Machine::hang_up() {
  if (s.hanging_up || !in_call()) return;
  s.phase = Phase::Ending;
  s.hanging_up = true;
  out.push_back(HangUp{});
  drop(Wait::FarewellEnds);
  arm(Wait::CallerGoes, CallerGoesMax);
}

void Machine::on(const StopRequested&) {
  if (s.phase == Phase::Waiting) return finish();
  if (!in_call()) return jobs_ended();
  decide(Decision::CallEnding, "stopped");
  s.phase = Phase::Ending;
  forget_handoff();
  cut(CutBy::End);
  abandon_queue();
  hang_up();
}

void Machine::on(const CallerHungUp&) {
  if (s.phase == Phase::Waiting) return finish();
  if (!in_call()) return;
  if (!s.hanging_up) handle(ir::EventPattern::Kind::Hangup, 1, {}, Value::Record{});
  caller_gone();
}

// From here only tools, the store and telemetry are of interest.
void Machine::caller_gone(std::string_view why) {
  if (!in_call()) return;
  forget_handoff();
  s.phase = Phase::Gone;
  s.caller.present = false;
  s.caller.speaking = s.caller.holds_key = s.caller.uncommitted = false;
  s.caller.over = BargeIn::None;
  s.timers.drop_all(out);
  if (s.link.stage != Link::Stage::Closed) out.push_back(CloseLink{s.link.epoch});
  s.link.stage = Link::Stage::Closed;
  drop_intents([](const Intent&) { return true; }, "dropped: " + std::string(why));
  std::vector<Speech> speeches = std::exchange(s.cut, {});
  for (auto& speech : std::exchange(s.tail, {})) speeches.push_back(std::move(speech));
  speeches.push_back(std::exchange(s.voice.speech, {}));
  for (auto& intent : std::exchange(s.ask, {}).intents) settle(intent, "dropped: " + std::string(why));
  for (auto& speech : speeches) {
    for (auto& intent : speech.intents) settle(intent, "interrupted: " + std::string(why));
  }
  s.voice = {};
  s.running.clear();
  s.flush = {};
  s.groups.clear();
  for (auto& j : s.jobs) {
    if (j.answer == Job::Answer::Open) j.answer = Job::Answer::Void;
    if (j.settled()) continue;
    if (!j.running()) {
      end(j, Job::Stage::Kept, "nobody is there to tell");
    } else if (j.undoes) {
      arm(Wait::JobEnds, UndosMax, j.id.n);
      if (j.stage == Job::Stage::Waiting) arm(Wait::JobRetries, Millis{0}, j.id.n);
    } else if (outlives(j)) {
      if (j.stage == Job::Stage::Running) {
        arm(Wait::JobEnds, policy(j).timeout - std::min(policy(j).timeout, s.now - j.started), j.id.n);
      } else {
        end(j, Job::Stage::Kept, "it goes on in the caller's next call");
      }
    } else if (!j.handle.empty() && j.stage == Job::Stage::Waiting && policy(j).on_hangup != ir::Policy::OnHangup::Cancel) {
      ask_again(j);
      arm(Wait::JobEnds, policy(j).timeout - std::min(policy(j).timeout, s.now - j.started), j.id.n);
    } else if (j.stage != Job::Stage::Running) {
      stop(j, Job::Stage::Cancelled, std::string(why));
    } else if (policy(j).on_hangup == ir::Policy::OnHangup::Cancel && (tool(j).effects != ir::Effects::WritesOnce || tool(j).compensate)) {
      stop(j, Job::Stage::Cancelled, std::string(why));
    } else {
      arm(Wait::JobEnds, policy(j).timeout - std::min(policy(j).timeout, s.now - j.started), j.id.n);
    }
  }
  if (std::ranges::any_of(s.jobs, &Job::running)) arm(Wait::JobsEnd, JobsMax);
}

// Past the deadline: a write we lost sight of is unknown, the rest is stopped.
void Machine::jobs_ended() {
  for (auto& j : s.jobs) {
    if (!j.running()) continue;
    if (outlives(j)) {
      // What runs here ends with the call; the next one asks again or begins anew, with the same idempotency key.
      if (j.stage == Job::Stage::Running) out.push_back(StopTool{j.id, j.attempt, j.tool, {}});
      end(j, Job::Stage::Kept, "it goes on in the caller's next call");
      continue;
    }
    const auto writes = tool(j).effects == ir::Effects::Writes || tool(j).effects == ir::Effects::WritesOnce;
    if (writes && j.stage == Job::Stage::Running) {
      end(j, Job::Stage::Unknown, "its outcome was not seen");
    } else {
      stop(j, Job::Stage::Cancelled, "the call is over");
    }
  }
}

void Machine::finish() {
  if (s.phase == Phase::Finished) return;
  s.phase = Phase::Finished;
  s.timers.drop_all(out);
  remember_all();
  decide(Decision::CallEnded, s.end_code.empty() ? "" : s.end_code + ": " + s.end_text, s.now.since_start);
  out.push_back(Finish{s.end_code, s.end_text, s.went_to});
}

}  // namespace flow::core
