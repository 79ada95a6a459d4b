// What a loudspeaker tells of the sound it was given, on the stage's clock.

#include "runtime/rehearse/player.h"

#include <catch2/catch_test_macros.hpp>

using namespace flow;
using namespace flow::core;
using flow::rehearse::Player;

namespace {

constexpr auto At = [](int ms) { return Instant{Millis{ms}}; };

template <class Event>
auto is(const std::optional<Player::Due>& due, int at_ms) -> bool {
  return due && due->at == At(at_ms) && std::holds_alternative<Event>(due->event);
}

// A sentence of 400 ms, and another.
auto two_sentences() -> Player {
  Player player;
  player.watch_pauses(true);
  player.queue(to_samples(Millis{400}), true, At(0));
  player.queue(to_samples(Millis{400}), true, At(0));
  return player;
}

}  // namespace

TEST_CASE("the end of a sentence is due when it is there, and still at that very moment") {
  auto player = two_sentences();
  CHECK(is<PauseReached>(player.next(At(0)), 400));
  const auto now = player.next(At(400));
  REQUIRE(is<PauseReached>(now, 400));
  player.reported(now->event);
  CHECK(is<PlayoutDrained>(player.next(At(400)), 800));
}

TEST_CASE("the end of what was said before is no pause in what is said next") {
  auto player = two_sentences();
  player.reported(PauseReached{to_samples(Millis{400})});
  player.reported(player.next(At(800))->event);
  player.queue(to_samples(Millis{400}), true, At(1'000));
  player.queue(to_samples(Millis{400}), false, At(1'000));
  CHECK(is<PauseReached>(player.next(At(1'000)), 1'400));
}
