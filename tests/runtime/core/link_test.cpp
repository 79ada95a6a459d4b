// A link that is lost, wherever the call stands.

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

TEST_CASE("a lost socket in every state: the call goes on with a new link, and whoever is owed a reply gets it") {
  // Each brings a call into one state; the socket goes there.
  const std::vector<std::pair<const char*, void (*)(Call&)>> states = {
      {"a turn is being spoken", [](Call& call) { call.speaks(); }},
      {"a turn is spoken and not committed", [](Call& call) { call.step(SpeechStopped{call.epoch, call.speaks()}); }},
      {"a create has no verdict", [](Call& call) { call.step(TextTyped{"hello"}); }},
      {"a doomed create has no verdict", [](Call& call) { call.step(TextTyped{"hello"}), call.step(TextTyped{"no"}); }},
      {"a response has begun", [](Call& call) { call.step(TextTyped{"hello"}), call.starts(); }},
      {"a response is spoken", [](Call& call) { call.step(TextTyped{"hello"}), call.says(call.starts(), 2000ms); }},
      {"a response is being cancelled", [](Call& call) { call.step(TextTyped{"hello"}), call.says(call.starts(), 2000ms), call.speaks(); }},
      {"the tail is being heard",
       [](Call& call) {
         call.step(TextTyped{"hello"});
         const auto response = call.starts();
         call.says(response, 2000ms);
         call.ends(response);
       }},
      {"a function call is open",
       [](Call& call) {
         call.step(TextTyped{"hello"});
         call.calls_tool("look", Value::Record{{"query", "a"}}, call.starts());
       }},
      {"a handoff is being configured",
       [](Call& call) {
         call.step(TextTyped{"hello"});
         const auto response = call.starts();
         call.calls_tool("handoff_other", Value::Record{}, response);
         call.ends(response);
       }},
      {"a short barge-in waits for its transcript",
       [](Call& call) {
         call.step(TextTyped{"hello"});
         call.says(call.starts(), 2000ms);
         const auto item = call.speaks();
         call.step(SpeechStopped{call.epoch, item});
         call.step(TurnCommitted{call.epoch, item});
       }},
  };
  for (const auto& [name, reach] : states) {
    INFO(name);
    Shop shop;
    Call call{shop.program};
    call.connect();
    reach(call);
    call.step(LinkLost{call.epoch, "R0109", "gone"});
    CHECK(call.the<OpenLink>().epoch == Epoch{2});
    call.open();
    if (call.session.state().flush) call.flushed(0ms);
    if (!call.session.state().playout.all_played()) call.drains();
    // Whatever was under way is over; a new turn is answered as ever.
    for (int i = 0; i < 4 && call.asked(); ++i) call.answers(500ms, "Hello from the other one.");
    call.step(TextTyped{"are you there"});
    REQUIRE(call.asked());
    call.answers();
    CHECK(call.session.state().phase == Session::State::Phase::Live);
  }
}

TEST_CASE("a result that came beside a handoff is told by the new agent, though the socket goes before anybody spoke") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.step(TextTyped{"look it up, and put me through"});
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "orders"}}, response);
  const JobId job{call.session.state().last_job};
  call.calls_tool("handoff_other", Value::Record{}, response);
  call.finishes(job);
  call.step(LinkLost{call.epoch, "R0109", "gone"});
  call.open();
  if (call.session.state().link.awaiting_configured) call.configured();
  for (int i = 0; i < 4 && call.asked(); ++i) call.answers(2000ms, "Two boots.");
  CHECK(call.stage(job) == Job::Stage::Delivered);
}
