// The signature behaviour: a tool runs in the background, and its result is told at the right moment.

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

TEST_CASE("a lookup that outlasts the ack threshold is answered with an ack, and the ack is spoken") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "orders"}}, response);
  CHECK(call.effects<StartTool>().size() == 1);
  call.ends(response);
  CHECK(call.effects<AnswerCall>().empty());

  call.wait(400ms);
  CHECK(call.ever<AnswerCall>().size() == 1);
  const auto line = call.ever<CreateResponse>().back();
  CHECK(line.out_of_band);
  CHECK(line.instructions.find("\"One moment.\"") != std::string::npos);
}

TEST_CASE("a result that beats the ack threshold is the answer, and is told by one reply") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "orders"}}, response);
  call.finishes(JobId{1});
  CHECK(call.the<AnswerCall>().output == "\"two boots\"");
  CHECK(call.effects<CreateResponse>().empty());  // its response still runs
  call.ends(response);
  CHECK(call.effects<CreateResponse>().size() == 1);
  call.answers();
  CHECK(call.stage(JobId{1}) == Job::Stage::Delivered);
}

TEST_CASE("a late result interrupts the agent, is told once, and is delivered when it was heard") {
  Shop shop;
  shop.rules().deliver = ir::Policy::Deliver::Interrupt;
  Call call{shop.program};
  call.connect();
  const auto job = call.lookup();

  call.turn("are the boots warm");
  const auto talk = call.starts();
  const auto item = call.says(talk, 4000ms);
  call.wait(1000ms);
  call.finishes(job);
  CHECK(call.effects<FlushPlayout>().size() == 1);
  CHECK(call.the<CancelResponse>().response == talk);
  CHECK(call.effects<CreateResponse>().empty());

  call.flushed(1000ms);
  CHECK(call.the<TruncateItem>() == TruncateItem{call.epoch, item, 1000ms});
  call.ends(talk, ResponseStatus::Cancelled);
  CHECK(call.the<CreateMessage>().text.find("two boots") != std::string::npos);
  CHECK(call.effects<CreateResponse>().size() == 1);
  call.answers();
  CHECK(call.stage(job) == Job::Stage::Delivered);
  CHECK_FALSE(call.asked());
}

TEST_CASE("a result that arrives while the caller speaks shares the reply's response") {
  Shop shop;
  shop.rules().deliver = ir::Policy::Deliver::Interrupt;
  Call call{shop.program};
  call.connect();
  const auto job = call.lookup();
  const auto item = call.speaks();
  call.wait(500ms);
  call.finishes(job);
  CHECK(call.effects<CreateResponse>().empty());
  call.wait(800ms);
  call.falls_silent(item);
  CHECK(call.the<CreateMessage>().role == Role::System);
  CHECK(call.effects<CreateResponse>().size() == 1);
  call.answers();
  CHECK(call.stage(job) == Job::Stage::Delivered);
}
