#include "runtime/channels/player.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/runtime/channels/call.h"

namespace flow::channels {
namespace {

using net::Millis;

struct Fixture : Call {
  Player player{pacer};
  void start() {
    player.start(playout, listener, [](audio::Samples) {});
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "the agent's voice is played in real time, whoever hears it") {
  start();
  say(Millis{100});
  pass(Millis{60});
  CHECK(playout.played() == core::to_samples(Millis{60}));
  CHECK(listener.agent.size() == static_cast<std::size_t>(core::to_samples(Millis{60}).count));
  CHECK(player.agent_sounded());
  pass(Millis{60});
  CHECK_FALSE(player.agent_sounded());
}

TEST_CASE_METHOD(Fixture, "what playback reaches is told after the frame in which it was reached") {
  start();
  say(Millis{40});
  playout.set_mark(core::MarkId{1}, core::to_samples(Millis{10}));
  std::size_t heard_at_mark = 0;
  listener.on_event = [&](const core::Event& event) {
    if (std::holds_alternative<core::MarkReached>(event)) heard_at_mark = listener.agent.size();
  };
  pass(Millis{60});
  CHECK(heard_at_mark == audio::FrameSamples);
  CHECK(listener.events == std::vector<core::Event>{core::MarkReached{core::MarkId{1}},
                                                    core::PlayoutDrained{core::to_samples(Millis{40})}});
}

TEST_CASE_METHOD(Fixture, "a flush is answered at once and the next frame is silent") {
  start();
  say(Millis{500});
  pass(Millis{100});
  player.flush(core::FlushId{7});
  CHECK(listener.events ==
        std::vector<core::Event>{core::PlayoutFlushed{core::FlushId{7}, core::to_samples(Millis{100})}});
  pass(Millis{20});
  CHECK(listener.agent.back() == 0);
}

TEST_CASE_METHOD(Fixture, "whoever hears an event may stop the player inside it") {
  start();
  say(Millis{20});
  playout.set_mark(core::MarkId{1}, core::to_samples(Millis{10}));
  listener.on_event = [&](const core::Event&) { player.stop(); };
  pass(Millis{100});
  CHECK(listener.events.size() == 1);
  CHECK(listener.agent.size() == audio::FrameSamples);
}

TEST_CASE_METHOD(Fixture, "after a stall the recording keeps its place in real time") {
  start();
  pass(Millis{20});
  clock.advance(Millis{1000});
  loop.fire_due();
  REQUIRE(listener.agent_places.size() == 1 + Beats::CatchUpMax);
  CHECK(listener.agent_places.back() == core::to_samples(Millis{1000}));
}

}  // namespace flow::channels
