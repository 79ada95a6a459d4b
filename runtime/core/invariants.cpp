// What must hold after every step, as far as the state alone shows it. What only a sequence of effects shows is watched
// by runtime/explore/laws.h.

#include <algorithm>

#include "runtime/core/state.h"

namespace flow::core {
namespace {

using State = Session::State;

auto intents_alive(const State& s) -> std::size_t {
  auto count = s.queue.size() + s.ask.intents.size() + s.voice.speech.intents.size();
  for (const auto& speech : s.tail) count += speech.intents.size();
  for (const auto& speech : s.cut) count += speech.intents.size();
  return count;
}

auto waits_without_timer(const State& s) -> const char* {
  const auto& t = s.timers;
  using Phase = State::Phase;
  if (s.phase == Phase::Waiting || s.phase == Phase::Finished) return nullptr;
  if (s.recalling && s.phase != Phase::Gone && !t.armed(Wait::Recall)) return "what earlier calls left";
  if (s.phase == Phase::Gone) return t.armed(Wait::JobsEnd) ? nullptr : "jobs after the hang-up";
  if (s.link.stage == Link::Stage::Opening && !t.armed(Wait::LinkOpens)) return "the link to open";
  if (s.link.awaiting_configured && !t.armed(Wait::LinkConfigured)) return "the configuration";
  if (s.ask.slot != Ask::Slot::Empty && !t.armed(Wait::AskVerdict)) return "the verdict of a create";
  if (s.voice.slot == Voice::Slot::Active && !t.armed(Wait::VoiceStill)) return "a response";
  if (s.voice.slot == Voice::Slot::Cancelling && !t.armed(Wait::CancelEnds)) return "the end of a cancelled response";
  if (s.voice.slot == Voice::Slot::Draining && !t.armed(Wait::TailEnds)) return "the tail";
  if (s.flush && !t.armed(Wait::FlushAnswers)) return "the flush";
  if (s.caller.speaking && !t.armed(Wait::SpeechEnds)) return "the caller to stop";
  if (s.caller.judged && !t.armed(Wait::Transcript)) return "a transcript";
  if (s.caller.uncommitted && s.link.up() && !t.armed(Wait::CommitComes) && !s.caller.speaking) return "the turn of the talk key";
  const auto is_asked = s.caller.speaking || s.caller.judged || t.armed(Wait::CommitComes);
  if (s.caller.over == BargeIn::Paused && !is_asked) return "a paused agent";
  const auto ordered = s.handoff && s.handoff->stage == PendingHandoff::Stage::Ordered;
  if (s.handoff && !t.armed(ordered ? Wait::TransferAnswers : Wait::HandoffStalls)) return ordered ? "a transfer" : "a handoff";
  if (s.hanging_up && !t.armed(Wait::CallerGoes)) return "the caller to go";
  for (const auto& j : s.jobs) {
    if (j.running() && !t.armed(Wait::JobEnds, j.id.n)) return "a tool";
    if (j.stage == Job::Stage::Ready && !t.armed(Wait::ResultExpires, j.id.n)) return "a result to be told";
  }
  return nullptr;
}

}  // namespace

auto Session::broken_invariant() const -> std::string {
  const auto& s = *state_;
  if (s.last_intent != s.intents_settled + intents_alive(s)) {
    return "3: every intent has exactly one outcome (made " + std::to_string(s.last_intent) + ", settled " + std::to_string(s.intents_settled) +
           ", alive " + std::to_string(intents_alive(s)) + ")";
  }
  if (const auto* what = waits_without_timer(s)) return std::string("5: nothing waits without a timer: ") + what;
  for (const auto& j : s.jobs) {
    if (j.stage != Job::Stage::Ready) continue;
    const auto waits = std::ranges::any_of(s.queue, [&](const Intent& i) { return i.kind == Intent::Kind::Result && i.jobs.front() == j.id; });
    const auto has = [&](const std::vector<Intent>& list) {
      return std::ranges::any_of(list, [&](const Intent& i) { return std::ranges::find(i.jobs, j.id) != i.jobs.end(); });
    };
    auto told = has(s.ask.intents) || has(s.voice.speech.intents);
    for (const auto& speech : s.tail) told = told || has(speech.intents);
    for (const auto& speech : s.cut) told = told || has(speech.intents);
    if (!waits && !told) return "3: a ready result is still to be told, and nothing wants to tell it";
  }
  if (s.phase == State::Phase::Gone || s.phase == State::Phase::Finished) {
    if (!s.queue.empty() || s.ask.slot != Ask::Slot::Empty || s.voice.slot != Voice::Slot::Empty) return "4: the caller is gone, and something still wants to be heard";
  }
  if (s.phase == State::Phase::Finished) {
    for (const auto& j : s.jobs) {
      if (!j.settled()) return "3: the call is over, and a job has no outcome";
    }
    if (s.timers.size() > 0) return "4: the call is over, and a timer runs";
  }
  if (s.queue.size() > 64 || s.timers.size() > 512 || s.jobs.size() > 128) return "8: every queue has a cap";
  if (s.ask.slot == Ask::Slot::Creating && s.ask.intents.empty()) return "1: a create that nobody wants";
  return {};
}

}  // namespace flow::core
