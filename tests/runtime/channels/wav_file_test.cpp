#include "runtime/channels/wav_file.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/runtime/channels/call.h"

namespace flow::channels {
namespace {

using net::Millis;

auto voice(Millis length) -> std::vector<std::int16_t> {
  return std::vector<std::int16_t>(static_cast<std::size_t>(core::to_samples(length).count), 3000);
}

}  // namespace

TEST_CASE_METHOD(Call, "the file is heard in real time, in whole frames, then silence") {
  WavFile channel{pacer, voice(Millis{50})};
  channel.open(playout, listener);
  pass(Millis{40});
  CHECK(listener.caller == voice(Millis{40}));
  pass(Millis{60});
  REQUIRE(listener.caller.size() == static_cast<std::size_t>(core::to_samples(Millis{100}).count));
  CHECK(listener.caller[1199] == 3000);
  CHECK(listener.caller[1200] == 0);
  CHECK(channel.has_voice());
}

TEST_CASE_METHOD(Call, "the caller hangs up when it has been quiet for the tail") {
  WavFile channel{pacer, voice(Millis{20}), Millis{200}};
  channel.open(playout, listener);
  pass(Millis{220});
  CHECK_FALSE(listener.hung_up());
  pass(Millis{20});
  CHECK(listener.events == std::vector<core::Event>{core::CallerHungUp{}});
  pass(Millis{1000});
  CHECK(listener.events.size() == 1);
}

TEST_CASE_METHOD(Call, "the caller hears the agent out before hanging up") {
  WavFile channel{pacer, voice(Millis{20}), Millis{200}};
  channel.open(playout, listener);
  pass(Millis{100});
  say(Millis{1000});
  pass(Millis{1100});
  CHECK_FALSE(listener.hung_up());
  pass(Millis{220});
  CHECK(listener.hung_up());
}

TEST_CASE_METHOD(Call, "a file that cannot be read is told before the call") {
  const auto channel = WavFile::read(pacer, "/no/such/caller.wav");
  REQUIRE_FALSE(channel);
  CHECK(channel.error().code == "R0301");
}

TEST_CASE_METHOD(Call, "a channel that is closed is silent and does not hang up") {
  WavFile channel{pacer, voice(Millis{20}), Millis{40}};
  channel.open(playout, listener);
  pass(Millis{20});
  channel.close();
  pass(Millis{500});
  CHECK(listener.events.empty());
  CHECK(listener.caller.size() == audio::FrameSamples);
}

}  // namespace flow::channels
