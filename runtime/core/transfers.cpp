// How a call leaves: somebody outside is to have it. Nothing is dialled here: the channel is told to, and says how far
// it has come.
//
// It begins as a handoff does (agents.cpp): calls are answered, speech ends, the line is heard to its end. Then the
// caller waits, and nothing is said to them, until the channel has an answer or the deadline passes. A transfer needs no
// service: one that is lost takes the line and the summary with it, and not the way out.

#include <algorithm>

#include "compiler/ir/words.h"
#include "runtime/core/machine.h"

namespace flow::core {
namespace {

// A warm transfer's person listens to the briefing before they take the caller.
constexpr Millis BriefingMax{60'000};
// An announcement of an answering machine is hardly longer.
constexpr Millis BeepMax{30'000};

}  // namespace

auto Machine::leaving() const -> const ir::Transfer* {
  return s.handoff && s.handoff->target.kind == ir::Target::Kind::Transfer ? &program.transfers[s.handoff->target.transfer] : nullptr;
}

void Machine::order_transfer() {
  drop(Wait::HandoffStalls);
  auto& h = *s.handoff;
  h.stage = PendingHandoff::Stage::Ordered;
  h.transfer = TransferId{++s.last_transfer};
  h.ordered_at = s.now;
  arm(Wait::TransferAnswers, leaving()->timeout);
  out.push_back(TransferCall{h.transfer, h.target.transfer, briefing()});
  decide(Decision::TransferOrdered, leaving()->name);
}

// What the person of a warm transfer is told: the flow's words, the model's summary, or else what is known without it.
auto Machine::briefing() const -> std::string {
  const auto& h = *s.handoff;
  const auto& to = *leaving();
  if (to.mode != ir::Transfer::Mode::Warm) return {};
  if (to.brief && to.brief->kind == ir::Line::Kind::Words) return ir::render(program, to.brief->text, scope(h.carry));
  if (h.summary) return *h.summary;
  std::string text = "A caller";
  const auto* from = s.call.field("from");
  if (from && from->text() && !from->text()->empty()) text += " from " + *from->text();
  text += ", so far with " + program.agents[s.agent].name + ".";
  if (const auto* carried = h.carry.record()) {
    for (const auto& [name, value] : *carried) text += " " + name + ": " + (value.text() ? *value.text() : to_json(value)) + ".";
  }
  const auto said = [](const Entry& e) { return e.kind == Entry::Kind::Caller && !e.text.empty(); };
  const auto last = std::find_if(s.history.rbegin(), s.history.rend(), said);
  if (last != s.history.rend()) text += " Their last words: \"" + last->text + "\"";
  return text;
}

void Machine::on(const TransferMoved& e) {
  if (!leaving() || s.handoff->stage != PendingHandoff::Stage::Ordered || e.transfer != s.handoff->transfer) return;
  const auto waited = s.now - s.handoff->ordered_at;
  switch (e.stage) {
    case TransferStage::Ringing: return decide(Decision::TransferRinging, leaving()->name, waited);
    case TransferStage::Answered:
      if (leaving()->mode == ir::Transfer::Mode::Warm) arm(Wait::TransferAnswers, BriefingMax);
      return decide(Decision::TransferAnswered, leaving()->name, waited);
    case TransferStage::Connected: return connected();
    case TransferStage::Failed: return transfer_failed(e.text.empty() ? "no answer" : e.text);
    case TransferStage::Unsupported: return transfer_failed("this channel cannot give a call away");
  }
}

// The caller is somebody else's. Tools go on as after a hang-up; the handlers of the end have their turn, unheard.
void Machine::connected() {
  s.went_to = leaving()->name;
  decide(Decision::TransferDone, s.went_to, s.now - s.handoff->ordered_at);
  s.handoff.reset();
  s.phase = Session::State::Phase::Ending;
  handle(ir::EventPattern::Kind::CallEnd, 1, {}, Value::Record{});
  caller_gone("the caller was put through");
}

void Machine::transfer_timed_out() {
  if (!leaving()) return;
  out.push_back(AbandonTransfer{s.handoff->transfer});
  transfer_failed("no answer");
}

// The caller is still here: the flow says what follows, and the model is told. A transfer that failed is not tried again
// before the caller has said something, so that two that lead to each other come to an end.
void Machine::transfer_failed(const std::string& why) {
  const auto& to = *leaving();
  auto h = *std::exchange(s.handoff, std::nullopt);
  drop(Wait::HandoffStalls);
  drop(Wait::TransferAnswers);
  abandon_summary();
  s.tried.push_back(h.target.transfer);
  decide(Decision::TransferFailed, to.name + ": " + why, h.transfer ? s.now - h.ordered_at : Millis{0});
  message(Role::System, "The caller could not be put through to " + to.name + " (" + why + "). They are still here with you.", Entry::Kind::Note);
  const auto said = s.last_intent;
  failing_ = true;
  run_actions(to.fails.actions, h.carry);
  failing_ = false;
  if (s.handoff || !live()) return;
  if (!s.gone_code.empty()) return end_with_error(s.gone_code, s.gone_text);
  if (s.last_intent != said) return;
  const auto waiting = std::ranges::find(s.queue, Intent::Kind::Reply, &Intent::kind);
  auto& reply = waiting == s.queue.end() ? intend(Intent::Kind::Reply) : *waiting;
  reply.text = "Nobody could be reached. Tell the caller so in one short sentence, and go on helping.";
}

// Whatever way the call was to take, it takes none: it ends.
void Machine::forget_handoff() {
  if (leaving() && s.handoff->stage == PendingHandoff::Stage::Ordered) {
    out.push_back(AbandonTransfer{s.handoff->transfer});
    decide(Decision::TransferFailed, leaving()->name + ": the call ended first", s.now - s.handoff->ordered_at);
  }
  drop(Wait::HandoffStalls);
  drop(Wait::TransferAnswers);
  abandon_summary();
  s.handoff.reset();
}

// ── Nobody but a machine ─────────────────────────────────────────────────────────────────────────────────────

// A flow that says nothing of answering machines goes on as if a person had answered: a channel may be mistaken.
void Machine::on(const MachineAnswered& e) {
  if (!live()) return;
  const auto mine = [&](const ir::Handler& h) { return h.on.kind == ir::EventPattern::Kind::Voicemail && (!h.agent || h.agent == s.agent); };
  const auto leads = [&](const ir::Handoff& h) { return h.trigger.kind == ir::Trigger::Kind::Event && h.trigger.on.kind == ir::EventPattern::Kind::Voicemail && edge_applies(h); };
  if (s.caller.is_machine) return e.beeped && s.timers.armed(Wait::MachineBeeps) ? machine_listens() : void();
  decide(Decision::VoicemailReached);
  if (std::ranges::none_of(program.handlers, mine) && std::ranges::none_of(program.handoffs, leads)) return;
  s.caller.is_machine = true;
  drop_intents([](const Intent& i) { return i.kind != Intent::Kind::HandoffLine && i.kind != Intent::Kind::Result; }, "dropped: a machine answered");
  cut(CutBy::Typed);
  if (e.beeped) return machine_listens();
  arm(Wait::MachineBeeps, BeepMax);
}

// It records, or has said nothing for so long that it must.
void Machine::machine_listens() {
  drop(Wait::MachineBeeps);
  handle(ir::EventPattern::Kind::Voicemail, 1, {}, Value::Record{});
}

}  // namespace flow::core
