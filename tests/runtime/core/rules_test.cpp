// Rules: what they forbid is not offered, is refused when asked for anyway, and does not happen by itself.

#include <algorithm>

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

namespace {

auto tool_deed(Id<ir::Tool> tool) -> ir::Deed { return {.kind = ir::Deed::Kind::Tool, .tool = tool, .target = {}, .words = {}}; }
auto agent_deed(Id<ir::Agent> agent) -> ir::Deed { return {.kind = ir::Deed::Kind::Enter, .tool = {}, .target = {ir::Target::Kind::Agent, agent}, .words = {}}; }

// The shop with a rule about its lookup.
struct Ruled {
  Shop shop;
  ir::Rule rule;

  explicit Ruled(ir::Rule::Kind kind) {
    rule.declaration = "house_rule";
    rule.text = "never look unless flag";
    rule.doc = "Only callers who are known may ask.";
    rule.kind = kind;
    rule.what = tool_deed(shop.look);
    if (kind == ir::Rule::Kind::Unless) rule.unless = shop.program.exprs.add({.op = ir::Expr::Op::State, .state = shop.flag});
    if (kind == ir::Rule::Kind::AtMost) rule.most = 2;
  }
  auto program() -> const ir::Program& {
    shop.program.rules.add(rule);
    return shop.program;
  }
  // A key that sets the flag, or that runs the lookup without the model.
  void on_key(const char* key, ir::Action action) {
    ir::Handler handler;
    handler.on = {.kind = ir::EventPattern::Kind::Dtmf, .after = {}, .values = {key}};
    handler.actions.push_back(std::move(action));
    shop.program.handlers.add(std::move(handler));
  }
  auto set_flag() -> ir::Action {
    const auto yes = shop.program.exprs.add({.op = ir::Expr::Op::Literal, .literal = true});
    return {.kind = ir::Action::Kind::Set, .line = {}, .state = shop.flag, .expr = yes};
  }
  auto run_lookup() -> ir::Action {
    ir::Action action{.kind = ir::Action::Kind::Run, .line = {}, .tool = shop.look};
    action.args.emplace_back("query", shop.program.exprs.add({.op = ir::Expr::Op::Literal, .literal = "boots"}));
    return action;
  }
};

auto offers(const Call& call, const std::string& name) -> bool {
  const auto& functions = call.session.state().link.configured->functions;
  return std::ranges::any_of(functions, [&](const Function& f) { return f.name == name; });
}

auto held(const Call& call) -> std::vector<std::string> {
  std::vector<std::string> out;
  for (const auto& each : call.ever<Decided>()) {
    if (each.what == Decision::RuleHeld) out.push_back(each.text);
  }
  return out;
}

// The model calls the lookup although it was not offered; what it is answered.
auto asks_anyway(Call& call, const char* function = "look") -> std::string {
  call.turn();
  const auto response = call.starts();
  call.calls_tool(function, Value::Record{{"query", "orders"}}, response);
  const auto answers = call.effects<AnswerCall>();
  call.ends(response);
  return answers.empty() ? "" : answers.front().output;
}

}  // namespace

TEST_CASE("a tool that a rule forbids now is not offered, and the journal says why, once") {
  Ruled r{ir::Rule::Kind::Unless};
  Call call{r.program()};
  call.connect();
  CHECK_FALSE(offers(call, "look"));
  CHECK(offers(call, "write"));
  call.turn();
  call.answers();
  CHECK(held(call) == std::vector<std::string>{"house_rule: look is not offered (never look unless flag)"});
}

TEST_CASE("a forbidden call is refused with the rule and its reason, and nothing runs") {
  Ruled r{ir::Rule::Kind::Unless};
  Call call{r.program()};
  call.connect();
  const auto answer = asks_anyway(call);
  CHECK(answer.find("never look unless flag") != std::string::npos);
  CHECK(answer.find("Only callers who are known may ask.") != std::string::npos);
  CHECK(call.ever<StartTool>().empty());
  CHECK(held(call).back() == "house_rule: look was refused (never look unless flag)");
  CHECK(call.decided(Decision::ToolRefused));
}

TEST_CASE("a rule lets go as soon as its condition holds") {
  Ruled r{ir::Rule::Kind::Unless};
  r.on_key("1", r.set_flag());
  Call call{r.program()};
  call.connect();
  call.step(DigitPressed{'1'});
  call.wait(3s);
  call.turn();
  call.configured();
  CHECK(offers(call, "look"));
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "orders"}}, response);
  CHECK(call.ever<StartTool>().size() == 1);
}

TEST_CASE("a condition on an argument is judged when the tool is called") {
  Ruled r{ir::Rule::Kind::Unless};
  auto& exprs = r.shop.program.exprs;
  const auto query = exprs.add({.op = ir::Expr::Op::Local, .name = "query"});
  const auto boots = exprs.add({.op = ir::Expr::Op::Literal, .literal = "boots"});
  r.rule.unless = exprs.add({.op = ir::Expr::Op::Eq, .args = {query, boots}});
  Call call{r.program()};
  call.connect();
  CHECK(offers(call, "look"));
  CHECK(asks_anyway(call).find("Not possible now") != std::string::npos);
  call.answers();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "boots"}}, response);
  CHECK(call.ever<StartTool>().size() == 1);
}

TEST_CASE("what must come first is a result, not a call") {
  Ruled r{ir::Rule::Kind::Before};
  r.rule.what = tool_deed(r.shop.write);
  r.rule.first = tool_deed(r.shop.look);
  Call call{r.program()};
  call.connect();
  CHECK_FALSE(offers(call, "write"));
  const auto job = call.lookup();
  CHECK_FALSE(offers(call, "write"));
  call.step(ToolFinished{job, 1, "two boots"});
  call.wait(1s);
  call.configured();
  CHECK(offers(call, "write"));
}

TEST_CASE("a line counts as heard when it was heard to its end") {
  Ruled r{ir::Rule::Kind::Before};
  r.shop.agent().greet_first = words("Hello. Our calls are recorded.");
  r.rule.first = ir::Deed{.kind = ir::Deed::Kind::Heard, .tool = {}, .target = {}, .words = "calls are recorded"};
  Call call{r.program()};
  call.connect();
  const auto greeting = call.starts();
  call.says(greeting, 2000ms, "Hello. Our calls are recorded.");
  call.ends(greeting);
  CHECK_FALSE(call.session.state().rules[0].happened);
  call.drains();
  CHECK(call.session.state().rules[0].happened);
}

TEST_CASE("a line that the caller cut off was not heard") {
  Ruled r{ir::Rule::Kind::Before};
  r.shop.agent().greet_first = words("Hello. Our calls are recorded.");
  r.rule.first = ir::Deed{.kind = ir::Deed::Kind::Heard, .tool = {}, .target = {}, .words = "calls are recorded"};
  Call call{r.program()};
  call.connect();
  const auto greeting = call.starts();
  call.says(greeting, 2000ms, "Hello. Our calls are recorded.");
  call.speaks();
  call.flushed(500ms);
  call.ends(greeting, ResponseStatus::Cancelled);
  CHECK_FALSE(call.session.state().rules[0].happened);
}

TEST_CASE("at most so often: the next call is refused, whoever makes it") {
  Ruled r{ir::Rule::Kind::AtMost};
  r.shop.rules().duplicates = ir::Policy::Duplicates::Allow;
  r.on_key("1", r.run_lookup());
  Call call{r.program()};
  call.connect();
  call.step(DigitPressed{'1'});
  call.wait(3s);
  call.step(DigitPressed{'1'});
  call.wait(3s);
  CHECK(call.ever<StartTool>().size() == 2);
  call.step(DigitPressed{'1'});
  call.wait(3s);
  CHECK(call.ever<StartTool>().size() == 2);
  CHECK(held(call).back() == "house_rule: look does not run (never look unless flag)");
}

TEST_CASE("an agent that a rule forbids is not handed over to, by the model or by a key") {
  Ruled r{ir::Rule::Kind::Unless};
  r.rule.what = agent_deed(r.shop.other);
  r.on_key("1", {.kind = ir::Action::Kind::Handoff, .line = {}, .target = {ir::Target::Kind::Agent, r.shop.other}});
  Call call{r.program()};
  call.connect();
  CHECK_FALSE(offers(call, "handoff_other"));
  CHECK(asks_anyway(call, "handoff_other").find("Not possible now") != std::string::npos);
  CHECK(call.decided(Decision::HandoffRefused));
  call.answers();
  call.step(DigitPressed{'1'});
  call.wait(3s);
  CHECK(call.session.state().agent == r.shop.desk);
  CHECK(held(call).back() == "house_rule: no handoff to other (never look unless flag)");
}

TEST_CASE("the end of a call is forbidden like any other tool") {
  Ruled r{ir::Rule::Kind::Before};
  r.rule.first = r.rule.what;
  r.rule.what = tool_deed(r.shop.agent().tools.back());
  Call call{r.program()};
  call.connect();
  CHECK_FALSE(offers(call, "end_call"));
  CHECK(asks_anyway(call, "end_call").find("Not possible now") != std::string::npos);
  CHECK_FALSE(call.decided(Decision::CallEnding));
}
