#pragma once
// Small programs built by hand, for tests that are about the session and not about the compiler.

#include "compiler/ir/ir.h"

namespace flow::test {

using namespace std::chrono_literals;

inline auto text(std::string words) -> ir::Template {
  return {{.kind = ir::TemplatePart::Kind::Text, .text = std::move(words), .expr = {}, .then = {}, .otherwise = {}}};
}
inline auto words(std::string line, bool is_protected = false) -> ir::Line { return {ir::Line::Kind::Words, text(std::move(line)), is_protected}; }
inline auto hint(std::string line) -> ir::Line { return {ir::Line::Kind::Hint, text(std::move(line)), false}; }
inline auto say(std::string line) -> ir::Action {
  ir::Action action;
  action.line = words(std::move(line));
  return action;
}
inline auto silence(ir::Millis after) -> ir::EventPattern { return {.kind = ir::EventPattern::Kind::Silence, .after = after, .values = {}}; }

// One desk with one tool, `look` (it takes a `query`), under a policy that a test shapes.
struct Shop {
  ir::Program program;
  Id<ir::Agent> desk, other;
  Id<ir::Tool> look, write;
  Id<ir::Policy> policy;
  Id<ir::StateField> flag;

  Shop() {
    auto& p = program;
    p.name = "shop";
    const auto string = p.types.add({.kind = ir::Type::Kind::String});
    const auto boolean = p.types.add({.kind = ir::Type::Kind::Bool});
    const auto no = p.exprs.add({.op = ir::Expr::Op::Literal, .literal = false});
    flag = p.state.add({.name = "flag", .type = boolean, .initial = no});
    ir::Policy rules;
    rules.name = "background";
    rules.ack = words("One moment.");
    rules.ack_after = 400ms;
    rules.coalesce_window = 0ms;
    policy = p.policies.add(rules);
    ir::Tool tool;
    tool.name = "look";
    tool.doc = "Look something up.";
    tool.params.push_back({.name = "query", .type = string});
    tool.schema = R"({"type":"object"})";
    tool.result = string;
    tool.policy = policy;
    look = p.tools.add(tool);
    tool.name = "write";
    tool.effects = ir::Effects::WritesOnce;
    write = p.tools.add(tool);
    ir::Tool bye;
    bye.name = "end_call";
    bye.body = ir::Tool::Body::EndCall;
    bye.schema = R"({"type":"object"})";
    bye.policy = policy;
    const auto end = p.tools.add(bye);
    ir::Agent agent;
    agent.name = "desk";
    agent.voice = "marin";
    agent.instructions = text("Be brief.");
    agent.tools = {look, write, end};
    desk = p.agents.add(agent);
    agent.name = "other";
    agent.greet_first = words("Hello from the other one.");
    other = p.agents.add(agent);
    ir::Handoff edge;
    edge.from = desk;
    edge.target = {ir::Target::Kind::Agent, other};
    edge.trigger.when = "the caller wants the other one";
    edge.function = "handoff_other";
    edge.schema = R"({"type":"object"})";
    p.handoffs.add(edge);
    edge.from = other;
    edge.target = {ir::Target::Kind::Back, {}};
    edge.function = "handoff_back";
    p.handoffs.add(edge);
    p.start = desk;
  }

  // A way out of every agent by the key 0 and at the model's word; what follows if it fails is the test's.
  auto human(ir::Transfer::Mode mode = ir::Transfer::Mode::Cold) -> Id<ir::Transfer> {
    ir::Transfer to;
    to.name = "human";
    to.address = "+15550100";
    to.mode = mode;
    const auto id = program.transfers.add(to);
    ir::Handoff edge;
    edge.target = {ir::Target::Kind::Transfer, {}, id};
    edge.trigger.kind = ir::Trigger::Kind::Event;
    edge.trigger.on = {.kind = ir::EventPattern::Kind::Dtmf, .after = {}, .values = {"0"}};
    program.handoffs.add(edge);
    edge.trigger = {};
    edge.trigger.when = "the caller wants a person";
    edge.function = "handoff_human";
    edge.schema = R"({"type":"object"})";
    program.handoffs.add(edge);
    return id;
  }

  auto rules() -> ir::Policy& { return program.policies[policy]; }
  auto agent() -> ir::Agent& { return program.agents[desk]; }
};

}  // namespace flow::test
