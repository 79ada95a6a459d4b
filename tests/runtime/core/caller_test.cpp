// What the caller does besides speaking, and what is said to them word for word.

#include <functional>

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

namespace {

auto on(ir::EventPattern pattern, std::vector<ir::Action> actions, int count = 1) -> ir::Handler {
  ir::Handler handler;
  handler.on = std::move(pattern);
  handler.on.count = count;
  handler.actions = std::move(actions);
  return handler;
}
auto dtmf(std::string digits) -> ir::EventPattern { return {.kind = ir::EventPattern::Kind::Dtmf, .after = {}, .values = {std::move(digits)}}; }

auto asked_for(const Call& call, const std::string& words) -> bool {
  const auto creates = call.ever<CreateResponse>();
  return !creates.empty() && creates.back().instructions.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("typed text is a whole turn: it cuts the agent and gets one reply") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.step(TextTyped{"hello"});
  const auto response = call.starts();
  call.says(response, 3000ms);
  call.step(TextTyped{"something else"});
  CHECK(call.effects<FlushPlayout>().size() == 1);
  call.flushed(500ms);
  CHECK(call.the<CreateMessage>().text == "something else");
  call.ends(response, ResponseStatus::Cancelled);
  CHECK(call.effects<CreateResponse>().size() == 1);
}

TEST_CASE("a caller of many words is no noise, however long they speak; a noise of two minutes is") {
  for (const bool has_words : {true, false}) {
    Shop shop;
    Call call{shop.program};
    call.connect();
    const auto item = call.speaks();
    for (int minute = 0; minute < 5; ++minute) {
      call.wait(60'000ms);
      if (has_words) call.step(CallerTextArrived{call.epoch, item, "and then "});
    }
    CHECK(call.session.state().caller.speaking == has_words);
  }
}

TEST_CASE("what was heard of a line comes into the conversation before the typed turn that cut it") {
  Shop shop;
  shop.program.agents[shop.desk].greet_first = words("Hello, this is the shop. How can I help?");
  Call call{shop.program};
  call.connect();
  call.says(call.starts(), 4000ms, "Hello, this is the shop. How can I help?");
  call.step(TextTyped{"where is my order?"});
  call.flushed(2000ms);
  const auto messages = call.ever<CreateMessage>();
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].role == Role::Agent);
  CHECK(messages[1].role == Role::Caller);
  CHECK(messages[1].text == "where is my order?");
}

TEST_CASE("typed text while the caller speaks joins that turn") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  const auto item = call.speaks();
  call.step(TextTyped{"order A17"});
  CHECK(call.effects<CreateMessage>().size() == 1);
  CHECK_FALSE(call.asked());
  call.wait(1500ms);
  call.falls_silent(item);
  CHECK(call.ever<CreateResponse>().size() == 1);
}

TEST_CASE("typed text without a link waits for it") {
  Shop shop;
  Call call{shop.program};
  call.step(CallerConnected{"", ""});
  call.step(TextTyped{"hello?"});
  CHECK(call.effects<CreateMessage>().empty());
  call.open();
  CHECK(call.ever<CreateMessage>().size() == 1);
  CHECK(call.asked());
}

TEST_CASE("a digit that somebody waits for cuts and is handled; another is ignored, and neither reaches the model") {
  Shop shop;
  shop.program.handlers.add(on(dtmf("1"), {say("You pressed one.")}));
  Call call{shop.program};
  call.connect();
  call.step(TextTyped{"hello"});
  const auto response = call.starts();
  call.says(response, 3000ms);
  call.step(DigitPressed{'9'});
  CHECK(call.effects<FlushPlayout>().empty());
  call.step(DigitPressed{'1'});
  CHECK(call.effects<FlushPlayout>().size() == 1);
  call.flushed(100ms);
  call.ends(response, ResponseStatus::Cancelled);
  CHECK(asked_for(call, "You pressed one."));
  CHECK(call.ever<CreateMessage>().size() == 1);
}

TEST_CASE("a digit that leads to the agent who has the call already does not cut it") {
  Shop shop;
  ir::Handoff edge;
  edge.target = {ir::Target::Kind::Agent, shop.desk};
  edge.trigger.kind = ir::Trigger::Kind::Event;
  edge.trigger.on = dtmf("0");
  shop.program.handoffs.add(edge);
  Call call{shop.program};
  call.connect();
  call.step(TextTyped{"hello"});
  call.says(call.starts(), 3000ms);
  call.step(DigitPressed{'0'});
  CHECK(call.effects<FlushPlayout>().empty());
}

TEST_CASE("digits are gathered while a longer pattern may come, for two seconds") {
  Shop shop;
  shop.program.handlers.add(on(dtmf("1"), {say("One.")}));
  shop.program.handlers.add(on(dtmf("12"), {say("Twelve.")}));
  Call call{shop.program};
  call.connect();
  call.step(DigitPressed{'1'});
  CHECK_FALSE(call.asked());
  call.step(DigitPressed{'2'});
  CHECK(asked_for(call, "Twelve."));
  call.answers(500ms, "Twelve.");
  call.step(DigitPressed{'1'});
  call.wait(2s);
  CHECK(asked_for(call, "One."));
}

TEST_CASE("a digit during a protected line is kept: it does not cut the line, and is handled after it") {
  Shop shop;
  shop.agent().greet_first = words("This call is recorded.", true);
  shop.program.handlers.add(on(dtmf("1"), {say("You pressed one.")}));
  Call call{shop.program};
  call.connect();
  const auto line = call.starts();
  call.says(line, 2000ms, "This call is recorded.");
  call.step(DigitPressed{'1'});
  CHECK(call.effects<FlushPlayout>().empty());
  call.ends(line);
  call.drains();
  CHECK(asked_for(call, "You pressed one."));
}

TEST_CASE("voice activity within 200 ms of a digit is the digit: no barge-in, no turn") {
  Shop shop;
  shop.program.handlers.add(on(dtmf("12"), {say("Twelve.")}));
  Call call{shop.program};
  call.connect();
  call.step(DigitPressed{'1'});
  call.wait(100ms);
  const auto item = call.speaks();
  call.falls_silent(item, "");
  CHECK(call.ever<DeleteItem>().size() == 1);
  CHECK_FALSE(call.asked());
}

TEST_CASE("a protected line is not cut by the caller, by typed text or by a result") {
  Shop shop;
  shop.agent().greet_first = words("This call is recorded.", true);
  Call call{shop.program};
  call.connect();
  const auto line = call.starts();
  call.says(line, 2000ms, "This call is recorded.");
  call.speaks();
  call.step(TextTyped{"hello"});
  CHECK(call.ever<FlushPlayout>().empty());
  call.step(StopRequested{});
  CHECK(call.ever<FlushPlayout>().size() == 1);  // it yields only to the end
}

TEST_CASE("a verbatim line is read out of band; what was heard of it becomes the agent's words") {
  Shop shop;
  shop.agent().greet_first = words("Hello there, how can I help?");
  Call call{shop.program};
  call.connect();
  const auto create = call.ever<CreateResponse>().back();
  CHECK(create.out_of_band);
  CHECK_FALSE(create.functions);
  call.answers(1000ms, "Hello there, how can I help?");
  CHECK(call.ever<CreateMessage>().back().role == Role::Agent);
  CHECK(call.ever<CreateMessage>().back().text == "Hello there, how can I help?");
}

TEST_CASE("other words than the line's are stopped before they are heard, and it is tried once more") {
  Shop shop;
  shop.agent().greet_first = words("Hello there, how can I help?");
  Call call{shop.program};
  call.connect();
  const auto line = call.starts();
  call.step(SpokenTextArrived{call.epoch, line, ItemId{++call.items}, "Sure! I will read"});
  CHECK(call.the<CancelResponse>().response == line);
  call.flushed(0ms);
  call.ends(line, ResponseStatus::Cancelled);
  CHECK(asked_for(call, "Hello there, how can I help?"));
  call.answers(1000ms, "Hi there, how may I help?");  // the second time it is taken as it is
  call.wait(5s);
  CHECK_FALSE(call.asked());
}

TEST_CASE("case and punctuation of a verbatim line are the service's business") {
  Shop shop;
  shop.agent().greet_first = words("Hello there. How can I help?");
  Call call{shop.program};
  call.connect();
  const auto line = call.starts();
  call.step(SpokenTextArrived{call.epoch, line, ItemId{++call.items}, "hello there, how can"});
  CHECK(call.effects<CancelResponse>().empty());
}

TEST_CASE("silence is counted from the moment nobody speaks, and the count chooses the handler") {
  Shop shop;
  ir::Action bye;
  bye.kind = ir::Action::Kind::EndCall;
  bye.line = words("I'll hang up now.");
  shop.program.handlers.add(on(silence(8s), {say("Are you still there?")}));
  shop.program.handlers.add(on(silence(8s), {bye}, 3));
  Call call{shop.program};
  call.connect();
  call.wait(7'999ms);
  CHECK_FALSE(call.asked());
  for (int i = 0; i < 2; ++i) {
    call.wait(8s);
    REQUIRE(asked_for(call, "Are you still there?"));
    call.answers(1000ms, "Are you still there?");
  }
  call.wait(8s);
  CHECK(asked_for(call, "I'll hang up now."));
  call.answers(1000ms, "I'll hang up now.");
  CHECK(call.ever<HangUp>().size() == 1);
}

TEST_CASE("a word of the caller starts the count of silences anew") {
  Shop shop;
  shop.program.handlers.add(on(silence(8s), {say("Are you still there?")}));
  shop.program.handlers.add(on(silence(8s), {say("Last call.")}, 2));
  Call call{shop.program};
  call.connect();
  call.wait(8s);
  call.answers(500ms, "Are you still there?");
  call.turn();
  call.answers();
  call.wait(8s);
  CHECK(asked_for(call, "Are you still there?"));
}

TEST_CASE("an edge may fire on any event: silence, a failed tool, a turn without words") {
  const auto moved_by = [](ir::EventPattern pattern, void (*happens)(Call&)) {
    Shop shop;
    ir::Handoff edge;
    edge.from = shop.desk;
    edge.target = {ir::Target::Kind::Agent, shop.other};
    edge.trigger.kind = ir::Trigger::Kind::Event;
    edge.trigger.on = std::move(pattern);
    shop.program.handoffs.add(edge);
    Call call{shop.program};
    call.connect();
    happens(call);
    return call.decided(Decision::HandoffStarted);
  };
  CHECK(moved_by(silence(8s), [](Call& call) { call.wait(8s); }));
  CHECK(moved_by({.kind = ir::EventPattern::Kind::NoMatch, .after = {}, .values = {}}, [](Call& call) { call.turn(""); }));
  CHECK(moved_by({.kind = ir::EventPattern::Kind::ToolFailed, .after = {}, .values = {}}, [](Call& call) {
    const auto job = call.lookup();
    call.step(ToolFailed{job, 1, "R0201", "broken", false});
  }));
}

TEST_CASE("an edge waits for its event to happen as often in a row as it says; until then the handlers answer") {
  const auto moves_at_the_second = [](ir::EventPattern pattern, const std::function<void(Call&)>& happens, const std::function<void(Call&)>& other) {
    Shop shop;
    shop.program.handlers.add(on(pattern, {say("Once more, please.")}));
    ir::Handoff edge;
    edge.target = {ir::Target::Kind::Agent, shop.other};
    edge.trigger.kind = ir::Trigger::Kind::Event;
    edge.trigger.on = pattern;
    edge.trigger.on.count = 2;
    shop.program.handoffs.add(edge);
    Call call{shop.program};
    call.connect();
    INFO(static_cast<int>(pattern.kind));
    const auto moved = [&] { return call.decided(Decision::HandoffStarted); };
    const auto is_answered = [&] {
      const auto ran = call.decided(Decision::HandlerRan);
      while (call.asked()) call.answers(500ms, "Once more, please.");
      return ran && !moved();
    };
    happens(call);
    CHECK(is_answered());
    other(call);  // not in a row
    happens(call);
    CHECK(is_answered());
    happens(call);
    CHECK(moved());
  };
  const auto speaks = [](Call& call) {
    call.turn();
    call.answers();
  };
  const auto types = [](Call& call) {
    call.step(TextTyped{"hello"});
    call.answers();
  };
  moves_at_the_second(silence(8s), [](Call& call) { call.wait(8s); }, speaks);
  moves_at_the_second({.kind = ir::EventPattern::Kind::NoMatch, .after = {}, .values = {}}, [](Call& call) { call.turn(""); }, speaks);
  moves_at_the_second({.kind = ir::EventPattern::Kind::Phrase, .after = {}, .values = {"a person"}}, [](Call& call) { call.step(TextTyped{"a person"}); }, types);
  moves_at_the_second({.kind = ir::EventPattern::Kind::Dtmf, .after = {}, .values = {"1", "2"}}, [](Call& call) { call.step(DigitPressed{'1'}); }, [](Call& call) {
    call.step(DigitPressed{'2'});
    call.answers();
  });
}

TEST_CASE("an agent's own handler comes before the program's") {
  Shop shop;
  shop.program.handlers.add(on(silence(5s), {say("The program's.")}));
  auto own = on(silence(5s), {say("The desk's.")});
  own.agent = shop.desk;
  shop.program.handlers.add(own);
  Call call{shop.program};
  call.connect();
  call.wait(5s);
  CHECK(asked_for(call, "The desk's."));
}

TEST_CASE("a phrase moves the call, whatever the model does") {
  Shop shop;
  ir::Handoff edge;
  edge.target = {ir::Target::Kind::Agent, shop.other};
  edge.trigger.kind = ir::Trigger::Kind::Event;
  edge.trigger.on = {.kind = ir::EventPattern::Kind::Phrase, .after = {}, .values = {"speak to a person"}};
  shop.program.handoffs.add(edge);
  Call call{shop.program};
  call.connect();
  call.step(TextTyped{"I want to Speak to a person, now!"});
  CHECK(call.decided(Decision::HandoffStarted));
}

TEST_CASE("a timeout edge fires so long after its agent took the call") {
  Shop shop;
  ir::Handoff edge;
  edge.from = shop.desk;
  edge.target = {ir::Target::Kind::Agent, shop.other};
  edge.trigger.kind = ir::Trigger::Kind::After;
  edge.trigger.after = 2min;
  shop.program.handoffs.add(edge);
  Call call{shop.program};
  call.connect();
  call.wait(119s);
  CHECK(call.session.state().agent == shop.desk);
  call.wait(1s);
  CHECK(call.session.state().agent == shop.other);
}

TEST_CASE("back leads to the agent that handed over, and greets as on a return") {
  Shop shop;
  shop.agent().greet_return = words("Welcome back.");
  Call call{shop.program};
  call.connect();
  call.turn();
  auto response = call.starts();
  call.calls_tool("handoff_other", Value::Record{}, response);
  call.ends(response);
  call.configured();
  call.answers(500ms, "Hello from the other one.");
  call.turn();
  response = call.starts();
  call.calls_tool("handoff_back", Value::Record{}, response);
  call.ends(response);
  call.configured();
  CHECK(call.session.state().agent == shop.desk);
  CHECK(asked_for(call, "Welcome back."));
}

TEST_CASE("an edge's line is said by the old agent, before the new one is configured") {
  Shop shop;
  shop.program.handoffs[Id<ir::Handoff>{0}].say = words("I'm putting you through.");
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("handoff_other", Value::Record{}, response);
  call.ends(response);
  CHECK(asked_for(call, "I'm putting you through."));
  CHECK(call.ever<Configure>().size() == 1);
  call.answers(800ms, "I'm putting you through.");
  CHECK(call.ever<Configure>().back().agent == shop.other);
}

TEST_CASE("carried values reach the new agent's prompt") {
  Shop shop;
  const auto string = shop.program.types.add({.kind = ir::Type::Kind::String});
  shop.program.handoffs[Id<ir::Handoff>{0}].carry = {{.name = "reason", .type = string}};
  const auto reason = shop.program.exprs.add({.op = ir::Expr::Op::Local, .literal = {}, .state = {}, .name = "reason"});
  shop.program.agents[shop.other].instructions = {{.kind = ir::TemplatePart::Kind::Hole, .text = {}, .expr = reason, .then = {}, .otherwise = {}}};
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("handoff_other", Value::Record{{"reason", "a strange charge"}}, response);
  call.ends(response);
  CHECK(call.ever<Configure>().back().instructions == "a strange charge");
}

TEST_CASE("a handoff call without what it must carry is answered with a sentence and does not move the call") {
  Shop shop;
  const auto string = shop.program.types.add({.kind = ir::Type::Kind::String});
  shop.program.handoffs[Id<ir::Handoff>{0}].carry = {{.name = "reason", .type = string}};
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("handoff_other", Value::Record{}, response);
  CHECK(call.the<AnswerCall>().output.find("error") != std::string::npos);
  call.ends(response);
  CHECK(call.session.state().agent == shop.desk);
}

TEST_CASE("turn control server: the service's own response answers the turn, and ours stays unasked") {
  Shop shop;
  ir::Realtime link;
  link.name = "voice";
  link.turn_control = ir::TurnControl::Server;
  shop.program.realtime = shop.program.realtimes.add(link);
  Call call{shop.program};
  call.connect();
  CHECK(call.ever<Configure>().back().server_turns);
  call.turn();
  CHECK_FALSE(call.asked());
  call.step(ResponseStarted{call.epoch, ResponseId{1}, {}});
  call.says(ResponseId{1}, 1000ms);
  call.ends(ResponseId{1});
  call.drains();
  call.wait(10s);
  CHECK(call.ever<CreateResponse>().empty());
}

TEST_CASE("turn control server: a service that stays silent is asked after all") {
  Shop shop;
  ir::Realtime link;
  link.turn_control = ir::TurnControl::Server;
  shop.program.realtime = shop.program.realtimes.add(link);
  Call call{shop.program};
  call.connect();
  call.turn();
  call.wait(5s);
  CHECK(call.asked());
}

TEST_CASE("turn control own is the default: the service neither answers nor interrupts by itself") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  CHECK_FALSE(call.ever<Configure>().back().server_turns);
}

TEST_CASE("a key that the service refuses ends the call with its code, and nothing is tried again") {
  Shop shop;
  Call call{shop.program};
  call.step(CallerConnected{"", ""});
  call.step(LinkFailed{call.session.state().link.epoch, true, "R0105", "the key was refused"});
  CHECK(call.effects<OpenLink>().empty());
  CHECK(call.effects<HangUp>().size() == 1);
  call.step(CallerHungUp{});
  CHECK(call.the<Finish>().code == "R0105");
}

TEST_CASE("a refused connection is tried again with a growing wait, a bounded number of times") {
  Shop shop;
  Call call{shop.program};
  call.step(CallerConnected{"", ""});
  Millis before{-1};
  for (int i = 0; i < 5; ++i) {
    call.step(LinkFailed{call.session.state().link.epoch, false, "R0101", "refused"});
    CHECK(call.the<OpenLink>().after > before);
    before = call.the<OpenLink>().after;
  }
  call.step(LinkFailed{call.session.state().link.epoch, false, "R0101", "refused"});
  CHECK(call.effects<OpenLink>().empty());
  CHECK(call.effects<HangUp>().size() == 1);
}

TEST_CASE("a request to stop ends the call in order: silence, hang-up, the end") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.lookup();
  call.step(StopRequested{});
  CHECK(call.effects<HangUp>().size() == 1);
  call.step(CallerHungUp{});
  call.wait(10s);
  CHECK(call.session.finished());
}

TEST_CASE("what an older link says is ignored") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  const auto old = call.epoch;
  call.step(LinkLost{old, "R0109", "gone"});
  call.open();
  call.step(SpeechStarted{old, ItemId{50}});
  CHECK_FALSE(call.session.state().caller.speaking);
}

TEST_CASE("failures of tools are counted in a row, and one that works begins anew") {
  Shop shop;
  auto third = on({.kind = ir::EventPattern::Kind::ToolFailed, .after = {}, .values = {}}, {say("It does not work today.")});
  third.on.count = 3;
  shop.program.handlers.add(third);
  Call call{shop.program};
  call.connect();
  const auto fails = [&](const std::string& query) {
    const auto job = call.lookup(query);
    call.step(ToolFailed{job, 1, "R0201", "broken", false});
    const bool said = asked_for(call, "It does not work today.");
    call.answers();
    return said;
  };
  CHECK_FALSE(fails("a"));
  CHECK_FALSE(fails("b"));
  const auto works = call.lookup("c");
  call.finishes(works);
  call.wait(1s);
  call.answers();
  CHECK_FALSE(fails("d"));
  CHECK_FALSE(fails("e"));
  CHECK(fails("f"));
}
