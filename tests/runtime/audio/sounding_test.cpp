#include "runtime/audio/sounding.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace flow::audio;
using namespace std::chrono_literals;

namespace {

auto tone(Millis length, double amplitude) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(static_cast<std::size_t>(to_samples(length).count));
  for (std::size_t i = 0; i < pcm.size(); ++i) pcm[i] = static_cast<std::int16_t>(std::lround(amplitude * std::sin(static_cast<double>(i) * 0.1)));
  return pcm;
}

// What sounds of `length` of a tone from `from` on.
auto heard(Sounding& ears, Millis from, Millis length, double amplitude) -> std::optional<Stretch> {
  std::optional<Stretch> all;
  for (auto at = from; at < from + length; at += FrameTime) {
    if (const auto found = ears.next(to_samples(at), tone(FrameTime, amplitude))) all = Stretch{all ? all->begin : found->begin, found->end};
  }
  return all;
}

}  // namespace

TEST_CASE("a sound is found to a block of 10 ms") {
  Sounding ears;
  auto frame = tone(FrameTime, 0);
  const auto loud = tone(10ms, 2'000);
  std::ranges::copy(loud, frame.begin() + to_samples(10ms).count);
  CHECK(ears.next(to_samples(100ms), frame) == Stretch{to_samples(110ms), to_samples(120ms)});
  CHECK_FALSE(ears.next(to_samples(120ms), tone(FrameTime, 0)));
  CHECK_FALSE(ears.next(to_samples(140ms), {}));
}

TEST_CASE("the noise of a room is no sound once it was there for some seconds, a voice above it is") {
  Sounding ears;
  CHECK_FALSE(heard(ears, 0ms, 1s, 60));             // -58 dBFS is quiet anyway
  CHECK(heard(ears, 1s, 1s, 400));                   // a fan begins
  heard(ears, 2s, 8s, 400);
  CHECK_FALSE(heard(ears, 10s, 1s, 400));
  CHECK(heard(ears, 11s, 1s, 4'000) == Stretch{to_samples(11s), to_samples(12s)});
  CHECK_FALSE(heard(ears, 12s, 1s, 400));
}
