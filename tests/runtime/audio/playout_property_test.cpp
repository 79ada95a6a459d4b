// The playout against a model that is too plain to be wrong.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "tests/runtime/audio/naive_playout.h"

namespace flow::audio {
namespace {

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_{seed} {}
  auto roll(int low, int high) -> int { return std::uniform_int_distribution{low, high}(engine_); }
  auto one_in(int n) -> bool { return roll(1, n) == 1; }

 private:
  std::mt19937 engine_;
};

// Stretches of noise and of quiet, short and long, so that pauses begin and end everywhere.
auto speech(Dice& dice, std::size_t length) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(length);
  bool loud = dice.one_in(2);
  auto left = static_cast<std::size_t>(dice.roll(1, 4000));
  for (auto& sample : pcm) {
    const int level = loud ? 8000 : Playout::PauseLevel;
    sample = static_cast<std::int16_t>(dice.roll(-level, level));
    if (--left > 0) continue;
    loud = !loud;
    left = static_cast<std::size_t>(dice.roll(1, 6000));
  }
  return pcm;
}

// One of the two, driven alike.
struct Pair {
  BlockPool pool;
  Playout real{pool};
  NaivePlayout naive;
  std::uint32_t marks = 0;
  Reports real_reports, naive_reports;

  template <class Order>
  void both(Order order) {
    order(real);
    order(naive);
  }

  void take(Dice& dice, std::size_t length) {
    std::vector<std::int16_t> heard(length), expected(length);
    const auto count = real.take(heard);
    REQUIRE(count == naive.take(expected));
    REQUIRE(heard == expected);
    // Whoever plays here confirms at once, a far player late and in other portions.
    const auto outstanding = real.taken() - real.played();
    confirm(dice.one_in(3) ? Samples{dice.roll(0, static_cast<int>(outstanding.count))} : outstanding);
  }

  void confirm(Samples count) {
    both([&](auto& playout) { playout.confirm(count, reports_of(playout)); });
  }

  auto reports_of(const Playout&) -> Reports& { return real_reports; }
  auto reports_of(const NaivePlayout&) -> Reports& { return naive_reports; }
};

void random_step(Pair& pair, Dice& dice) {
  const core::ResponseId response{static_cast<std::uint32_t>(dice.roll(1, 2))};
  switch (dice.roll(1, 60)) {
    case 1: REQUIRE(pair.real.flush() == pair.naive.flush()); return;
    case 2: return pair.both([&](auto& p) { p.cut(); });
    case 3: return pair.both([&](auto& p) { p.pause(); });
    case 4:
    case 5: {
      const bool on = dice.one_in(2);
      return pair.both([&](auto& p) { p.watch_pauses(on); });
    }
    case 6:
    case 7:
    case 8: return pair.both([&](auto& p) { p.resume(); });
    case 9:
    case 10:
    case 11: return pair.both([&](auto& p) { p.admit(response); });
    case 12:
    case 13:
    case 14: {
      const core::MarkId mark{++pair.marks};
      const Samples at = pair.real.played() + Samples{dice.roll(-500, 9000)};
      return pair.both([&](auto& p) { p.set_mark(mark, at); });
    }
    default: break;
  }
  if (dice.one_in(3)) {
    const auto pcm = speech(dice, static_cast<std::size_t>(dice.roll(0, 9000)));
    REQUIRE(pair.real.push(response, pcm) == pair.naive.push(response, pcm));
  } else {
    pair.take(dice, dice.one_in(2) ? 480 : static_cast<std::size_t>(dice.roll(0, 5000)));
  }
}

}  // namespace

TEST_CASE("the playout agrees with the naive one on ten thousand random operations") {
  std::size_t reports = 0, pauses = 0;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Dice dice{seed};
    Pair pair;
    for (int step = 0; step < 500; ++step) {
      CAPTURE(step);
      random_step(pair, dice);
      REQUIRE(pair.real.played() == pair.naive.played());
      REQUIRE(pair.real.taken() == pair.naive.taken());
      REQUIRE(pair.real.pushed() == pair.naive.pushed());
      REQUIRE(pair.real_reports == pair.naive_reports);
      reports += pair.real_reports.size();
      pauses += static_cast<std::size_t>(std::ranges::count_if(
          pair.real_reports, [](const Report& report) { return std::holds_alternative<core::PauseReached>(report); }));
      pair.real_reports.clear();
      pair.naive_reports.clear();
    }
  }
  CHECK(reports > 500);
  CHECK(pauses > 50);
}

}  // namespace flow::audio
