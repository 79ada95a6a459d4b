// What the caller's keys mean while a form is open: the inner one wins.

#include "tests/support/form_shop.h"

using namespace flow;
using namespace flow::test;

namespace {

// Order and reason are there: it is the code's turn.
struct CodeCall : FormCall {
  void code_is_asked_for() {
    fills({{"order", "A1"}, {"reason", "damaged"}});
    call().finishes(last_job(), true);
    call().answers(1000ms, "Please type your code.");
  }
  void on_key(const char* key) {
    ir::Handler handler;
    handler.on = {.kind = ir::EventPattern::Kind::Dtmf, .values = {key}};
    handler.actions = {say("That was for me.")};
    shop.program.handlers.add(handler);
  }
  auto handler_ran() -> bool { return call().decided(Decision::HandlerRan); }
};

}  // namespace

TEST_CASE("the keys fill the field whose turn it is, and the model goes on") {
  CodeCall f;
  f.code_is_asked_for();
  f.presses("4711#");
  CHECK(f.value("code") == Value("4711"));
  CHECK(f.stage() == FormState::Stage::ReadBack);
  CHECK(f.call().asked());
}

TEST_CASE("a field that is full needs no key that ends it, and takes it all the same") {
  CodeCall f;
  f.on_key("#");
  f.code_is_asked_for();
  f.presses("471147");
  CHECK(f.value("code") == Value("471147"));
  f.presses("#");
  CHECK_FALSE(f.handler_ran());
  f.call().wait(3s);
  f.presses("#");
  CHECK(f.handler_ran());
}

TEST_CASE("who stops typing has typed all") {
  CodeCall f;
  f.code_is_asked_for();
  f.presses("47110");
  CHECK(f.value("code").is_none());
  f.call().wait(4s);
  CHECK(f.value("code") == Value("47110"));
}

TEST_CASE("too few keys are refused by code, and counted") {
  CodeCall f;
  f.code_is_asked_for();
  f.presses("47#");
  CHECK(f.value("code").is_none());
  CHECK(f.call().session.state().forms[0].answers[2].refused == 1);
  const auto& notes = f.call().ever<CreateMessage>();
  REQUIRE_FALSE(notes.empty());
  CHECK(notes.back().text.find("R0225") != std::string::npos);
}

TEST_CASE("a key that the field takes is not the handler's; others are") {
  CodeCall f;
  f.on_key("0");
  f.on_key("*");
  f.code_is_asked_for();
  f.presses("0");
  CHECK_FALSE(f.handler_ran());
  f.presses("*");
  CHECK(f.handler_ran());
}

TEST_CASE("before its turn, and after it, the keys are the handlers'") {
  CodeCall f;
  f.on_key("7");
  f.call().turn();
  f.call().answers();
  f.presses("7");  // the order is asked for, which has no keys
  CHECK(f.handler_ran());
}

TEST_CASE("digits that a handler has begun to take are its own to the end") {
  CodeCall f;
  f.on_key("*1");
  f.code_is_asked_for();
  f.presses("*1");
  CHECK(f.handler_ran());
  CHECK(f.call().session.state().caller.keys.empty());
}

TEST_CASE("the keys of personal data stand in no record of decisions") {
  CodeCall f;
  f.code_is_asked_for();
  f.presses("4711#");
  for (const auto& d : f.call().ever<Decided>()) {
    if (d.what == Decision::CallerPressed && d.text != "#") CHECK(d.text == "a key of `code`");
    CHECK(d.text.find("4711") == std::string::npos);
  }
}

TEST_CASE("keys that complete a form which is not read back submit it, and its result is told") {
  CodeCall f;
  f.shop.form().confirm.reset();
  f.code_is_asked_for();
  f.presses("4711#");
  f.stored();
  CHECK(f.runs_of(f.shop.write) == 1);
  f.call().finishes(f.last_job(), "R-1");
  CHECK(f.done());
  f.call().wait(1s);
  f.call().configured();  // the form's function is gone
  CHECK(f.call().asked());
}

TEST_CASE("a whole number is kept as a number, and a number too big for one is refused") {
  CodeCall f;
  const auto whole = f.shop.program.types.add({.kind = ir::Type::Kind::Int});
  f.shop.form().fields[2].type = whole;
  f.shop.form().fields[2].keys_max = 30;
  f.code_is_asked_for();
  f.presses("99999999999999999999999#");
  CHECK(f.value("code").is_none());
  f.call().answers();
  f.presses("4711#");
  CHECK(f.value("code") == Value(4711));
}
