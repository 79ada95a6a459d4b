// What handlers do, and which one answers an event: the agent's own before the program's, the highest count that fits.

#include <algorithm>

#include "compiler/ir/words.h"
#include "runtime/core/machine.h"

namespace flow::core {

void Machine::run_actions(const std::vector<ir::Action>& actions, const Value& locals) {
  using Kind = ir::Action::Kind;
  for (const auto& action : actions) {
    if (!in_call()) return;
    switch (action.kind) {
      case Kind::Say: intend_line(Intent::Kind::Line, *action.line, locals); break;
      case Kind::Ask: ask_field(action, locals); break;
      case Kind::Set: set_state(action.state, ir::evaluate(program, action.expr, scope(locals))); break;
      case Kind::Run: {
        Value::Record given;
        for (const auto& [name, expr] : action.args) given.emplace_back(name, ir::evaluate(program, expr, scope(locals)));
        const auto arguments = ir::complete_arguments(program, program.tools[action.tool].params, Value(std::move(given)));
        if (const auto* rule = arguments ? forbidden(action.tool, &*arguments) : nullptr) {
          held(*rule, program.tools[action.tool].name + " does not run");
        } else if (arguments) {
          start_job(action.tool, *arguments, {}, {});
        } else {
          decide(Decision::ToolRefused, program.tools[action.tool].name + ": " + arguments.error().text);
        }
        break;
      }
      case Kind::Handoff:
        if (failing_ && action.target.kind != ir::Target::Kind::Transfer && resolve(action.target) == s.agent) break;  // it has the call still
        if (!request_handoff(action.target, {}, Value::Record{})) decide(Decision::HandoffRefused, s.handoff ? "one is under way" : "it failed a moment ago");
        break;
      case Kind::EndCall: begin_end(action.line ? &*action.line : nullptr, locals); break;
      case Kind::If: run_actions(holds(action.expr) || ir::evaluate(program, action.expr, scope(locals)).truthy() ? action.then : action.otherwise, locals); break;
    }
  }
}

auto Machine::handle(ir::EventPattern::Kind kind, int count, const std::function<bool(const ir::EventPattern&)>& fits, const Value& locals, int at_least) -> bool {
  // An edge on the event moves the call; then there is nothing more to handle.
  if (hand_over_on(kind, count, fits, at_least)) return true;
  const ir::Handler* best = nullptr;
  for (const auto& handler : program.handlers) {
    const auto mine = !handler.agent || handler.agent == s.agent;
    if (handler.on.kind != kind || !mine || handler.on.count > count || handler.on.count < at_least || (fits && !fits(handler.on)) || (handler.guard && !holds(handler.guard))) continue;
    const auto rank = [](const ir::Handler& h) { return std::pair{bool(h.agent), h.on.count}; };
    if (!best || rank(handler) > rank(*best)) best = &handler;
  }
  if (!best) return false;
  const auto row = best - &program.handlers[Id<ir::Handler>{0}];
  decide(Decision::HandlerRan, std::string(ir::to_word(kind)) + " " + std::to_string(row + 1));
  run_actions(best->actions, locals);
  return true;
}

auto Machine::hand_over_on(ir::EventPattern::Kind kind, int count, const std::function<bool(const ir::EventPattern&)>& fits, int at_least) -> bool {
  for (std::uint32_t i = 0; i < program.handoffs.size(); ++i) {
    const Id<ir::Handoff> id{i};
    const auto& edge = program.handoffs[id];
    const auto& on = edge.trigger.on;
    if (edge.trigger.kind != ir::Trigger::Kind::Event || on.kind != kind || on.count > count || on.count < at_least || (fits && !fits(on)) || !edge_applies(edge)) continue;
    return request_handoff(edge.target, id, Value::Record{});
  }
  return false;
}

void Machine::set_state(Id<ir::StateField> field, Value value) {
  auto& slot = s.values.at(field.index);
  if (slot == value) return;
  slot = std::move(value);
  decide(Decision::StateSet, program.state[field].name);
  remember(field);
  if (live()) watch_guards();
}

// Nobody has spoken, and nothing is owed: from here silence is counted.
void Machine::watch_silence() {
  const auto quiet = live() && s.link.up() && !speaking() && !s.caller.speaking && !reply_owed() && !s.handoff && s.groups.empty() &&
                     std::ranges::none_of(s.queue, [](const Intent& i) { return i.kind != Intent::Kind::Result; });
  if (!quiet) {
    s.quiet = false;
    return drop(Wait::Silence);
  }
  const auto begins = !s.quiet;
  if (begins) {
    s.quiet = true;
    s.quiet_since = s.now;
    for (const auto& j : s.jobs) drop(Wait::Grace, j.id.n);
  }
  for (const auto& j : s.jobs) {
    if (j.stage != Job::Stage::Ready || j.deliver != ir::Policy::Deliver::WhenIdle || s.timers.armed(Wait::Grace, j.id.n)) continue;
    const auto due = s.quiet_since + policy(j).grace;
    // Results were weighed before this quiet was known, so a grace of nothing is waited for, once. What keeps a result
    // back beyond its grace ends with an event of its own.
    if (due > s.now || begins) s.timers.arm(Wait::Grace, j.id.n, due, out);
  }
  if (s.timers.armed(Wait::Silence)) return;
  std::optional<Millis> next;
  const auto passed = s.now - s.quiet_since;
  const auto waits_for = [&](const ir::EventPattern& on) {
    if (on.kind == ir::EventPattern::Kind::Silence && on.after > passed && (!next || on.after < *next)) next = on.after;
  };
  for (const auto& handler : program.handlers) {
    if (!handler.agent || handler.agent == s.agent) waits_for(handler.on);
  }
  for (const auto& edge : program.handoffs) {
    if (edge.trigger.kind == ir::Trigger::Kind::Event && edge_applies(edge)) waits_for(edge.trigger.on);
  }
  if (next) s.timers.arm(Wait::Silence, 0, s.quiet_since + *next, out);
}

void Machine::silence_fell() {
  const auto passed = s.now - s.quiet_since;
  ++s.silences;
  handle(ir::EventPattern::Kind::Silence, s.silences, [&](const ir::EventPattern& on) { return on.after == passed; }, Value::Record{});
}

}  // namespace flow::core
