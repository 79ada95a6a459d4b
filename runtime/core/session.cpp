#include "runtime/core/session.h"

#include <algorithm>

#include "compiler/base/match.h"
#include "runtime/core/machine.h"

namespace flow::core {

Session::Session(const ir::Program& program) : state_(std::make_unique<State>()) {
  state_->program = &program;
  state_->values = ir::initial_state(program);
  EffectList none;
  Machine{*state_, none}.start_forms();
  state_->edge_held.assign(program.handoffs.size(), false);
  state_->rules.resize(program.rules.size());
}
Session::Session(const Session& other) : state_(std::make_unique<State>(*other.state_)) {}
Session::Session(Session&&) noexcept = default;
auto Session::operator=(const Session& other) -> Session& {
  *state_ = *other.state_;
  return *this;
}
auto Session::operator=(Session&&) noexcept -> Session& = default;
Session::~Session() = default;

auto Session::finished() const -> bool { return state_->phase == State::Phase::Finished; }

void Session::step(const Event& event, Instant now, EffectList& out) {
  if (finished()) return;
  state_->now = std::max(state_->now, now);
  Machine{*state_, out}.step(event);
}

void Machine::step(const Event& event) {
  s.at_pause = false;
  take(event);
  pump();
}

void Machine::take(const Event& event) {
  match(
      event,
      [&](const TimerFired& e) {
        if (const auto timer = s.timers.take(e.timer)) fired(*timer);
      },
      [&](const auto& e) { on(e); });
}

// What has become possible, until nothing more has: each round may open the way for the next.
void Machine::pump() {
  using Phase = Session::State::Phase;
  if (s.phase == Phase::Waiting || s.phase == Phase::Finished) return;
  for (int round = 0; round < 8; ++round) {
    const auto before = out.size();
    if (in_call()) {
      settle_forms();
      finish_groups();
      advance_handoff();
      weigh_results();
      try_create();
      renew_if_due();
      catch_up_turn_detection();
      mind_the_key();
    }
    start_undos();
    advance_ending();
    if (s.phase == Phase::Finished || out.size() == before) break;
  }
  if (s.phase == Phase::Finished) return;
  watch_silence();
}

void Machine::fired(const Timer& timer) {
  const auto n = timer.subject;
  switch (timer.wait) {
    case Wait::LinkOpens: return on(LinkFailed{s.link.epoch, false, "R0106", "the service did not answer in time"});
    case Wait::LinkConfigured: return on(LinkLost{s.link.epoch, "R0106", "the service did not acknowledge its configuration"});
    case Wait::LinkRenews: return cap_nears();
    case Wait::LinkComesBack: return service_is_gone("R0108", "the service stayed out of reach");
    case Wait::AskVerdict: return verdict_missing();
    case Wait::AskHold: return;  // pump tries again
    case Wait::VoiceStill: return s.voice.speech.aloud ? cut(CutBy::Stall) : abandon_summary();
    case Wait::CancelEnds: return cancel_never_ended();
    case Wait::TailEnds: return tail_never_ended();
    case Wait::FlushAnswers: return on(PlayoutFlushed{s.flush, s.playout.played()});
    case Wait::SpeechEnds: return s.caller.holds_key ? on(TalkReleased{}) : stopped_speaking();
    case Wait::CommitComes: return commit_missing();
    case Wait::Transcript: return words_missing();
    case Wait::BargePatience: return patience_ended();
    case Wait::BargeWords: return words_are_sure();
    case Wait::DigitsEnd: return digits_ended();
    case Wait::KeysEnd: return keys_ended();
    case Wait::GroupAnswers: return acks_due(GroupId{n});
    case Wait::JobEnds: return job_timed_out(JobId{n});
    case Wait::JobRetries:
      if (auto* j = job(JobId{n})) run(*j);
      return;
    case Wait::JobPolls:
      if (auto* j = job(JobId{n})) run(*j);
      return;
    case Wait::JobProgress: return progress_due(JobId{n});
    case Wait::ResultExpires: return expire(JobId{n});
    case Wait::ResultEscalates: return escalate(JobId{n});
    case Wait::ResultOverrides:
      if (auto* j = job(JobId{n})) j->overriding = true;
      return;
    case Wait::Coalesce:
    case Wait::Grace: return;  // pump weighs again
    case Wait::HandoffEdge: return edge_timer(n);
    case Wait::HandoffStalls:
      if (!s.handoff) return;
      s.handoff->now = true;
      return arm(Wait::HandoffStalls, Millis{20'000});  // without a link it can only wait for one
    case Wait::SummaryEnds: return summary_late();
    case Wait::TransferAnswers: return transfer_timed_out();
    case Wait::MachineBeeps: return machine_listens();
    case Wait::Silence: return silence_fell();
    case Wait::CallLimit: return limit_reached();
    case Wait::FarewellEnds: return hang_up();
    case Wait::CallerGoes: return caller_gone();
    case Wait::JobsEnd: return jobs_ended();
    case Wait::Recall: return begin();
  }
}

void Machine::decide(Decision what, std::string text, Millis duration, JobId of) {
  out.push_back(Decided{what, of, s.agent, duration, std::move(text)});
}

}  // namespace flow::core
