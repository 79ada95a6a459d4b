// `history summary`: what the next agent is told instead of the talk.

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

namespace {

struct Desk : Shop {
  Desk() { program.handoffs[Id<ir::Handoff>{0}].history = ir::History::Summary; }
};

// A talk of some turns, then the model hands over. The summary is asked for.
void hand_over(Call& call, int turns = 8) {
  for (int i = 0; i < turns; ++i) {
    call.turn("turn " + std::to_string(i));
    call.answers();
  }
  call.turn("the last words");
  const auto response = call.starts();
  call.calls_tool("handoff_other", Value::Record{}, response);
  call.ends(response);
}
void writes(Call& call, ResponseId response, std::string text) { call.step(SpokenTextArrived{call.epoch, response, ItemId{++call.items}, std::move(text)}); }

auto told(const Call& call) -> std::string {
  for (const auto& message : call.ever<CreateMessage>()) {
    if (message.text.starts_with("What was said before")) return message.text;
  }
  return {};
}
auto callers_turns(const Call& call) -> int {
  int turns = 0;
  for (const auto& entry : call.session.state().history) turns += entry.kind == Entry::Kind::Caller ? 1 : 0;
  return turns;
}

}  // namespace

TEST_CASE("the next agent gets the model's summary and the last turn, and nobody hears it") {
  Desk desk;
  Call call{desk.program};
  call.connect();
  hand_over(call);
  REQUIRE(call.asked());
  const auto ask = call.ever<CreateResponse>().back();
  CHECK_FALSE(ask.aloud);
  CHECK(ask.out_of_band);
  CHECK_FALSE(ask.functions);
  const auto response = call.starts();
  writes(call, response, "They want ");
  writes(call, response, "boots.");
  call.ends(response);
  call.configured();
  CHECK(told(call) == "What was said before, in short: They want boots.");
  CHECK(callers_turns(call) == 1);
  CHECK(call.session.state().agent == desk.other);
  for (const auto& admitted : call.ever<AdmitAudio>()) CHECK(admitted.response != response);
}

TEST_CASE("a summary that does not come in time leaves the last six turns in its place") {
  Desk desk;
  Call call{desk.program};
  call.connect();
  hand_over(call);
  const auto response = call.starts();
  call.wait(4s);
  CHECK(call.the<CancelResponse>().response == response);
  writes(call, response, "too late");
  call.ends(response, ResponseStatus::Cancelled);
  CHECK(call.session.state().agent == desk.other);
  CHECK(callers_turns(call) == 6);
  call.configured();
  CHECK(told(call).empty());
}

TEST_CASE("a summary that fails, or is empty, is not asked for twice") {
  for (const auto status : {ResponseStatus::Failed, ResponseStatus::Completed}) {
    Desk desk;
    Call call{desk.program};
    call.connect();
    hand_over(call);
    const auto asks = call.ever<CreateResponse>().size();
    call.ends(call.starts(), status);
    call.configured();
    CHECK(call.ever<CreateResponse>().size() == asks + 1);  // the new agent's first words
    CHECK(call.session.state().agent == desk.other);
    CHECK(callers_turns(call) == 6);
  }
}

TEST_CASE("the summary is written while the line before the handoff is still being heard") {
  Desk desk;
  desk.program.handoffs[Id<ir::Handoff>{0}].say = words("I'm putting you through.");
  Call call{desk.program};
  call.connect();
  hand_over(call, 2);
  const auto line = call.starts();
  call.says(line, 3s, "I'm putting you through.");
  call.ends(line);
  REQUIRE(call.asked());
  CHECK_FALSE(call.ever<CreateResponse>().back().aloud);
  const auto response = call.starts();
  writes(call, response, "Boots.");
  call.ends(response);
  CHECK(call.session.state().agent == desk.desk);  // the line is not over
  call.drains();
  call.configured();
  CHECK(told(call) == "What was said before, in short: Boots.");
}

TEST_CASE("a caller who speaks does not stop the summary, and the new agent answers them") {
  Desk desk;
  Call call{desk.program};
  call.connect();
  hand_over(call, 2);
  const auto response = call.starts();
  const auto item = call.speaks();
  CHECK(call.ever<CancelResponse>().empty());
  writes(call, response, "Boots.");
  call.ends(response);
  call.configured();
  CHECK(call.session.state().agent == desk.other);
  CHECK(told(call) == "What was said before, in short: Boots.");
  call.falls_silent(item, "and one more thing");
  CHECK(call.asked());
}

TEST_CASE("a link that is lost while the summary is written does not hold up the handoff for ever") {
  Desk desk;
  Call call{desk.program};
  call.connect();
  hand_over(call, 2);
  call.starts();
  call.step(LinkLost{call.epoch, "R0108", "gone"});
  call.wait(5s);
  call.open();
  call.wait(5s);
  call.configured();
  CHECK(call.session.state().agent == desk.other);
}

TEST_CASE("a caller who hangs up while the summary is written ends the call") {
  Desk desk;
  Call call{desk.program};
  call.connect();
  hand_over(call, 2);
  call.starts();
  call.step(CallerHungUp{});
  CHECK(call.ever<Finish>().size() == 1);
}

TEST_CASE("a service without responses beside the conversation is not asked for a summary") {
  Desk desk;
  Call call{desk.program};
  Capabilities can;
  can.out_of_band = false;
  call.connect(can);
  hand_over(call);
  call.configured();
  CHECK(call.session.state().agent == desk.other);
  CHECK(callers_turns(call) == 6);
}
