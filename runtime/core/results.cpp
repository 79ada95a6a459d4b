// When a late result is told: the gate of its policy, read whenever something has happened.

#include <algorithm>

#include "runtime/core/gate.h"
#include "runtime/core/machine.h"

namespace flow::core {
namespace {

using Kind = Intent::Kind;

// A result does not cut what is itself being delivered: two ready results would else interrupt each other for ever.
auto tells_something(const Intent& i) -> bool { return i.kind == Kind::Result || i.kind == Kind::Farewell || i.kind == Kind::HandoffLine || i.is_protected; }

}  // namespace

void Machine::result_ready(Job& j) {
  const auto& rules = policy(j);
  j.stage = Job::Stage::Ready;
  if (rules.supersedes) {
    for (auto& other : s.jobs) {
      if (other.id == j.id || other.tool != j.tool || other.stage != Job::Stage::Ready) continue;
      const auto differs = [&](const std::string& arg) {
        const auto *a = other.arguments.field(arg), *b = j.arguments.field(arg);
        return !(a && b && *a == *b);
      };
      if (std::ranges::any_of(rules.supersedes_by, differs)) continue;
      stop(other, Job::Stage::Skipped, "a newer result is there");
    }
  }
  const auto others_run = std::ranges::any_of(s.jobs, [&](const Job& o) { return o.id != j.id && o.running(); });
  if (others_run && rules.coalesce_window > Millis{0}) arm(Wait::Coalesce, rules.coalesce_window, j.id.n);
  arm(Wait::ResultExpires, rules.expires, j.id.n);
  if (rules.escalate_to) arm(Wait::ResultEscalates, rules.escalate_after, j.id.n);
  if (rules.while_caller_speaks == ir::Policy::CallerSpeaks::Override) j.overriding = true;
  if (rules.while_caller_speaks == ir::Policy::CallerSpeaks::OverrideAfter) arm(Wait::ResultOverrides, rules.override_after, j.id.n);
  intend(Kind::Result).jobs = {j.id};
}

// Results that become ready at about the same time are told together: one waits a moment for the others, but only
// while there are others.
auto Machine::coalescing(const Job& j) const -> bool {
  if (!s.timers.armed(Wait::Coalesce, j.id.n)) return false;
  const auto ready = std::ranges::count_if(s.jobs, [](const Job& o) { return o.stage == Job::Stage::Ready; });
  const auto others_run = std::ranges::any_of(s.jobs, [](const Job& o) { return o.running(); });
  return others_run && ready < policy(j).coalesce_max;
}

void Machine::weigh_results() {
  auto wants_pause = s.handoff && s.handoff->stage == PendingHandoff::Stage::Speech && s.handoff->switch_when == ir::Switch::AtPause;
  std::vector<std::pair<int, JobId>> ready;
  const auto waits = [&](const Job& j) {  // else it is being told already
    return std::ranges::any_of(s.queue, [&](const Intent& i) { return i.kind == Kind::Result && i.jobs.front() == j.id; });
  };
  for (const auto& j : s.jobs) {
    if (j.stage == Job::Stage::Ready && waits(j)) ready.emplace_back(-static_cast<int>(policy(j).priority), j.id);
  }
  std::ranges::stable_sort(ready, {}, [](const auto& r) { return r.first; });
  for (const auto& [_, id] : ready) {
    if (auto* j = job(id)) weigh(*j);
  }
  for (const auto& [_, id] : ready) {
    const auto* j = job(id);
    if (j && j->stage == Job::Stage::Ready && j->deliver == ir::Policy::Deliver::AtPause && speaking()) wants_pause = true;
    if (j && j->stage == Job::Stage::Ready && j->deliver == ir::Policy::Deliver::Interrupt && !s.link.can.cancels && speaking()) wants_pause = true;
  }
  const auto sounding = s.voice.slot == Voice::Slot::Active || s.voice.slot == Voice::Slot::Draining;
  watch_pauses(wants_pause && sounding);
}

void Machine::weigh(Job& j) {
  j.may_tell = false;
  j.with_reply = false;
  if (coalescing(j)) return;
  Situation now;
  const auto caller_has_floor = s.caller.speaking || reply_owed();
  now.floor = caller_has_floor ? Floor::Caller : speaking() || s.handoff || !s.link.up() ? Floor::Agent : Floor::Nobody;
  const auto telling = std::ranges::any_of(s.voice.speech.intents, tells_something) || std::ranges::any_of(s.ask.intents, tells_something);
  now.held = bool(s.handoff) || !s.link.up() || !can_be_cut(CutBy::Policy) || (telling && speaking());
  now.can_cut = s.link.can.cancels;
  now.overrides = j.overriding && s.caller.speaking;
  switch (gate(j.deliver, now)) {
    case Verdict::Hold: return;
    case Verdict::ShareReply:
      j.may_tell = true;
      j.with_reply = true;
      return;
    case Verdict::TellNow: j.may_tell = true; return;
    case Verdict::TellAfterGrace: j.may_tell = quiet_for(policy(j).grace); return;
    case Verdict::CutAndTell:
      if (!s.flush && s.voice.slot != Voice::Slot::Cancelling && s.ask.slot != Ask::Slot::Doomed) cut(CutBy::Policy);
      j.may_tell = true;  // as soon as the mouth is free
      return;
    case Verdict::CutAtPause:
      if (s.at_pause) {
        cut(CutBy::Policy);
        j.may_tell = true;
      }
      return;
    case Verdict::ContextNow: break;
    case Verdict::ContextLater:
      if (s.ask.slot != Ask::Slot::Empty || s.voice.slot == Voice::Slot::Active || s.voice.slot == Voice::Slot::Cancelling || !s.link.up() || s.handoff) return;
      break;
    case Verdict::Skip: {
      const auto id = j.id;
      drop_intents([&](const Intent& i) { return i.kind == Kind::Result && i.jobs.front() == id; }, "dropped");
      return end(*job(id), Job::Stage::Skipped, "somebody spoke");
    }
  }
  if (!s.link.up()) return;
  put_into_context(j);
  if (j.deliver == ir::Policy::Deliver::Silent) {
    const auto id = j.id;
    drop_intents([&](const Intent& i) { return i.kind == Kind::Result && i.jobs.front() == id; }, "heard");
    return end(*job(id), Job::Stage::Delivered);
  }
  j.may_tell = true;
  j.with_reply = true;
}

auto Machine::quiet_for(Millis grace) const -> bool { return s.quiet && s.now - s.quiet_since >= grace; }

void Machine::put_into_context(Job& j) {
  if (j.in_context) return;
  j.in_context = true;
  message(Role::System, result_item(j), Entry::Kind::Note);
}

void Machine::escalate(JobId id) {
  auto* j = job(id);
  if (!j || j->stage != Job::Stage::Ready || !policy(*j).escalate_to) return;
  j->deliver = *policy(*j).escalate_to;
}

void Machine::expire(JobId id) {
  auto* j = job(id);
  if (!j || j->stage != Job::Stage::Ready) return;
  drop_intents([&](const Intent& i) { return i.kind == Kind::Result && i.jobs.front() == id; }, "expired");
  const auto& actions = policy(*j).expires_else.actions;
  end(*j, Job::Stage::Expired);
  run_actions(actions, Value::Record{});
}

// The sound of what told a result is over. It is delivered when the response was finished and enough of it was heard;
// else the policy decides, a bounded number of times.
void Machine::told(const Intent& intent, bool completed, Samples heard, Samples total) {
  for (const auto id : intent.jobs) {
    auto* j = job(id);
    if (!j || j->settled() || intent.kind == Kind::Ack) continue;
    const auto& rules = policy(*j);
    const auto enough = total > Samples{} && heard.count * 100 >= total.count * rules.heard_percent;
    if (completed && enough) {
      end(*j, Job::Stage::Delivered);
      continue;
    }
    if (!in_call()) continue;  // the end of the call settles it
    decide(Decision::ToolInterrupted, tool(*j).name, to_ms(heard), id);
    using If = ir::Policy::IfInterrupted;
    const auto retry = rules.if_interrupted == If::Retry && ++j->interruptions <= rules.interrupted_retries;
    const auto offer = rules.if_interrupted == If::Offer || (rules.if_interrupted == If::Retry && rules.interrupted_then == ir::Policy::Late::Offer);
    if (retry) {
      j->stage = Job::Stage::Ready;
      if (j->answer == Job::Answer::Real) j->in_context = true;  // its call's answer has it
      if (!s.timers.armed(Wait::ResultExpires, id.n)) arm(Wait::ResultExpires, rules.expires, id.n);
      intend(Kind::Result).jobs = {id};
    } else if (offer) {
      end(*j, Job::Stage::Kept, "offered");
      intend(Kind::Offer, tool(*job(id)).name).jobs = {id};
    } else {
      end(*j, Job::Stage::Skipped, "interrupted");
    }
  }
}

}  // namespace flow::core
