// Which rules of the flow forbid something now. What they forbid is not offered to the model; what is asked for anyway
// does not happen, and the journal says so. A rule counts what it sees here, from the first ring on.

#include <algorithm>

#include "runtime/core/machine.h"

namespace flow::core {
namespace {

using Deed = ir::Deed;
using Rule = ir::Rule;

// Whether it cannot be told before the tool is called.
auto asks_arguments(const ir::Program& program, Id<ir::Expr> id) -> bool {
  const auto& expr = program.exprs[id];
  return expr.op == ir::Expr::Op::Local || std::ranges::any_of(expr.args, [&](Id<ir::Expr> arg) { return asks_arguments(program, arg); });
}

}  // namespace

// `arguments`: what the tool is called with; null while it is not called yet.
auto Machine::forbids(const Rule& rule, const RuleState& so_far, const Value* arguments) const -> bool {
  switch (rule.kind) {
    case Rule::Kind::Unless:
      if (!arguments && asks_arguments(program, rule.unless)) return false;
      return !ir::evaluate(program, rule.unless, arguments ? scope(*arguments) : scope(Value::Record{})).truthy();
    case Rule::Kind::Before: return !so_far.happened;
    case Rule::Kind::AtMost: return so_far.times >= rule.most;
    case Rule::Kind::Reaches: return false;
  }
  return false;
}

auto Machine::forbidden(const std::function<bool(const Deed&)>& is, const Value* arguments) const -> const Rule* {
  for (std::uint32_t i = 0; i < program.rules.size(); ++i) {
    const auto& rule = program.rules[Id<Rule>{i}];
    if (is(rule.what) && forbids(rule, s.rules[i], arguments)) return &rule;
  }
  return nullptr;
}

auto Machine::forbidden(Id<ir::Tool> tool, const Value* arguments) const -> const Rule* {
  return forbidden([&](const Deed& deed) { return deed.kind == Deed::Kind::Tool && deed.tool == tool; }, arguments);
}

auto Machine::forbidden(const ir::Target& target) const -> const Rule* {
  return forbidden([&](const Deed& deed) { return enters(deed, target); }, nullptr);
}

auto Machine::enters(const Deed& deed, const ir::Target& target) const -> bool {
  if (deed.kind != Deed::Kind::Enter) return false;
  const auto to_agent = [](const ir::Target& t) { return t.kind == ir::Target::Kind::Agent || t.kind == ir::Target::Kind::Back; };
  if (to_agent(deed.target) && to_agent(target)) return resolve(target) == deed.target.agent;
  return deed.target == target;
}

// What the model, who asked for it, is told.
auto Machine::refusal(const Rule& rule) -> std::string {
  return "Not possible now, by a rule of this call: " + rule.text + "." + (rule.doc.empty() ? "" : " " + rule.doc);
}

void Machine::held(const Rule& rule, const std::string& what) { decide(Decision::RuleHeld, rule.declaration + ": " + what + " (" + rule.text + ")"); }

// ── What rules count ──

void Machine::happens(const std::function<bool(const Deed&)>& is, bool counts, bool fulfils) {
  for (std::uint32_t i = 0; i < program.rules.size(); ++i) {
    const auto& rule = program.rules[Id<Rule>{i}];
    if (counts && rule.kind == Rule::Kind::AtMost && is(rule.what)) ++s.rules[i].times;
    if (fulfils && rule.kind == Rule::Kind::Before && is(*rule.first)) s.rules[i].happened = true;
  }
}

void Machine::tool_started(Id<ir::Tool> tool) {
  happens([&](const Deed& deed) { return deed.kind == Deed::Kind::Tool && deed.tool == tool; }, true, false);
}

void Machine::tool_succeeded(Id<ir::Tool> tool) {
  happens([&](const Deed& deed) { return deed.kind == Deed::Kind::Tool && deed.tool == tool; }, false, true);
}

void Machine::came_to(const ir::Target& target) {
  happens([&](const Deed& deed) { return enters(deed, target); }, true, true);
}

void Machine::line_heard(const std::string& words) {
  happens([&](const Deed& deed) { return deed.kind == Deed::Kind::Heard && words.find(deed.words) != std::string::npos; }, false, true);
}

// Says which rules keep something from the model that it would be offered, once each time one begins to.
void Machine::announce_rules() {
  for (std::uint32_t i = 0; i < program.rules.size(); ++i) {
    const auto& rule = program.rules[Id<Rule>{i}];
    std::string what;
    for (const auto id : program.agents[s.agent].tools) {
      const auto mine = rule.what.kind == Deed::Kind::Tool && rule.what.tool == id;
      if (mine && offered(program.tools[id])) what = program.tools[id].name;
    }
    for (const auto& edge : program.handoffs) {
      const auto mine = edge.trigger.kind == ir::Trigger::Kind::Model && edge_applies(edge) && enters(rule.what, edge.target);
      if (mine) what = edge.function;
    }
    const auto withholds = !what.empty() && forbids(rule, s.rules[i], nullptr);
    if (withholds && !s.rules[i].withholds) held(rule, what + " is not offered");
    s.rules[i].withholds = withholds;
  }
}

}  // namespace flow::core
