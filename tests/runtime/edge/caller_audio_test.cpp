#include "runtime/edge/caller_audio.h"

#include <catch2/catch_test_macros.hpp>
#include <deque>
#include <random>

namespace flow::edge {

TEST_CASE("the caller's audio agrees with a plain queue on random pieces, limits and clears") {
  std::mt19937 random(3);
  CallerAudio audio;
  std::deque<std::int16_t> plain;
  std::int16_t next = 0;
  for (int step = 0; step < 20'000; ++step) {
    if (random() % 500 == 0) audio.clear(), plain.clear();
    std::vector<std::int16_t> piece(random() % 700);
    for (auto& sample : piece) sample = next++;
    const auto keep = audio::Samples{static_cast<std::int64_t>(random() % 3 == 0 ? 480 : 6'000)};
    audio.push(piece, keep);
    plain.insert(plain.end(), piece.begin(), piece.end());
    while (plain.size() > static_cast<std::size_t>(keep.count)) plain.pop_front();
    const auto all = audio.all();
    REQUIRE(std::equal(all.begin(), all.end(), plain.begin(), plain.end()));
  }
}

}  // namespace flow::edge
