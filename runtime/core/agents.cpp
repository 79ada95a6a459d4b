// Who has the call, and how it moves on. A handoff is: answer all calls, stop or finish speech, configure, await the
// acknowledgement, one create. No step waits without a timer.

#include <algorithm>

#include "runtime/core/machine.h"

namespace flow::core {
namespace {

constexpr Millis StallMax{20'000};
constexpr std::size_t BackMax = 32;
constexpr int TurnsForSummary = 6;

}  // namespace

// Takes the call: locals, timers and guards are the new agent's.
void Machine::enter(Id<ir::Agent> agent) {
  for (std::uint32_t i = 0; i < program.handoffs.size(); ++i) drop(Wait::HandoffEdge, i);
  s.agent = agent;
  came_to({.kind = ir::Target::Kind::Agent, .agent = agent});
  enter_forms();
  decide(Decision::AgentActive, program.agents[agent].name);
  for (std::uint32_t i = 0; i < program.handoffs.size(); ++i) {
    const auto& edge = program.handoffs[Id<ir::Handoff>{i}];
    if (edge.trigger.kind == ir::Trigger::Kind::After && (!edge.from || edge.from == agent)) arm(Wait::HandoffEdge, edge.trigger.after, i);
  }
  forget_guards();
}

auto Machine::resolve(const ir::Target& target) const -> Id<ir::Agent> {
  if (target.kind == ir::Target::Kind::Agent) return target.agent;
  return s.came_from.empty() ? program.start : s.came_from.back();
}

auto Machine::edge_applies(const ir::Handoff& edge) const -> bool {
  if (edge.from && edge.from != s.agent) return false;
  if (!edge.from && edge.target.kind != ir::Target::Kind::Transfer && resolve(edge.target) == s.agent) return false;
  return !edge.guard || edge.trigger.kind == ir::Trigger::Kind::Becomes || holds(edge.guard);
}

auto Machine::request_handoff(const ir::Target& target, Id<ir::Handoff> edge, Value carry) -> bool {
  if (s.handoff || !live()) return false;
  const auto leaves = target.kind == ir::Target::Kind::Transfer;
  if (leaves && std::ranges::find(s.tried, target.transfer) != s.tried.end()) return false;
  if (const auto* rule = forbidden(target)) {
    held(*rule, "no handoff to " + (leaves ? program.transfers[target.transfer].name : program.agents[resolve(target)].name));
    return false;
  }
  s.handoff = PendingHandoff{.target = target, .edge = edge, .carry = std::move(carry)};
  if (edge) s.handoff->switch_when = program.handoffs[edge].switch_when;
  arm(Wait::HandoffStalls, StallMax);
  decide(leaves ? Decision::TransferStarted : Decision::HandoffStarted, leaves ? leaving()->name : program.agents[resolve(target)].name);
  // Whoever waits for an interim word waits for the new agent now.
  drop_intents([](const Intent& i) { return i.kind == Intent::Kind::Ack; }, "dropped");
  return true;
}

// An interim word that was asked for and does not sound yet: the call moves on, and nobody needs it any more.
auto Machine::only_begins_an_ack() const -> bool {
  const auto are_acks = [](const std::vector<Intent>& intents) { return !intents.empty() && std::ranges::all_of(intents, [](const Intent& i) { return i.kind == Intent::Kind::Ack; }); };
  if (!s.tail.empty() || s.flush) return false;
  if (s.ask.slot == Ask::Slot::Creating) return s.voice.slot == Voice::Slot::Empty && are_acks(s.ask.intents);
  const auto& speech = s.voice.speech;
  return s.voice.slot == Voice::Slot::Active && are_acks(speech.intents) && std::ranges::all_of(speech.items, [](const Spoken& item) { return item.length() == Samples{}; });
}

void Machine::advance_handoff() {
  if (!s.handoff || !live()) return;
  // A way out needs no service, once there was one to say so with.
  const auto alone = leaving() && (s.link.was_up || !s.gone_code.empty());
  if (!s.link.up() && !alone) return;
  using Stage = PendingHandoff::Stage;
  auto& h = *s.handoff;
  if (h.stage == Stage::Calls) {
    // Batched calls run under the old agent and are answered before it goes.
    for (auto& j : s.jobs) {
      if (!j.running()) continue;
      const auto rule = policy(j).on_handoff;
      if (rule == ir::Policy::OnHandoff::Cancel) {
        stop(j, Job::Stage::Cancelled, "the call moved on");
      } else if (rule == ir::Policy::OnHandoff::Await && !h.now) {
        return;
      }
    }
    const auto writing = std::ranges::any_of(s.groups, [](const Group& g) { return !g.closed; });
    if (writing && !h.now) return;
    for (const auto& group : std::vector(s.groups)) acks_due(group.id);
    free_form_calls();
    for (auto& j : s.jobs) {  // a blocking call goes on in the background
      if (j.answer != Job::Answer::Open) continue;
      auto* group = find_group(j.group);
      j.answer = Job::Answer::Ack;
      if (group) answer(*group, j.call, to_json(Value::Record{{"status", "running"}, {"number", std::int64_t{j.id.n}}}));
    }
    finish_groups();
    if (leaving() && !s.transfers) return transfer_failed("this channel cannot give a call away");
    h.stage = Stage::Speech;
  }
  if (h.stage == Stage::Speech) {
    if (speaking() && !s.caller.speaking) {
      const auto may_cut = h.now || h.switch_when == ir::Switch::Interrupt || (h.switch_when == ir::Switch::AtPause && s.at_pause) || only_begins_an_ack();
      if (may_cut && !s.flush) cut(h.now ? CutBy::Stall : CutBy::Handoff);
      if (speaking()) return;
    }
    h.stage = Stage::Line;
    const auto& own = h.edge ? program.handoffs[h.edge].say : std::optional<ir::Line>{};
    const auto& line = own || !leaving() ? own : leaving()->say;
    if (line && !s.caller.speaking && s.link.up()) intend_line(Intent::Kind::HandoffLine, *line, h.carry);
    if (!h.now) ask_summary_if_wanted();
  }
  if (h.stage == Stage::Line) {
    if (h.now) abandon_summary();
    if (s.caller.speaking || h.now || !s.link.up()) drop_intents([](const Intent& i) { return i.kind == Intent::Kind::HandoffLine; }, "dropped");
    const auto told = !has_intent(Intent::Kind::HandoffLine) && !speaking();
    if (summarising() || (!told && !s.caller.speaking && !h.now)) return;
    if (leaving()) return order_transfer();
    if (s.link.awaiting_configured) return;
    switch_agent();
  }
}

void Machine::ask_summary_if_wanted() {
  const auto& h = *s.handoff;
  if (const auto* to = leaving()) {
    const auto worded = to->brief && to->brief->kind == ir::Line::Kind::Words;
    if (to->mode != ir::Transfer::Mode::Warm || worded) return;
    auto task = std::string{"A colleague takes this call over and is told about it first. Write what they hear: who calls, what for, what is done and what is open, in two short sentences."};
    return ask_summary(to->brief ? task + " " + ir::render(program, to->brief->text, scope(h.carry)) : task);
  }
  if (!h.edge || program.handoffs[h.edge].history != ir::History::Summary) return;
  ask_summary("Another agent takes this call over and will not see the talk. Write for them what they must know: who the caller is, what they want, what was found and done, what is open. Facts only, five short sentences at most.");
}

void Machine::switch_agent() {
  auto& h = *s.handoff;
  const auto from = s.agent;
  const auto to = resolve(h.target);
  if (h.target.kind == ir::Target::Kind::Back) {
    if (!s.came_from.empty()) s.came_from.pop_back();
  } else {
    s.came_from.push_back(from);
    if (s.came_from.size() > BackMax) s.came_from.erase(s.came_from.begin());
  }
  if (std::ranges::find(s.visited, from) == s.visited.end()) s.visited.push_back(from);
  s.locals = h.carry;
  forget_history();
  enter(to);
  h.stage = PendingHandoff::Stage::Configuring;
  if (connection() == s.link.realtime) return configure();
  // An agent with a connection of its own: what was said goes along, as after a loss.
  out.push_back(CloseLink{s.link.epoch});
  lose_link();
  open_link(Millis{0});
}

// The service knows the new agent: it answers the turn that is open, or greets.
void Machine::arrived() {
  const auto returning = std::ranges::find(s.visited, s.agent) != s.visited.end();
  drop(Wait::HandoffStalls);
  s.handoff.reset();
  decide(Decision::HandoffDone, program.agents[s.agent].name);
  if (s.caller.speaking || has_intent(Intent::Kind::Reply) || s.caller.judged) return;
  greet(returning);
  if (!has_intent(Intent::Kind::Greeting) && !has_intent(Intent::Kind::ToolReply)) {
    intend(Intent::Kind::Reply, "You have just taken over this call. Go on from what was said.");
  }
}

void Machine::greet(bool returning) {
  const auto& agent = program.agents[s.agent];
  const auto& line = returning && agent.greet_return ? agent.greet_return : returning ? std::optional<ir::Line>{} : agent.greet_first;
  if (line && !s.caller.speaking && !reply_owed()) intend_line(Intent::Kind::Greeting, *line, s.locals);
}

// `history last N`, `summary` and `none`: older messages leave the conversation; the last turn of the caller always goes
// along. Without the summary that was asked for, its last turns stand for it.
void Machine::forget_history() {
  const auto& h = *s.handoff;
  if (!h.edge) return;
  const auto& edge = program.handoffs[h.edge];
  if (edge.history == ir::History::Full) return;
  const auto stands_for_summary = edge.history == ir::History::Summary && !h.summary;
  const auto turns = stands_for_summary ? TurnsForSummary : edge.history == ir::History::Last ? std::max(1, edge.history_turns) : 1;
  auto keep = s.history.size();
  for (int seen = 0; keep > 0 && seen < turns;) {
    if (s.history[--keep].kind == Entry::Kind::Caller) ++seen;
  }
  for (std::size_t i = 0; i < keep; ++i) {
    const auto& entry = s.history[i];
    if (entry.epoch == s.link.epoch && entry.item && s.link.can.client_items) out.push_back(DeleteItem{s.link.epoch, entry.item});
  }
  s.history.erase(s.history.begin(), s.history.begin() + static_cast<std::ptrdiff_t>(keep));
  if (h.summary) message(Role::System, "What was said before, in short: " + *h.summary, Entry::Kind::Note);
}

// What holds now does not fire again: a lone `if` fires when it becomes true.
void Machine::forget_guards() {
  for (std::uint32_t i = 0; i < program.handoffs.size(); ++i) {
    const auto& edge = program.handoffs[Id<ir::Handoff>{i}];
    if (edge.trigger.kind == ir::Trigger::Kind::Becomes) s.edge_held[i] = holds(edge.guard);
  }
}

void Machine::watch_guards() {
  for (std::uint32_t i = 0; i < program.handoffs.size(); ++i) {
    const Id<ir::Handoff> id{i};
    const auto& edge = program.handoffs[id];
    if (edge.trigger.kind != ir::Trigger::Kind::Becomes) continue;
    const bool held = s.edge_held[i];
    s.edge_held[i] = holds(edge.guard);
    if (!held && s.edge_held[i] && edge_applies(edge)) request_handoff(edge.target, id, Value::Record{});
  }
}

void Machine::edge_timer(std::uint32_t index) {
  const Id<ir::Handoff> id{index};
  const auto& edge = program.handoffs[id];
  if (edge_applies(edge)) request_handoff(edge.target, id, Value::Record{});
}

}  // namespace flow::core
