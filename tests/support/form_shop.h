#pragma once
// A shop whose desk has a form: an order that a tool checks, a reason, and a code that may be typed on the keys. It is
// read back and submitted once to `write`.

#include "tests/support/call.h"

namespace flow::test {

struct FormShop : Shop {
  Id<ir::Form> request;

  FormShop() {
    auto& p = program;
    const auto string = p.types.id_at(0);
    const auto reasons = p.enums.add({"Reason", {"too_small", "damaged"}});
    const auto reason = p.types.add({.kind = ir::Type::Kind::Enum, .enumeration = reasons});
    const auto boolean = p.types.id_at(1);
    auto check = p.tools[look];
    check.name = "exists";
    check.result = boolean;
    const auto exists = p.tools.add(check);
    const auto local = [&](const char* name) { return p.exprs.add({.op = ir::Expr::Op::Local, .name = name}); };
    ir::Form form;
    form.name = "request";
    form.agent = desk;
    form.fields.push_back({.name = "order", .type = string, .doc = {}, .ask = words("Which order is it?"), .check_tool = exists, .check_args = {{"query", local("order")}}, .rejected = {no_such_order(local("order"))}});
    form.fields.push_back({.name = "reason", .type = reason, .doc = {}, .ask = hint("ask what is wrong with it")});
    form.fields.push_back({.name = "code", .type = string, .doc = {}, .pii = true, .ask = words("Please type your code."), .keys_min = 4, .keys_max = 6, .keys_until = "#"});
    form.tries = 3;
    form.tries_else = {say("We cannot do this by phone.")};
    form.confirm = text("Shall I send it back?");
    form.submit = write;
    form.submit_args = {{"query", local("order")}};
    form.function = "fill_request";
    form.schema = R"({"type":"object"})";
    request = p.forms.add(form);
  }
  static auto no_such_order(Id<ir::Expr> order) -> ir::Action {
    auto action = say("There is no order ");
    action.line->text.push_back({.kind = ir::TemplatePart::Kind::Hole, .text = {}, .expr = order, .then = {}, .otherwise = {}});
    return action;
  }
  auto form() -> ir::Form& { return program.forms[request]; }
  // Nothing but the reason is asked for, and nothing is read back.
  void only_the_reason() {
    form().fields.erase(form().fields.begin());
    form().fields.pop_back();
    form().confirm.reset();
    form().submit = {};
    form().submit_args.clear();
  }
};

// A call to that desk.
struct FormCall {
  FormShop shop;
  std::optional<Call> line;

  auto call() -> Call& {
    if (!line) line.emplace(shop.program), line->connect();
    return *line;
  }
  // The caller speaks, and the model calls the form's function.
  auto fills(Value::Record answers) -> FunctionCallId {
    call().turn();
    return fills_now(std::move(answers));
  }
  // The model calls it when it is asked for its next answer.
  auto fills_now(Value::Record answers) -> FunctionCallId {
    const auto response = call().starts();
    const auto id = call().calls_tool("fill_request", Value(std::move(answers)), response);
    call().ends(response);
    return id;
  }
  auto value(const char* name) -> Value { return *call().session.state().form_values[0].field(name); }
  auto stage() -> FormState::Stage { return call().session.state().forms[0].stage; }
  auto done() -> bool { return value("done") == Value(true); }
  auto last_job() -> JobId { return JobId{call().session.state().last_job}; }
  auto answers_of(FunctionCallId id) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& answer : call().ever<AnswerCall>()) {
      if (answer.call == id) out.push_back(answer.output);
    }
    return out;
  }
  auto told(FunctionCallId id, const char* part) -> bool {
    const auto all = answers_of(id);
    INFO((all.empty() ? "no answer" : all.front()));
    CHECK(all.size() == 1);
    return all.size() == 1 && all.front().find(part) != std::string::npos;
  }
  auto runs_of(Id<ir::Tool> tool) -> int {
    int count = 0;
    for (const auto& start : call().ever<StartTool>()) count += start.tool == tool;
    return count;
  }
  void presses(const std::string& keys) {
    for (const char key : keys) call().step(DigitPressed{key});
  }
  // The three answers, checked; the agent has read them back.
  void reads_back() {
    fills({{"order", "A1"}, {"reason", "damaged"}, {"code", "4711"}});
    call().finishes(last_job(), true);
    call().answers();
    REQUIRE(stage() == FormState::Stage::ReadBack);
  }
  // All that waits to be said is said, and every configuration is acknowledged.
  void settles() {
    for (int i = 0; i < 10; ++i) {
      if (call().session.state().link.awaiting_configured) {
        call().configured();
      } else if (call().asked()) {
        call().answers();
      } else {
        return;
      }
    }
  }
  // The disk knows of the submission, so that it runs.
  void stored() { call().step(JobStored{last_job()}); }
};

}  // namespace flow::test
