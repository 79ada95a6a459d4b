#include "runtime/channels/steady.h"

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono_literals;
using namespace flow;
using channels::Steady;

namespace {

auto look(Steady& steady, audio::Millis told, audio::Millis now) { return steady.look(audio::to_samples(told), audio::to_samples(now)); }

}  // namespace

TEST_CASE("a track that begins late is filled up to where it begins") {
  Steady steady;
  CHECK(look(steady, 0ms, 67ms) == 3);
}

TEST_CASE("frames that come late now and then are no drift") {
  Steady steady;
  look(steady, 0ms, 10ms);
  for (auto now = 20ms; now < 20'000ms; now += 20ms) CHECK(look(steady, now, now + (now.count() % 200 == 0 ? 150ms : 10ms)) == 0);
}

TEST_CASE("a track that stays behind by 40 ms gets the frames it lacks") {
  Steady steady;
  look(steady, 0ms, 0ms);
  int put_in = 0;
  for (auto now = 20ms; now < 10'000ms; now += 20ms) put_in += look(steady, now - 45ms + put_in * 20ms, now);
  CHECK(put_in == 2);
}

TEST_CASE("a track that runs ahead by more than 40 ms is told what to leave out") {
  Steady steady;
  look(steady, 0ms, 0ms);
  int left_out = 0;
  for (auto now = 20ms; now < 10'000ms; now += 20ms) left_out -= look(steady, now + 65ms - left_out * 20ms, now);
  CHECK(left_out == 3);
}

TEST_CASE("a device that was away is made up for at once") {
  Steady steady;
  look(steady, 0ms, 0ms);
  CHECK(look(steady, 100ms, 1'100ms) == 50);
}
