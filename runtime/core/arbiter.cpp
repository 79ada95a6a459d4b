// One mouth: only here the model is asked to speak.
//
// Two slots move independently: `ask`, a create without verdict, and `voice`, the response that is generated or still
// heard. A lost link empties both.

#include <algorithm>

#include "runtime/core/machine.h"

namespace flow::core {
namespace {

using Kind = Intent::Kind;

// A create without any verdict for so long was lost.
constexpr Millis VerdictWait{5'000};
// After "another response is active" we wait for that one to show itself.
constexpr Millis RefusedHold{250};
constexpr Millis CancelWait{3'000};
constexpr Millis FlushWait{1'000};

// A line that is said word for word has its response to itself, and so has what is not said at all; the rest shares one.
auto stands_alone(const Intent& intent) -> bool { return intent.verbatim || intent.kind == Kind::Summary; }

}  // namespace

auto Machine::speaking() const -> bool {
  return s.ask.slot != Ask::Slot::Empty || s.voice.slot != Voice::Slot::Empty || !s.tail.empty() || s.flush;
}

auto Machine::sounding() const -> bool {
  return (s.voice.slot == Voice::Slot::Active && s.voice.speech.aloud) || s.voice.slot == Voice::Slot::Draining || !s.tail.empty();
}

auto Machine::may_create() const -> bool {
  const auto tail_is_near = s.voice.slot == Voice::Slot::Draining && s.voice.near_end && s.tail.empty();
  return s.link.up() && !s.link.awaiting_configured && s.ask.slot == Ask::Slot::Empty && s.running.empty() && !s.flush &&
         (s.voice.slot == Voice::Slot::Empty || tail_is_near) && !s.timers.armed(Wait::AskHold) && !s.caller.judged && !s.caller.uncommitted &&
         s.caller.over != BargeIn::Paused;
}

// What is not said may be asked for while something sounds, as long as no response is being made.
auto Machine::may_summarise() const -> bool {
  return s.link.up() && !s.link.awaiting_configured && s.ask.slot == Ask::Slot::Empty && s.running.empty() &&
         (s.voice.slot == Voice::Slot::Empty || s.voice.slot == Voice::Slot::Draining) && !s.timers.armed(Wait::AskHold);
}

void Machine::try_create() {
  // Nothing is said to a caller who is being put through, nor again the line before it that they spoke over.
  if (s.handoff && s.handoff->stage == PendingHandoff::Stage::Ordered) drop_intents([](const Intent& i) { return i.kind == Kind::HandoffLine; }, "the caller spoke over it");
  const auto aloud = may_create();
  if (s.queue.empty() || (!aloud && !may_summarise())) return;
  const auto model_waits = std::ranges::any_of(
      s.jobs, [&](const Job& j) { return j.running() && j.answer == Job::Answer::Open && policy(j).mode == ir::Policy::Mode::Blocking; });
  const auto calls_open = std::ranges::any_of(s.groups, [](const Group& g) { return !g.members.empty(); });
  const auto may_speak = [&](const Intent& i) {
    if (i.kind == Kind::Summary) return s.handoff.has_value();
    if (!aloud || (s.handoff && i.kind != Kind::HandoffLine)) return false;
    if (s.phase == Session::State::Phase::Ending && i.kind != Kind::Farewell) return false;
    if (i.kind == Kind::Result) {
      const auto* j = job(i.jobs.front());
      if (!j->may_tell) return false;
      return !s.caller.speaking || j->overriding;
    }
    if (s.caller.speaking) return false;
    if (i.kind == Kind::Ack || i.kind == Kind::Farewell || i.kind == Kind::HandoffLine) return true;
    return !model_waits && !(calls_open && !s.link.can.client_items);
  };
  std::vector<Intent> candidates;
  std::ranges::copy_if(s.queue, std::back_inserter(candidates), may_speak);
  // A result that only the reply may carry does not ask for a response of its own.
  const auto first = std::ranges::min_element(candidates, {}, [&](const Intent& i) {
    const auto is_shared = i.kind == Kind::Result && job(i.jobs.front())->with_reply;
    return std::pair{is_shared ? 1 : 0, static_cast<int>(i.kind)};
  });
  if (first == candidates.end()) return;
  if (first->kind == Kind::Result && job(first->jobs.front())->with_reply) return;
  if (first->kind != Kind::Summary && configuration_is_stale()) return configure();

  std::vector<Intent> chosen;
  if (stands_alone(*first)) {
    chosen.push_back(*first);
  } else {
    auto results = 0;
    for (auto& intent : candidates) {
      if (stands_alone(intent)) continue;
      if (intent.kind == Kind::Result && ++results > std::max(1, policy(*job(intent.jobs.front())).coalesce_max)) continue;
      chosen.push_back(intent);
    }
  }
  std::erase_if(s.queue, [&](const Intent& i) { return std::ranges::find(chosen, i.id, &Intent::id) != chosen.end(); });
  create(std::move(chosen));
}

void Machine::create(std::vector<Intent> intents) {
  if (intents.front().kind == Kind::Summary) return create_summary(std::move(intents));
  const auto verbatim = stands_alone(intents.front());
  // The low priorities of a merge come last, so that the model tells them last.
  std::ranges::stable_sort(intents, {}, [](const Intent& i) { return static_cast<int>(i.kind); });
  for (const auto& intent : intents) {
    if (intent.kind != Kind::Result) continue;
    for (const auto id : intent.jobs) {
      put_into_context(*job(id));
      decide(Decision::ToolInjected, tool(*job(id)).name, s.now - job(id)->ready, id);
    }
  }
  const auto task = task_of(intents);
  s.ask = {.slot = Ask::Slot::Creating, .id = AskId{++s.last_ask}, .intents = std::move(intents),
           .expected = verbatim ? s.ask.expected : std::string{}, .out_of_band = verbatim && (s.link.can.out_of_band || s.link.can.exact_speech), .since = s.now};
  if (verbatim) s.ask.expected = s.ask.intents.front().text;
  auto instructions = verbatim ? task : prompt() + (task.empty() ? "" : "\n\n" + task);
  if (!verbatim && task.empty()) instructions.clear();
  out.push_back(CreateResponse{s.link.epoch, s.ask.id, std::move(instructions), s.ask.out_of_band, !verbatim, true, s.ask.expected});
  arm(Wait::AskVerdict, VerdictWait);
  decide(Decision::AskSent, verbatim ? s.ask.expected : std::string{});
}

void Machine::create_summary(std::vector<Intent> intents) {
  auto task = intents.front().text;
  s.ask = {.slot = Ask::Slot::Creating, .id = AskId{++s.last_ask}, .intents = std::move(intents), .expected = {}, .out_of_band = true, .aloud = false, .since = s.now};
  out.push_back(CreateResponse{s.link.epoch, s.ask.id, std::move(task), true, false, false});
  arm(Wait::AskVerdict, VerdictWait);
  decide(Decision::AskSent);
  summary_asked();
}

// The create did not become a response: its intents are first in line again.
void Machine::refused(ErrorCode code) {
  drop(Wait::AskVerdict);
  auto ask = std::exchange(s.ask, {});
  if (ask.slot == Ask::Slot::Empty) return;
  decide(Decision::AskRefused, code == ErrorCode::ActiveResponse ? "another response is active" : "");
  if (code == ErrorCode::ActiveResponse) {
    give_back(std::move(ask.intents));
    return arm(Wait::AskHold, RefusedHold);
  }
  std::vector<Intent> again;
  auto tries = 0;
  for (auto& intent : ask.intents) {
    tries = ++intent.tries;
    if (intent.tries > 2) {
      told(intent, false, {}, {});
      settle(intent, "dropped");
    } else {
      again.push_back(std::move(intent));
    }
  }
  const auto gave_up = !ask.intents.empty() && again.empty();
  give_back(std::move(again));
  if (gave_up && ask.aloud) handle(ir::EventPattern::Kind::ProviderLost, 1, {}, Value::Record{});
  if (gave_up && !ask.aloud) abandon_summary();
  arm(Wait::AskHold, RefusedHold * (1 << std::min(tries, 4)));
}

void Machine::verdict_missing() { refused(ErrorCode::Other); }

auto Machine::can_be_cut(CutBy by) const -> bool {
  if (by == CutBy::End || by == CutBy::Stall) return true;
  const auto is_protected = [](const Intent& i) { return i.is_protected || i.kind == Kind::Farewell; };
  if (std::ranges::any_of(s.ask.intents, is_protected)) return false;
  if (s.voice.slot != Voice::Slot::Empty && std::ranges::any_of(s.voice.speech.intents, is_protected)) return false;
  if (std::ranges::any_of(s.tail, [&](const Speech& t) { return std::ranges::any_of(t.intents, is_protected); })) return false;
  // A function call that is half written is cut only by the caller.
  return s.voice.open_calls == 0 || by != CutBy::Policy;
}

// Silence first: it is what the caller is waiting for. What was heard is known when the flush is answered.
void Machine::cut(CutBy by) {
  if (!can_be_cut(by)) return;
  if (s.ask.slot == Ask::Slot::Creating && s.ask.aloud) {
    s.ask.slot = Ask::Slot::Doomed;
    std::vector<Intent> again;
    for (auto& intent : std::exchange(s.ask.intents, {})) {
      if (++intent.cuts > 2 || intent.kind == Kind::Ack) {
        told(intent, false, {}, {});
        settle(intent, "dropped");
      } else {
        again.push_back(std::move(intent));
      }
    }
    give_back(std::move(again));
  }
  if (!sounding()) return;
  if (s.caller.over == BargeIn::Paused || s.caller.over == BargeIn::Patience) s.caller.over = BargeIn::None;  // nothing is left to wait for
  for (auto& speech : std::exchange(s.tail, {})) s.cut.push_back(std::move(speech));
  s.flush = FlushId{++s.last_flush};
  out.push_back(FlushPlayout{s.flush});
  arm(Wait::FlushAnswers, FlushWait);
  watch_pauses(false);
  drop(Wait::TailEnds);
  if (s.voice.slot == Voice::Slot::Active && s.voice.speech.aloud) {
    drop(Wait::VoiceStill);
    s.cut.push_back(std::exchange(s.voice.speech, {}));
    s.voice.slot = Voice::Slot::Cancelling;
    if (s.link.can.cancels) out.push_back(CancelResponse{s.link.epoch, s.voice.response});
    arm(Wait::CancelEnds, CancelWait);
  } else if (s.voice.slot == Voice::Slot::Draining) {
    s.cut.push_back(std::exchange(s.voice.speech, {}));
    s.voice = {};
  }
}

}  // namespace flow::core
