// The service goes away in every state, and comes back.

#include "runtime/edge/link.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/runtime/edge/world.h"

namespace flow::edge {

TEST_CASE("a key that is refused ends the call at once, with its code") {
  World world;
  world.service.refuses = 401;
  world.start();
  world.await([&] { return world.finish.has_value(); });
  CHECK(world.finish->code == "R0105");
  CHECK(world.finish->text.find("sk-secret") == std::string::npos);
  CHECK(world.phone.closed);
}

TEST_CASE("a service that is not ready is asked again, later each time, until it is") {
  World world;
  world.service.refuses = 503;
  world.start();
  world.await_event<core::LinkFailed>();
  net::turn(world.loop);
  CHECK(count_of<core::LinkFailed>(world.notes.events) == 1);  // it waits
  const auto waits = last_of<core::OpenLink>(world.notes.effects).after;
  CHECK(waits > 0ms);
  world.pass(waits);
  world.await_event<core::LinkFailed>(2);
  CHECK(last_of<core::OpenLink>(world.notes.effects).after > waits);

  world.service.refuses = 0;
  world.pass(last_of<core::OpenLink>(world.notes.effects).after);
  world.await_decision(core::Decision::LinkUp);
  CHECK(world.service.links == 1);
}

TEST_CASE("a service that accepts and says nothing is given up at the session's deadline, and tried again") {
  World world;
  world.service.greets = false;
  world.start();
  world.await([&] { return world.service.links == 1; });
  world.pass(15'000ms);
  world.await_event<core::TimerFired>();
  CHECK(world.notes.decided(core::Decision::LinkDown) == 1);
  world.service.greets = true;
  world.pass(2'000ms);
  world.await_decision(core::Decision::LinkUp);
}

TEST_CASE("a link that is lost before it was configured is opened again") {
  World world;
  world.service.configures = false;
  world.start();
  world.service.await("session.update");
  world.service.drop();
  world.await_event<core::LinkLost>();
  world.service.configures = true;
  world.pass(1'000ms);
  world.await_decision(core::Decision::LinkUp);
  CHECK(last_of<core::LinkLost>(world.notes.events).code == "R0108");
}

TEST_CASE("after a loss the conversation and the caller's last words go over the new link") {
  const bool orderly = GENERATE(false, true);
  World world;
  world.connect();
  world.reply("caller_1", "resp_1", "item_1", 200ms);
  world.service.ends("resp_1");
  world.await_event<core::ResponseEnded>();
  world.pass(600ms);

  // The caller is in the middle of a sentence.
  world.service.caller_speaks("caller_2");
  world.await_event<core::SpeechStarted>(2);
  world.pass(400ms, 7'000);
  orderly ? world.service.close(1012, "restart") : world.service.drop();
  world.await_event<core::LinkLost>();
  world.phone.frame(7'001);  // nobody is there to hear it
  world.await_decision(core::Decision::LinkUp, 2);

  CHECK(world.service.links == 2);
  world.service.await("conversation.item.create", 2);
  const auto items = world.service.all("conversation.item.create");
  REQUIRE(items.size() == 2);
  CHECK(to_json(items[0]).find("hello there") != std::string::npos);
  CHECK(to_json(items[1]).find("some words") != std::string::npos);
  world.await([&] { return !world.service.heard().empty() && world.service.heard().back() == 7'001; });
  const auto heard = world.service.heard();
  // All of the sentence, and some of the silence before it.
  CHECK(std::count(heard.begin(), heard.end(), 7'000) == 20 * audio::FrameSamples);
  CHECK(std::count(heard.begin(), heard.end(), 7'001) == audio::FrameSamples);
  world.pass(20ms, 7'002);
  world.await([&] { return world.service.heard().back() == 7'002; });
}

TEST_CASE("what was received before a loss is heard to its end") {
  World world;
  world.connect();
  world.reply("caller_1", "resp_1", "item_1", 1'000ms);
  world.service.drop();
  world.await_event<core::LinkLost>();
  world.pass(980ms);
  CHECK_FALSE(world.phone.silent);
}

TEST_CASE("a tool goes on while the link is away, and its result is told over the new one") {
  World world;
  world.connect();
  world.turn("caller_1");
  world.service.starts("resp_1");
  world.service.calls("resp_1", "item_1", "call_1", "look", R"({"query":"boots"})");
  world.service.ends("resp_1");
  world.await([&] { return world.tools->started.size() == 1; });
  world.service.drop();
  world.await_event<core::LinkLost>();
  const auto order = world.tools->started[0];
  world.tools->report(core::ToolFinished{order.job, order.attempt, "two boots"});
  world.await_decision(core::Decision::LinkUp, 2);
  world.service.await("response.create");  // the reply to the turn, which the lost link owed
  world.service.starts("resp_2");
  world.service.says("resp_2", "item_2", 200ms);
  world.service.ends("resp_2");
  world.await_event<core::ResponseEnded>(2);
  world.pass(2'000ms);
  world.service.await_text("two boots");
  CHECK(world.tools->stopped.empty());
}

TEST_CASE("what an old link still says does nothing") {
  World world;
  world.connect();
  world.reply("caller_1", "resp_1", "item_1", 200ms);
  const auto epoch = last_of<core::OpenLink>(world.notes.effects).epoch;
  world.service.drop();
  world.await_decision(core::Decision::LinkUp, 2);
  const auto effects = world.notes.effects.size();
  world.phone.listener().happened(core::SpeechStarted{epoch, core::ItemId{77}});
  world.phone.listener().happened(core::LinkLost{epoch, "R0108", "late"});
  CHECK(world.notes.effects.size() == effects);
  CHECK(world.service.links == 2);
}

TEST_CASE("a service that stays away ends the call with R0108") {
  World world;
  world.connect();
  world.service.refuses = 503;
  world.service.drop();
  world.await_event<core::LinkLost>();
  for (int i = 0; i < 100 && !world.finish; ++i) world.pass(1'000ms);
  REQUIRE(world.finish);
  CHECK(world.finish->code.starts_with("R01"));
}

TEST_CASE("names go on from link to link") {
  World world;
  world.connect();
  world.reply("caller_1", "resp_1", "item_1", 200ms);
  world.service.ends("resp_1");
  world.await_event<core::ResponseEnded>();
  world.pass(500ms);
  world.service.drop();
  world.await_decision(core::Decision::LinkUp, 2);
  world.reply("caller_1", "resp_1", "item_1", 200ms);  // names may repeat, numbers may not
  const auto& response = last_of<core::ResponseStarted>(world.notes.events);
  CHECK(response.response.n == 2);
}

}  // namespace flow::edge
