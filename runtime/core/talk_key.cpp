// How does a caller speak who holds a key for it (`turn_detection manual`)?
//
// The service hears the caller while the key is held, and nothing else. Pressing it silences the agent; holding it for
// as long as the shortest turn that the service takes stops the agent for good. Releasing it makes the turn, which is
// answered like any other. A shorter touch is nothing: the agent goes on.

#include "runtime/core/machine.h"

namespace flow::core {
namespace {

constexpr Millis TalkMin{100};  // source: a shorter buffer is refused with input_audio_buffer_commit_empty
constexpr Millis CommitWait{3'000};

}  // namespace

// Turns are made by the key. What counts is what the service was told last.
auto Machine::by_key() const -> bool {
  const auto& turns = s.link.configured ? s.link.configured->turn_detection : program.agents[s.agent].turn_detection;
  return turns.kind == ir::TurnDetection::Kind::Manual;
}

auto Machine::in_turn() const -> bool { return s.caller.speaking || s.caller.uncommitted; }

void Machine::on(const TalkPressed&) {
  if (!in_call() || s.caller.holds_key || !by_key()) return;
  s.caller.holds_key = true;
  s.caller.item = {};
  started_speaking();
  s.caller.has_words = false;
  if (sounding() && can_be_cut(CutBy::Caller) && s.caller.over != BargeIn::Paused) {
    s.caller.over = BargeIn::Paused;
    out.push_back(PausePlayout{});
    decide(Decision::AgentPaused);
  }
  arm(Wait::BargePatience, TalkMin);
}

// Long enough to be a turn. Who holds a key means to speak: no words are waited for.
void Machine::talk_is_meant() {
  s.caller.has_words = true;
  if (speaking()) return yield_to_caller();
  go_on("it was at its end");
}

void Machine::on(const TalkReleased&) {
  if (!in_call() || !s.caller.holds_key) return;
  if (!s.caller.has_words && s.now - s.caller.speech_began >= TalkMin) talk_is_meant();
  s.caller.holds_key = false;
  stopped_speaking();
  const auto was_not_told = s.caller.uncommitted && s.caller.commit_asked != s.link.epoch;  // for want of a link
  if (s.caller.has_words || was_not_told) {
    s.caller.uncommitted = true;
    return commit_turn();
  }
  if (!s.caller.uncommitted) drop(Wait::CommitComes);
  if (s.link.up()) out.push_back(ClearAudio{s.link.epoch});
  go_on("the key was only touched");
}

// Without a link the turn waits for one: it is fed with what was said, and then this.
void Machine::commit_turn() {
  if (s.caller.over == BargeIn::Paused) go_on("it may not be stopped");
  s.caller.commit_asked = {};
  if (!s.link.up()) return drop(Wait::CommitComes);
  s.caller.commit_asked = s.link.epoch;
  out.push_back(CommitAudio{s.link.epoch});
  arm(Wait::CommitComes, CommitWait);
}

// The key was held, but hardly a sound came of it: as a cough.
void Machine::commit_refused() {
  if (!s.caller.uncommitted) return;
  s.caller.uncommitted = false;
  drop(Wait::CommitComes);
  if (s.caller.speaking) return;
  if (s.link.up()) out.push_back(ClearAudio{s.link.epoch});
  const auto stopped = std::exchange(s.caller.over, BargeIn::None) == BargeIn::Cut;
  if (stopped && s.caller.had_more && !s.caller.cut_off.empty()) intend(Intent::Kind::Continue, s.caller.cut_off);
}

void Machine::mind_the_key() {
  const auto hears = !by_key() || s.caller.holds_key;
  if (hears != s.hears_caller) out.push_back(HearCaller{s.hears_caller = hears});
}

}  // namespace flow::core
