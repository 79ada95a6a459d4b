#include "runtime/audio/playout.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace flow::audio {
namespace {

using core::MarkReached;
using core::PauseReached;
using core::PlayoutDrained;
constexpr core::ResponseId R1{1}, R2{2};
constexpr core::MarkId M1{1}, M2{2};

auto tone(Millis length, std::int16_t level = 5000) -> std::vector<std::int16_t> {
  return std::vector<std::int16_t>(static_cast<std::size_t>(to_samples(length).count), level);
}

struct Fixture {
  BlockPool pool;
  Playout playout{pool};
  Reports reports;

  void say(core::ResponseId response, Millis length, std::int16_t level = 5000) {
    playout.push(response, tone(length, level));
  }
  auto play(Millis length) -> std::vector<std::int16_t> {
    auto out = tone(length, -1);
    reports.clear();
    playout.pull(out, reports);
    return out;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "audio of a response that was not admitted is dropped") {
  CHECK(playout.push(R1, tone(Millis{20})) == Samples{0});
  playout.admit(R1);
  CHECK(playout.push(R2, tone(Millis{20})) == Samples{0});
  CHECK(playout.push(R1, tone(Millis{20})) == to_samples(Millis{20}));
  CHECK(playout.pushed() == to_samples(Millis{20}));
}

TEST_CASE_METHOD(Fixture, "audio without a response is never admitted") {
  CHECK(playout.push({}, tone(Millis{20})) == Samples{0});
}

TEST_CASE_METHOD(Fixture, "a response admitted later is queued behind the one that still plays") {
  playout.admit(R1);
  say(R1, Millis{30}, 1000);
  playout.admit(R2);
  say(R2, Millis{30}, 2000);
  const auto heard = play(Millis{60});
  CHECK(heard.front() == 1000);
  CHECK(heard.back() == 2000);
}

TEST_CASE_METHOD(Fixture, "silence that fills an underrun does not count as played") {
  playout.admit(R1);
  say(R1, Millis{5});
  const auto heard = play(Millis{20});
  CHECK(heard[119] == 5000);
  CHECK(heard[120] == 0);
  CHECK(playout.played() == to_samples(Millis{5}));
}

TEST_CASE_METHOD(Fixture, "that all was played is told once for each emptying") {
  playout.admit(R1);
  say(R1, Millis{20});
  play(Millis{20});
  CHECK(reports == Reports{PlayoutDrained{to_samples(Millis{20})}});
  play(Millis{20});
  CHECK(reports.empty());
  say(R1, Millis{20});
  play(Millis{40});
  CHECK(reports == Reports{PlayoutDrained{to_samples(Millis{40})}});
}

TEST_CASE_METHOD(Fixture, "a flush says exactly what was heard and nothing of the rest is heard") {
  playout.admit(R1);
  say(R1, Millis{2000});
  play(Millis{500});
  CHECK(playout.flush() == to_samples(Millis{500}));
  CHECK(play(Millis{20}) == tone(Millis{20}, 0));
  CHECK(reports.empty());
  CHECK(playout.push(R1, tone(Millis{20})) == Samples{0});
}

TEST_CASE_METHOD(Fixture, "what was handed to a device but not played is not heard after a flush") {
  playout.admit(R1);
  say(R1, Millis{100});
  auto ring = tone(Millis{60});
  playout.take(ring);
  playout.confirm(to_samples(Millis{25}), reports);
  CHECK(playout.flush() == to_samples(Millis{25}));
  CHECK(playout.empty());
}

TEST_CASE_METHOD(Fixture, "a far player may confirm what it had taken after the cut") {
  playout.admit(R1);
  say(R1, Millis{100});
  auto sent = tone(Millis{60});
  playout.take(sent);
  playout.cut();
  CHECK(playout.push(R1, tone(Millis{20})) == Samples{0});
  playout.confirm(to_samples(Millis{40}), reports);
  CHECK(playout.flush() == to_samples(Millis{40}));
}

TEST_CASE_METHOD(Fixture, "a paused playout gives silence, and goes on where it stopped") {
  playout.admit(R1);
  say(R1, Millis{40});
  play(Millis{20});
  playout.pause();
  CHECK(play(Millis{20}) == tone(Millis{20}, 0));
  CHECK(playout.played() == to_samples(Millis{20}));
  playout.resume();
  CHECK(play(Millis{20}) == tone(Millis{20}));
}

TEST_CASE_METHOD(Fixture, "a flush ends a pause") {
  playout.pause();
  playout.flush();
  CHECK_FALSE(playout.paused());
}

TEST_CASE_METHOD(Fixture, "marks are reached in the order of the timeline, then of their setting") {
  playout.admit(R1);
  say(R1, Millis{100});
  playout.set_mark(M2, to_samples(Millis{30}));
  playout.set_mark(M1, to_samples(Millis{30}));
  playout.set_mark(core::MarkId{3}, to_samples(Millis{10}));
  play(Millis{20});
  CHECK(reports == Reports{MarkReached{core::MarkId{3}}});
  play(Millis{20});
  CHECK(reports == Reports{MarkReached{M2}, MarkReached{M1}});
}

TEST_CASE_METHOD(Fixture, "a mark at what was played already is reached at the next pull") {
  playout.set_mark(M1, Samples{0});
  play(Millis{20});
  CHECK(reports == Reports{MarkReached{M1}});
}

TEST_CASE_METHOD(Fixture, "marks behind a flush are forgotten, though later speech passes their place") {
  playout.admit(R1);
  say(R1, Millis{100});
  playout.set_mark(M1, to_samples(Millis{80}));
  play(Millis{20});
  playout.flush();
  playout.admit(R2);
  say(R2, Millis{200});
  play(Millis{100});
  CHECK(reports.empty());
}

TEST_CASE_METHOD(Fixture, "a pause between words is told when playback reaches it, not before") {
  playout.admit(R1);
  playout.watch_pauses(true);
  say(R1, Millis{50});
  say(R1, Millis{200}, 100);
  say(R1, Millis{50});
  play(Millis{40});
  CHECK(reports.empty());
  play(Millis{20});
  CHECK(reports == Reports{PauseReached{to_samples(Millis{60})}});
  play(Millis{100});
  CHECK(reports.empty());
}

TEST_CASE_METHOD(Fixture, "the closure inside a word is not a pause") {
  playout.admit(R1);
  playout.watch_pauses(true);
  say(R1, Millis{50});
  say(R1, Millis{119}, 100);
  say(R1, Millis{50});
  for (int frame = 0; frame < 10; ++frame) {
    play(Millis{20});
    CHECK_FALSE((!reports.empty() && std::holds_alternative<PauseReached>(reports.front())));
  }
}

TEST_CASE_METHOD(Fixture, "a pause that streams in while it plays is told as soon as it is known") {
  playout.admit(R1);
  playout.watch_pauses(true);
  say(R1, Millis{20});
  say(R1, Millis{100}, 0);
  play(Millis{60});
  CHECK(reports.empty());
  say(R1, Millis{60}, 0);
  play(Millis{0});
  CHECK(reports == Reports{PauseReached{to_samples(Millis{60})}});
}

TEST_CASE_METHOD(Fixture, "nobody is told of pauses unless they are watched for") {
  playout.admit(R1);
  say(R1, Millis{300}, 0);
  playout.watch_pauses(true);
  playout.watch_pauses(false);
  play(Millis{100});
  CHECK(reports.empty());
}

TEST_CASE_METHOD(Fixture, "more than ten minutes of unheard speech are not queued") {
  playout.admit(R1);
  const auto minute = tone(Millis{60'000});
  for (int n = 0; n < 9; ++n) REQUIRE(playout.push(R1, minute) == samples(minute));
  say(R1, Millis{59'000});
  CHECK(playout.push(R1, minute) == to_samples(Millis{1'000}));
  CHECK(playout.push(R1, minute) == Samples{0});
  play(Millis{20});
  CHECK(playout.push(R1, minute) == to_samples(Millis{20}));
}

TEST_CASE("blocks go back to the pool when they are played, flushed or the call ends") {
  BlockPool pool;
  Reports reports;
  auto frame = tone(Millis{20});
  {
    Playout first{pool}, second{pool};
    first.admit(R1);
    second.admit(R1);
    first.push(R1, tone(Millis{1000}));
    second.push(R1, tone(Millis{1000}));
    for (int n = 0; n < 50; ++n) first.pull(frame, reports);
    CHECK(pool.lent_blocks() == 6);
    first.push(R1, tone(Millis{1000}));
    CHECK(pool.free_blocks() == 0);
    first.flush();
    CHECK(pool.free_blocks() == 6);
  }
  CHECK(pool.lent_blocks() == 0);
}

}  // namespace flow::audio
