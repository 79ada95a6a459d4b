#include "runtime/audio/quiet.h"

#include <catch2/catch_test_macros.hpp>

namespace flow::audio {
namespace {

auto joined(std::initializer_list<std::pair<std::size_t, int>> stretches) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm;
  for (const auto& [length, level] : stretches) pcm.resize(pcm.size() + length, static_cast<std::int16_t>(level));
  return pcm;
}

}  // namespace

TEST_CASE("long pauses are shortened, short ones kept, and both ends trimmed") {
  const auto speech = joined({{1000, 0}, {500, 9000}, {3000, 100}, {500, -9000}, {200, 0}, {300, 9000}, {2000, 0}});
  CHECK(without_long_pauses(speech, Samples{1000}) ==
        joined({{500, 9000}, {1000, 100}, {500, -9000}, {200, 0}, {300, 9000}}));
}

TEST_CASE("what is all quiet becomes nothing") {
  CHECK(without_long_pauses(joined({{5000, 100}}), Samples{1000}).empty());
  CHECK(without_long_pauses({}, Samples{1000}).empty());
}

TEST_CASE("an odd allowance is used whole") {
  const auto speech = joined({{1, 9000}, {10, 0}, {1, 9000}});
  CHECK(without_long_pauses(speech, Samples{3}) == joined({{1, 9000}, {3, 0}, {1, 9000}}));
}

}  // namespace flow::audio
