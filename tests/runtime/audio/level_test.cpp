#include "runtime/audio/level.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>
#include <vector>

namespace flow::audio {

TEST_CASE("nothing and silence have the level of silence") {
  CHECK(level({}).rms_dbfs == SilenceDbfs);
  CHECK(level(std::vector<std::int16_t>(480)).peak_dbfs == SilenceDbfs);
}

TEST_CASE("the loudest square wave is 0 dBFS") {
  const auto loudest = level(std::vector<std::int16_t>(480, -32768));
  CHECK(loudest.rms_dbfs == Catch::Approx(0.0));
  CHECK(loudest.peak_dbfs == Catch::Approx(0.0));
}

TEST_CASE("a sine's peak is 3 dB above its level") {
  std::vector<std::int16_t> pcm(2400);
  for (std::size_t n = 0; n < pcm.size(); ++n) {
    pcm[n] =
        static_cast<std::int16_t>(std::lround(16384 * std::sin(2 * std::numbers::pi * static_cast<double>(n) / 24)));
  }
  CHECK(level(pcm).peak_dbfs == Catch::Approx(-6.02).margin(0.01));
  CHECK(level(pcm).rms_dbfs == Catch::Approx(-9.03).margin(0.01));
}

}  // namespace flow::audio
