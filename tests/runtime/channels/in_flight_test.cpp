#include "runtime/channels/in_flight.h"

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace flow;
using audio::Samples;
using channels::InFlight;

namespace {

void give(InFlight& flight, std::int64_t voice, std::int64_t silence) {
  std::vector<std::int16_t> pcm(static_cast<std::size_t>(voice), 9);
  pcm.resize(static_cast<std::size_t>(voice + silence), 0);
  flight.give(pcm, Samples{voice});
}

}  // namespace

TEST_CASE("the agent's samples are counted once, as far as they were reached") {
  InFlight flight;
  give(flight, 0, 100);
  give(flight, 300, 0);
  give(flight, 50, 150);
  CHECK(flight.count_voice(Samples{100}) == Samples{0});
  CHECK(flight.count_voice(Samples{250}) == Samples{150});
  CHECK(flight.count_voice(Samples{250}) == Samples{0});
  CHECK(flight.count_voice(Samples{600}) == Samples{200});
}

TEST_CASE("what was cut is not counted, and what follows takes its place") {
  InFlight flight;
  give(flight, 400, 0);
  flight.cut(Samples{250});
  give(flight, 0, 100);
  give(flight, 100, 0);
  CHECK(flight.given() == Samples{450});
  CHECK(flight.count_voice(Samples{350}) == Samples{250});
  CHECK(flight.count_voice(Samples{450}) == Samples{100});
}

TEST_CASE("a frame is what was given at its place, also after older ones are forgotten") {
  InFlight flight;
  give(flight, 480, 480);
  give(flight, 480, 0);
  flight.forget(Samples{300});
  CHECK(flight.frame(Samples{300})[0] == 9);
  CHECK(flight.frame(Samples{480})[0] == 0);
  CHECK(flight.frame(Samples{960})[0] == 9);
}
