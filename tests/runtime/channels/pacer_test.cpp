#include "runtime/channels/pacer.h"

#include <catch2/catch_test_macros.hpp>
#include <optional>

namespace flow::channels {
namespace {

using net::Millis;

struct Fixture {
  net::ManualClock clock;
  net::Loop loop{clock};
  Pacer pacer{loop};
  std::vector<std::int64_t> beats;

  auto note() {
    return [this](std::int64_t beat) { beats.push_back(beat); };
  }
  void pass(Millis time) {
    clock.advance(time);
    loop.fire_due();
  }
};

}  // namespace

TEST_CASE("beats are counted from the start, so lateness does not add up") {
  const net::Time start{Millis{1000}};
  Beats beats{start};
  net::Time now = start;
  std::int64_t given = 0;
  for (int n = 0; n < 10'000; ++n) {
    now = beats.time() + Millis{n % 7};
    const auto due = beats.due(now);
    CHECK(due.first == given);
    given += due.count;
  }
  CHECK(given == (now - start) / Beats::Period + 1);
}

TEST_CASE("nothing is due before its time, and nothing twice") {
  const net::Time start{Millis{1000}};
  Beats beats{start};
  CHECK(beats.due(start - Millis{1}).count == 0);
  CHECK(beats.due(start).count == 1);
  CHECK(beats.due(start + Millis{19}).count == 0);
  CHECK(beats.due(start + Millis{20}).count == 1);
}

TEST_CASE("after a stall the last ten beats are made up for and older ones skipped") {
  const net::Time start{Millis{1000}};
  Beats beats{start};
  beats.due(start);
  const auto due = beats.due(start + Millis{1000});
  CHECK(due.count == Beats::CatchUpMax);
  CHECK(due.first == 41);
  CHECK(beats.due(start + Millis{1020}).first == 51);
}

TEST_CASE_METHOD(Fixture, "a member gets its own count, from nought, every 20 ms") {
  const auto first = pacer.join([](std::int64_t) {});
  pass(Millis{100});
  const auto seat = pacer.join(note());
  CHECK(beats.empty());
  for (int n = 0; n < 3; ++n) pass(Millis{20});
  CHECK(beats == std::vector<std::int64_t>{0, 1, 2});
}

TEST_CASE_METHOD(Fixture, "a thousand members share one timer and one beat") {
  std::vector<Pacer::Seat> seats;
  for (int n = 0; n < 1000; ++n) seats.push_back(pacer.join(note()));
  pass(Millis{20});
  CHECK(beats.size() == 1000);
}

TEST_CASE_METHOD(Fixture, "a member that leaves inside its beat gets no other") {
  std::optional<Pacer::Seat> seat;
  seat = pacer.join([&](std::int64_t beat) {
    beats.push_back(beat);
    seat.reset();
  });
  pass(Millis{200});
  CHECK(beats.size() == 1);
  CHECK(pacer.members() == 0);
}

TEST_CASE_METHOD(Fixture, "a member may bring in another inside its beat") {
  std::vector<Pacer::Seat> seats;
  seats.reserve(8);
  seats.push_back(pacer.join([&](std::int64_t) {
    if (seats.size() < 3) seats.push_back(pacer.join(note()));
  }));
  for (int n = 0; n < 4; ++n) pass(Millis{20});
  CHECK(pacer.members() == 3);
  CHECK(beats == std::vector<std::int64_t>{0, 1, 0, 2, 1});
}

TEST_CASE_METHOD(Fixture, "nobody wakes the machine when nobody is there") {
  {
    const auto seat = pacer.join(note());
  }
  pass(Millis{20});
  pass(Millis{10'000});
  const auto seat = pacer.join(note());
  pass(Millis{20});
  CHECK(beats == std::vector<std::int64_t>{0});
}

}  // namespace flow::channels
