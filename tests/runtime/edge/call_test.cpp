// A whole call: what goes over the socket, what the caller hears, and what is written down.

#include "runtime/edge/call.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>

#include "runtime/core/session.h"
#include "tests/runtime/edge/world.h"

namespace flow::edge {

TEST_CASE("a call connects with its key, is configured, and is told so") {
  World world;
  world.connect();
  CHECK(find(world.service.headers, "Authorization") == "Bearer sk-secret");
  CHECK(world.service.target == "/v1/realtime?model=m");
  REQUIRE(world.service.count("session.update") == 1);
  const auto session = world.service.all("session.update")[0];
  CHECK(session.field("session")->field("instructions")->text()->find("Be brief.") != std::string::npos);
  CHECK(std::get<core::CallerConnected>(world.journal.lines.at(0)).call_name == "call-1");
}

TEST_CASE("the key is in no frame, note or journal") {
  World world;
  world.connect();
  world.reply("caller_1", "resp_1", "item_1", 500ms);
  for (const auto& [direction, frame] : world.notes.frames) CHECK(frame.find("sk-secret") == std::string::npos);
  CHECK(world.notes.problems.empty());
}

TEST_CASE("the caller's voice flows once the link has its configuration, from the first frame on") {
  World world;
  world.service.configures = false;
  world.start();
  world.service.await("session.update");
  world.pass(100ms, 1'000);
  CHECK(world.service.heard().empty());

  world.service.tell(
      R"({"type":"session.updated","event_id":"e","session":{"type":"realtime","id":"s","object":"realtime.session"}})");
  world.await_decision(core::Decision::LinkUp);
  world.pass(100ms, 2'000);
  world.await([&] { return world.service.heard().size() == 10 * audio::FrameSamples; });
  auto all = std::vector<std::int16_t>(5 * audio::FrameSamples, 1'000);  // what was said before
  all.resize(10 * audio::FrameSamples, 2'000);
  CHECK(world.service.heard() == all);
  CHECK(world.journal.caller_samples == 10 * audio::FrameSamples);
  CHECK(world.journal.agent_samples == 10 * audio::FrameSamples);
}

TEST_CASE("the agent's voice is played, and what the caller heard of it is known") {
  World world;
  world.connect();
  world.reply("caller_1", "resp_1", "item_1", 400ms);
  world.service.ends("resp_1");
  world.phone.frame();
  CHECK_FALSE(world.phone.silent);
  world.pass(500ms);
  CHECK(world.phone.silent);
  CHECK(last_of<core::PlayoutDrained>(world.notes.events).played == core::to_samples(400ms));
}

TEST_CASE("what the caller waited for is told stage by stage, with what the channel adds, and is in the journal") {
  World world;
  world.phone.delay = {.in = 15ms, .out = 35ms};
  world.connect();
  world.turn("caller_1");
  world.pass(60ms);  // the service thinks
  world.service.starts("resp_1");
  world.await_event<core::ResponseStarted>();
  world.pass(100ms);
  world.service.says("resp_1", "item_1", 400ms);
  world.await_event<core::AudioArrived>();
  world.pass(40ms);
  REQUIRE(world.notes.felt.size() == 1);
  const auto& delay = world.notes.felt[0];
  CHECK(delay.kind == telemetry::Delay::Kind::Reply);
  core::Millis sum{0};
  for (const auto& part : delay.parts) sum += part.took;
  CHECK(sum == delay.took());
  const auto took = [&](telemetry::Stage stage) {
    const auto part = std::ranges::find(delay.parts, stage, &telemetry::Delay::Part::stage);
    REQUIRE(part != delay.parts.end());
    return part->took;
  };
  CHECK(took(telemetry::Stage::DeviceIn) == 15ms);
  CHECK(took(telemetry::Stage::Service) == 60ms);
  CHECK(took(telemetry::Stage::FirstAudio) == 100ms);
  CHECK(world.journal.latencies == std::vector{world.phone.delay});
}

TEST_CASE("a caller who interrupts hears nothing more, and the model is told what was heard") {
  World world;
  world.connect();
  world.reply("caller_1", "resp_1", "item_1", 4'000ms);
  world.pass(600ms);
  CHECK_FALSE(world.phone.silent);

  world.service.caller_speaks("caller_2");
  world.await_event<core::PlayoutFlushed>();
  world.phone.frame();
  CHECK(world.phone.silent);
  const auto cancel = world.service.await("response.cancel");
  CHECK(*cancel.field("response_id")->text() == "resp_1");
  const auto truncate = world.service.await("conversation.item.truncate");
  CHECK(*truncate.field("item_id")->text() == "item_1");
  CHECK(truncate.field("audio_end_ms")->data == Value(std::int64_t{600}).data);

  world.service.sounds("resp_1", "item_1", 1'000ms);  // was on its way
  net::turn(world.loop);
  world.phone.frame();
  CHECK(world.phone.silent);
  REQUIRE(world.notes.delays.size() == 1);
  CHECK(world.notes.delays[0].first == Latency::Silence);
}

TEST_CASE("the answer to an order is taken before anything else the service has sent") {
  World world;
  world.connect();
  world.reply("caller_1", "resp_1", "item_1", 4'000ms);
  world.pass(600ms);
  world.service.caller_speaks("caller_2");
  world.service.sounds("resp_1", "item_1", 20ms);
  world.service.ends("resp_1", "cancelled");
  world.await_event<core::ResponseEnded>();
  const auto& lines = world.journal.lines;
  const auto speech = std::find_if(lines.begin(), lines.end(), [](const core::Event& e) {
    const auto* started = std::get_if<core::SpeechStarted>(&e);
    return started != nullptr && started->item != core::ItemId{1};
  });
  REQUIRE(speech != lines.end());
  CHECK(std::holds_alternative<core::PlayoutFlushed>(*std::next(speech)));
}

TEST_CASE("a tool runs in the background and its result is told, from ready to the socket without a detour") {
  World world;
  world.shop.rules().ack_after = 20ms;
  world.connect();
  world.turn("caller_1");
  world.service.starts("resp_1");
  world.service.calls("resp_1", "item_1", "call_1", "look", R"({"query":"boots"})");
  world.service.ends("resp_1");
  world.await([&] { return world.tools->started.size() == 1; });
  const auto order = world.tools->started[0];
  CHECK(*order.arguments.field("query")->text() == "boots");

  world.pass(60ms);
  const auto ack = world.service.await("conversation.item.create");
  CHECK(*ack.field("item")->field("call_id")->text() == "call_1");
  world.service.await("response.create", 2);  // "One moment."
  world.service.starts("resp_2");
  world.service.says("resp_2", "item_2", 200ms, "One moment.");
  world.service.ends("resp_2");
  world.await_event<core::ResponseEnded>(2);
  world.pass(1'500ms);

  world.tools->report(core::ToolFinished{order.job, order.attempt, "two boots"});
  REQUIRE(world.notes.delays.size() == 1);  // measured inside the report
  CHECK(world.notes.delays[0].first == Latency::Injection);
  world.service.await_text("two boots");
  world.service.await("response.create", 3);
}

TEST_CASE("a tool that writes starts when the disk knows of it, and not if the disk refuses") {
  World world;
  world.connect();
  world.turn("caller_1");
  world.service.starts("resp_1");
  world.service.calls("resp_1", "item_1", "call_1", "write", R"({"query":"order boots"})");
  world.service.ends("resp_1");
  world.await([&] { return world.journal.flushes.size() == 1; });
  CHECK(world.tools->started.empty());
  SECTION("it knows") {
    world.journal.flushes[0]({});
    CHECK(world.tools->started.size() == 1);
  }
  SECTION("it refuses") {
    world.journal.flushes[0](failure("R0401", "the journal cannot be written"));
    CHECK(world.tools->started.empty());
    CHECK(world.notes.decided(core::Decision::ToolFailed) == 1);
    world.service.await("conversation.item.create");  // the model is told
  }
}

TEST_CASE("events that cannot be read are passed over, told once a link, and harm nothing") {
  World world;
  world.connect();
  for (const auto* frame : {"not json", "[]", "{}", R"({"type":"response.created"})",
                            R"({"type":"response.output_audio.delta","delta":"!"})"}) {
    world.service.tell(frame);
  }
  world.service.tell(R"({"type":"something.new","event_id":"e"})");
  world.reply("caller_1", "resp_1", "item_1", 100ms);
  REQUIRE(world.notes.problems.size() == 1);
  CHECK(world.notes.problems[0].code == "R0110");
}

TEST_CASE("a call that the operator ends says good-bye to caller and service, and is over once") {
  World world;
  world.connect();
  world.reply("caller_1", "resp_1", "item_1", 4'000ms);
  world.call->stop();
  CHECK(world.phone.closed);
  CHECK_FALSE(world.finish);  // the service has not closed yet
  world.await([&] { return world.finish.has_value(); });
  CHECK(world.finish->code.empty());
  REQUIRE(world.service.closed);
  CHECK(world.service.closed->code == 1000);
  CHECK(count_of<core::CallerHungUp>(world.journal.lines) == 1);
}

TEST_CASE("a caller who hangs up ends the call") {
  World world;
  world.connect();
  world.reply("caller_1", "resp_1", "item_1", 4'000ms);
  world.phone.listener().happened(core::CallerHungUp{});
  world.await([&] { return world.finish.has_value(); });
  CHECK(world.finish->code.empty());
  CHECK(world.service.closed);
}

TEST_CASE("the owner may destroy call and phone when told that it is over") {
  World world;
  auto phone = std::make_unique<FakePhone>();
  bool over = false;
  std::unique_ptr<Call> call;
  CallSetup setup{.program = world.shop.program,
                  .loop = world.loop,
                  .blocks = world.blocks,
                  .channel = *phone,
                  .dialect = dialect_of("openai"),
                  .tools = [](Report report) { return std::make_unique<FakeTools>(std::move(report)); },
                  .finished = [&](const core::Finish&) { over = true, call.reset(), phone.reset(); }};
  call = std::make_unique<Call>(std::move(setup));
  call->start();
  net::turn(world.loop);
  call->stop();
  world.await([&] { return over; });
  net::turn(world.loop);
}

TEST_CASE("a call may be dropped at any moment") {
  const int moment = GENERATE(0, 1, 2, 3, 4);
  World world;
  if (moment == 0) world.start();
  if (moment == 1) world.connect();
  if (moment >= 2) world.connect(), world.reply("caller_1", "resp_1", "item_1", 2'000ms);
  if (moment == 3) world.service.caller_speaks("caller_2");
  if (moment == 4) world.call->stop();
  world.call.reset();
  net::turn(world.loop);
  CHECK_FALSE(world.finish);
  CHECK(world.blocks.lent_blocks() == 0);
}

TEST_CASE("everything that was taken is in the journal before, and everything that was ordered after") {
  World world;
  world.connect();
  world.reply("caller_1", "resp_1", "item_1", 4'000ms);
  world.pass(300ms);
  world.service.caller_speaks("caller_2");
  world.await_event<core::PlayoutFlushed>();
  world.call->stop();
  world.await([&] { return world.finish.has_value(); });
  CHECK(world.journal.lines == world.notes.events);
  CHECK(world.journal.ordered == world.notes.effects);
  CHECK(std::is_sorted(world.journal.times.begin(), world.journal.times.end()));

  // The journal is the whole truth: the same events give the same effects again.
  core::Session again(world.shop.program);
  core::EffectList effects;
  for (std::size_t i = 0; i < world.journal.lines.size(); ++i)
    again.step(world.journal.lines[i], world.journal.times[i], effects);
  CHECK(effects == world.journal.ordered);
}

TEST_CASE("calls of one loop know nothing of each other") {
  World world;
  FakeService other_service(world.loop);
  auto other_shop = world.shop;
  other_shop.program.realtimes[other_shop.program.realtime].url = other_service.url();
  FakePhone other_phone;
  Notes other_notes;
  CallSetup setup{.program = other_shop.program,
                  .loop = world.loop,
                  .blocks = world.blocks,
                  .channel = other_phone,
                  .dialect = dialect_of("openai"),
                  .tools = [](Report report) { return std::make_unique<FakeTools>(std::move(report)); }};
  setup.observers = {&other_notes};
  Call other(std::move(setup));
  world.connect();
  other.start();
  world.await([&] { return other_notes.decided(core::Decision::LinkUp) == 1; });
  world.reply("caller_1", "resp_1", "item_1", 500ms);
  CHECK(count_of<core::SpeechStarted>(other_notes.events) == 0);
  other_phone.frame();
  CHECK(other_phone.silent);
  world.phone.frame();
  CHECK_FALSE(world.phone.silent);
}

}  // namespace flow::edge
