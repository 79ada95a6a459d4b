// What a form promises: answers in any order, checked, corrected, read back, submitted once; each call of its function is
// answered exactly once.

#include <algorithm>

#include "tests/support/form_shop.h"

using namespace flow;
using namespace flow::test;

using Stage = FormState::Stage;

TEST_CASE("the model is offered a form's function until the form is done") {
  FormCall f;
  f.shop.only_the_reason();
  const auto offers = [&] {
    const auto& functions = f.call().session.state().link.configured->functions;
    return std::ranges::any_of(functions, [](const Function& each) { return each.name == "fill_request"; });
  };
  CHECK(offers());
  f.fills({{"reason", "damaged"}});
  CHECK(f.done());
  f.call().configured();
  CHECK_FALSE(offers());
}

TEST_CASE("answers come in any order, and the model is told what is missing") {
  FormCall f;
  const auto first = f.fills({{"reason", "damaged"}, {"order", {}}});
  CHECK(f.told(first, R"("status":"incomplete")"));
  CHECK(f.told(first, R"("missing":["order","code"])"));
  CHECK(f.told(first, "Which order is it?"));
  CHECK(f.value("reason") == Value("damaged"));
  f.call().answers();
  const auto second = f.fills({{"order", "A1"}});
  CHECK(f.answers_of(second).empty());  // the tool of its check is asked first
  f.call().finishes(f.last_job(), true);
  CHECK(f.told(second, R"("missing":["code"])"));
  CHECK(f.value("order") == Value("A1"));
}

TEST_CASE("an answer of the wrong type is refused by code, and the others are taken") {
  FormCall f;
  const auto call = f.fills({{"reason", "ugly"}, {"code", "4711"}});
  CHECK(f.told(call, R"("field":"reason","code":"R0220")"));
  CHECK(f.told(call, "one of too_small, damaged"));
  CHECK(f.value("reason").is_none());
  CHECK(f.value("code") == Value("4711"));
}

TEST_CASE("what is written in another way is the same answer") {
  FormCall f;
  f.fills({{"reason", "Too small"}});
  CHECK(f.value("reason") == Value("too_small"));
}

TEST_CASE("an answer that its check refuses is not kept, and the flow's own words are said") {
  FormCall f;
  const auto call = f.fills({{"order", "Z9"}});
  f.call().finishes(f.last_job(), false);
  CHECK(f.told(call, "R0221"));
  CHECK(f.value("order").is_none());
  const auto create = f.call().ever<CreateResponse>().back();
  CHECK(create.instructions.find("There is no order Z9") != std::string::npos);
  CHECK(f.call().decided(Decision::FormRefused));
}

TEST_CASE("an answer that cannot be checked is not taken, and counts as a try") {
  FormCall f;
  const auto call = f.fills({{"order", "A1"}});
  f.call().step(ToolFailed{f.last_job(), 1, "R0201", "the shelf fell", false});
  CHECK(f.told(call, "R0222"));
  CHECK(f.value("order").is_none());
  CHECK(f.call().session.state().forms[0].answers[0].refused == 1);
}

TEST_CASE("a check that a rule forbids now is not made, and the answer counts as a try") {
  FormCall f;
  const auto exists = f.shop.form().fields[0].check_tool;
  ir::Rule rule;
  rule.declaration = "few_guesses";
  rule.text = "at most 1 exists";
  rule.kind = ir::Rule::Kind::AtMost;
  rule.what = {.kind = ir::Deed::Kind::Tool, .tool = exists, .target = {}, .words = {}};
  rule.most = 1;
  f.shop.program.rules.add(rule);
  f.fills({{"order", "Z9"}});
  f.call().finishes(f.last_job(), false);
  f.call().answers();
  const auto second = f.fills({{"order", "A1"}});
  CHECK(f.told(second, "R0222"));
  CHECK(f.told(second, "at most 1 exists"));
  CHECK(f.runs_of(exists) == 1);
  CHECK(f.value("order").is_none());
  CHECK(f.call().decided(Decision::RuleHeld));
}

TEST_CASE("a check that takes its time is waited for, and the caller hears that it does") {
  FormCall f;
  const auto call = f.fills({{"order", "A1"}});
  f.call().wait(400ms);
  const auto create = f.call().ever<CreateResponse>().back();
  CHECK(create.instructions.find("One moment.") != std::string::npos);
  CHECK(f.answers_of(call).empty());
  f.call().finishes(f.last_job(), true);
  CHECK(f.told(call, "incomplete"));
}

TEST_CASE("a check that never ends is ended by its timeout") {
  FormCall f;
  const auto call = f.fills({{"order", "A1"}});
  f.call().wait(70s);
  CHECK(f.told(call, "R0222"));
}

TEST_CASE("the third answer that does not do leads to what the form says of it, and is counted by field") {
  FormCall f;
  const auto refuse = [&](const char* order) {
    f.fills({{"order", order}});
    f.call().finishes(f.last_job(), false);
    f.call().answers(1000ms, "There is no order.");
  };
  refuse("Z1");
  f.fills({{"reason", "ugly"}});
  f.call().answers();
  refuse("Z2");
  f.fills({{"order", "Z3"}});
  f.call().finishes(f.last_job(), false);
  const auto create = f.call().ever<CreateResponse>().back();
  CHECK(create.instructions.find("We cannot do this by phone.") != std::string::npos);
  CHECK(f.call().session.state().forms[0].answers[0].refused == 0);  // it begins anew
  CHECK(f.call().session.state().forms[0].answers[1].refused == 1);
}

TEST_CASE("what was corrected is what counts, and the old check is stopped") {
  FormCall f;
  const auto first = f.fills({{"order", "A1"}});
  const auto old = f.last_job();
  const auto second = f.fills({{"order", "B2"}});
  CHECK(f.call().stage(old) == Job::Stage::Cancelled);
  f.call().step(ToolFinished{old, 1, true});
  CHECK(f.value("order").is_none());
  f.call().finishes(f.last_job(), true);
  CHECK(f.value("order") == Value("B2"));
  CHECK(f.told(first, "incomplete"));
  CHECK(f.told(second, "incomplete"));
}

TEST_CASE("when nothing is missing it is read back, and a yes needs a turn of the caller") {
  FormCall f;
  const auto all = f.fills({{"order", "A1"}, {"reason", "damaged"}, {"code", "4711"}});
  f.call().finishes(f.last_job(), true);
  CHECK(f.told(all, R"("status":"needs_confirmation")"));
  CHECK(f.told(all, "Shall I send it back?"));
  const auto hasty = f.fills_now({{"confirmed", true}});
  CHECK(f.told(hasty, "R0223"));
  CHECK(f.runs_of(f.shop.write) == 0);
  f.call().answers(1000ms, "Shall I send it back?");
  f.fills({{"confirmed", true}});
  f.stored();
  CHECK(f.runs_of(f.shop.write) == 1);
}

TEST_CASE("the submission answers the call that confirmed it, and the form is done") {
  FormCall f;
  f.reads_back();
  const auto yes = f.fills({{"confirmed", true}});
  f.stored();
  CHECK(f.answers_of(yes).empty());
  CHECK_FALSE(f.done());
  f.call().finishes(f.last_job(), "R-1");
  CHECK(f.told(yes, R"("status":"done")"));
  CHECK(f.told(yes, "R-1"));
  CHECK(f.done());
  CHECK(f.value("result") == Value("R-1"));
}

TEST_CASE("a correction after the read-back opens the form again, and it is read back again") {
  FormCall f;
  f.reads_back();
  const auto call = f.fills({{"reason", "too_small"}, {"confirmed", true}});
  CHECK(f.told(call, "needs_confirmation"));
  CHECK(f.runs_of(f.shop.write) == 0);
  f.call().answers();
  f.fills({{"confirmed", true}});
  f.stored();
  CHECK(f.runs_of(f.shop.write) == 1);
}

TEST_CASE("a yes that repeats the same answers is a yes") {
  FormCall f;
  f.reads_back();
  f.fills({{"order", "A1"}, {"reason", "damaged"}, {"confirmed", true}});
  f.stored();
  CHECK(f.runs_of(f.shop.write) == 1);
}

TEST_CASE("it is submitted once, however often the model calls") {
  FormCall f;
  f.reads_back();
  f.fills({{"confirmed", true}});
  f.stored();
  f.call().wait(400ms);
  f.settles();
  const auto again = f.fills({{"confirmed", true}});
  CHECK(f.told(again, "submitting"));
  f.settles();
  const auto late = f.fills({{"order", "B2"}, {"confirmed", true}});
  CHECK(f.told(late, "R0224"));
  f.settles();
  f.call().finishes(f.last_job(), "R-1");
  f.call().wait(1s);
  f.settles();
  const auto after = f.fills({{"order", "B2"}, {"confirmed", true}});
  CHECK(f.told(after, R"("status":"done")"));
  CHECK(f.runs_of(f.shop.write) == 1);
}

TEST_CASE("two yeses in one response are one submission") {
  FormCall f;
  f.reads_back();
  f.call().turn("yes yes");
  const auto response = f.call().starts();
  const auto one = f.call().calls_tool("fill_request", Value::Record{{"confirmed", true}}, response);
  const auto two = f.call().calls_tool("fill_request", Value::Record{{"confirmed", true}}, response);
  f.call().ends(response);
  f.stored();
  f.call().finishes(f.last_job(), "R-1");
  CHECK(f.runs_of(f.shop.write) == 1);
  CHECK(f.answers_of(one).size() == 1);
  CHECK(f.answers_of(two).size() == 1);
}

TEST_CASE("a submission that fails may be confirmed again") {
  FormCall f;
  f.reads_back();
  const auto yes = f.fills({{"confirmed", true}});
  f.stored();
  f.call().step(ToolFailed{f.last_job(), 1, "R0201", "the shelf fell", false});
  CHECK(f.told(yes, "the shelf fell"));
  CHECK(f.stage() == Stage::ReadBack);
  f.call().answers();
  f.fills({{"confirmed", true}});
  f.stored();
  CHECK(f.runs_of(f.shop.write) == 2);
}

TEST_CASE("a write that nobody knows the end of is not made again") {
  FormCall f;
  f.reads_back();
  f.fills({{"confirmed", true}});
  f.stored();
  f.call().wait(400ms);
  f.settles();
  f.call().wait(59s);
  f.settles();
  f.call().wait(1s);
  CHECK(f.stage() == Stage::Unknown);
  f.settles();
  const auto again = f.fills({{"confirmed", true}});
  CHECK(f.told(again, "unknown"));
  CHECK(f.runs_of(f.shop.write) == 1);
}

TEST_CASE("a caller who speaks over the read-back loses nothing of what they said") {
  FormCall f;
  f.fills({{"order", "A1"}, {"reason", "damaged"}, {"code", "4711"}});
  f.call().finishes(f.last_job(), true);
  const auto response = f.call().starts();
  f.call().says(response, 3000ms, "Shall I send it back?");
  f.call().wait(500ms);
  const auto item = f.call().speaks();
  f.call().flushed(500ms);
  f.call().ends(response, ResponseStatus::Cancelled);
  f.call().wait(1200ms);
  f.call().falls_silent(item, "yes please");
  f.call().wait(600ms);
  f.fills_now({{"confirmed", true}});
  f.stored();
  CHECK(f.runs_of(f.shop.write) == 1);
  CHECK(f.value("order") == Value("A1"));
}

TEST_CASE("a lost link voids the call and keeps the answers") {
  FormCall f;
  f.fills({{"order", "A1"}, {"reason", "damaged"}});
  const auto check = f.last_job();
  f.call().step(LinkLost{f.call().epoch, "R0107", "gone"});
  f.call().open();
  f.call().finishes(check, true);
  CHECK(f.value("order") == Value("A1"));
  CHECK(f.value("reason") == Value("damaged"));
  CHECK(f.stage() == Stage::Open);
}

TEST_CASE("a handoff answers the call that waits for a check, and the form goes on where it was") {
  FormCall f;
  const auto call = f.fills({{"order", "A1"}, {"reason", "damaged"}});
  const auto check = f.last_job();
  f.call().wait(400ms);
  f.call().answers();
  f.call().turn("the other one please");
  const auto response = f.call().starts();
  f.call().calls_tool("handoff_other", Value::Record{}, response);
  f.call().ends(response);
  f.call().configured();
  CHECK(f.told(call, R"("checking":["order"])"));
  f.call().answers();
  f.call().finishes(check, true);
  CHECK(f.runs_of(f.shop.write) == 0);
  f.call().turn("back");
  const auto back = f.call().starts();
  f.call().calls_tool("handoff_back", Value::Record{}, back);
  f.call().ends(back);
  f.call().configured();
  CHECK(f.value("order") == Value("A1"));
  CHECK(f.value("reason") == Value("damaged"));
}

TEST_CASE("a form that is done begins anew when its agent gets the call again") {
  FormCall f;
  f.shop.only_the_reason();
  f.fills({{"reason", "damaged"}});
  REQUIRE(f.done());
  f.call().configured();
  f.call().answers();
  for (const auto* way : {"handoff_other", "handoff_back"}) {
    f.call().turn("go on");
    const auto response = f.call().starts();
    f.call().calls_tool(way, Value::Record{}, response);
    f.call().ends(response);
    f.call().configured();
    f.call().answers();
    CHECK(f.done() == (std::string(way) == "handoff_other"));
  }
  CHECK(f.value("reason").is_none());
}

TEST_CASE("an edge that waits for a form to be done is taken when it is") {
  FormCall f;
  f.shop.only_the_reason();
  auto& p = f.shop.program;
  const auto form = p.exprs.add({.op = ir::Expr::Op::Form, .form = f.shop.request});
  const auto done = p.exprs.add({.op = ir::Expr::Op::Field, .name = "done", .args = {form}});
  ir::Handoff edge;
  edge.from = f.shop.desk;
  edge.target = {ir::Target::Kind::Agent, f.shop.other};
  edge.trigger.kind = ir::Trigger::Kind::Becomes;
  edge.guard = done;
  p.handoffs.add(edge);
  f.fills({{"reason", "damaged"}});
  f.call().wait(1s);
  CHECK(f.call().decided(Decision::HandoffStarted));
}

TEST_CASE("an answer that was checked against another is checked again when that changes") {
  FormCall f;
  auto& p = f.shop.program;
  const auto order = p.exprs.add({.op = ir::Expr::Op::Local, .name = "order"});
  const auto z = p.exprs.add({.op = ir::Expr::Op::Literal, .literal = "B2"});
  f.shop.form().fields[1].check = p.exprs.add({.op = ir::Expr::Op::Ne, .args = {order, z}});
  f.fills({{"order", "A1"}, {"reason", "damaged"}});
  f.call().finishes(f.last_job(), true);
  CHECK(f.value("reason") == Value("damaged"));
  f.call().answers();
  const auto call = f.fills({{"order", "B2"}});
  f.call().finishes(f.last_job(), true);
  CHECK(f.value("reason").is_none());
  CHECK(f.told(call, R"("field":"reason","code":"R0221")"));
}

TEST_CASE("the model sets the state that it learns, and what is wrong is refused by code") {
  FormCall f;
  f.shop.program.state[f.shop.flag].extract = "whether the caller is angry";
  f.shop.program.extract_schema = R"({"type":"object"})";
  auto& call = f.call();
  call.turn("I am angry");
  auto response = call.starts();
  auto id = call.calls_tool("remember", Value::Record{{"flag", "yes"}}, response);
  call.ends(response);
  CHECK(f.told(id, "noted"));
  CHECK(call.session.state().values[f.shop.flag.index] == Value(true));
  call.answers();  // a turn is never left without a word
  call.turn("I am a fish");
  response = call.starts();
  id = call.calls_tool("remember", Value::Record{{"flag", "fish"}}, response);
  call.ends(response);
  CHECK(f.told(id, "R0220"));
  CHECK(call.session.state().values[f.shop.flag.index] == Value(true));
}

TEST_CASE("an action asks for a field in the form's own words") {
  FormCall f;
  ir::Handler handler;
  handler.on = silence(8s);
  ir::Action ask;
  ask.kind = ir::Action::Kind::Ask;
  ask.form = f.shop.request;
  ask.field = "order";
  handler.actions = {ask};
  f.shop.program.handlers.add(handler);
  f.call().turn();
  f.call().answers();
  f.call().wait(9s);
  CHECK(f.call().ever<CreateResponse>().back().instructions.find("Which order is it?") != std::string::npos);
}
