#include "runtime/audio/g711.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace flow::audio {
namespace {

// The standard's definition in real numbers, without a table or a shift.

auto mu_by_formula(int sample) -> int {
  const double magnitude = std::min(std::floor((sample < 0 ? -sample - 1 : sample) / 4.0), 8158.0) + 33.0;
  const double segment = std::floor(std::log2(magnitude)) - 5.0;
  const double step = std::floor(magnitude / std::pow(2.0, segment + 1.0)) - 16.0;
  return 255 - static_cast<int>((sample < 0 ? 128 : 0) + 16 * segment + step);
}

auto a_by_formula(int sample) -> int {
  const double magnitude = std::floor((sample < 0 ? -sample - 1 : sample) / 16.0);
  const double segment = magnitude < 16 ? 0.0 : std::floor(std::log2(magnitude)) - 3.0;
  const double step = segment == 0 ? magnitude : std::floor(magnitude / std::pow(2.0, segment - 1.0)) - 16.0;
  const int code = static_cast<int>((sample < 0 ? 0 : 128) + 16 * segment + step);
  int inverted = 0;
  for (int bit = 0; bit < 8; ++bit) inverted += ((code >> bit) % 2 != (bit % 2 == 0)) << bit;
  return inverted;
}

}  // namespace

TEST_CASE("every sample has the mu-law code of the formula") {
  for (int sample = -32768; sample <= 32767; ++sample) {
    if (g711_encode(Law::Mu, static_cast<std::int16_t>(sample)) == mu_by_formula(sample)) continue;
    FAIL_CHECK("mu-law of " << sample);
  }
}

TEST_CASE("every sample has the A-law code of the formula") {
  for (int sample = -32768; sample <= 32767; ++sample) {
    if (g711_encode(Law::A, static_cast<std::int16_t>(sample)) == a_by_formula(sample)) continue;
    FAIL_CHECK("A-law of " << sample);
  }
}

TEST_CASE("the codes of the standard's tables stand for the standard's levels") {
  CHECK(g711_decode(Law::Mu, 0xFF) == 0);
  CHECK(g711_decode(Law::Mu, 0x7F) == 0);
  CHECK(g711_decode(Law::Mu, 0xFE) == 4 * 2);
  CHECK(g711_decode(Law::Mu, 0x80) == 4 * 8031);
  CHECK(g711_decode(Law::Mu, 0x00) == -4 * 8031);
  CHECK(g711_decode(Law::A, 0xD5) == 8);
  CHECK(g711_decode(Law::A, 0x55) == -8);
  CHECK(g711_decode(Law::A, 0xAA) == 8 * 4032);
  CHECK(g711_decode(Law::A, 0x2A) == -8 * 4032);
}

TEST_CASE("a decoded code is encoded to itself, negative zero apart") {
  for (const auto law : {Law::Mu, Law::A}) {
    for (int code = 0; code < 256; ++code) {
      const auto byte = static_cast<std::uint8_t>(code);
      const int again = g711_encode(law, g711_decode(law, byte));
      CHECK(again == (law == Law::Mu && code == 0x7F ? 0xFF : code));
    }
  }
}

TEST_CASE("no sample is further from its level than half a step of its segment, clipped ones apart") {
  for (const auto law : {Law::Mu, Law::A}) {
    for (int sample = -32000; sample <= 32000; ++sample) {
      const int level = g711_decode(law, g711_encode(law, static_cast<std::int16_t>(sample)));
      // Steps are at most a sixteenth of the segment's beginning, and never below the first segment's.
      const int half_step = std::max(std::abs(sample) / 32 + 5, law == Law::Mu ? 5 : 9);
      if (std::abs(level - sample) > half_step) FAIL_CHECK("sample " << sample << " became " << level);
    }
  }
}

TEST_CASE("stretches are coded as their samples are") {
  const std::vector<std::int16_t> pcm{0, 1, -1, 1000, -1000, 32767, -32768};
  for (const auto law : {Law::Mu, Law::A}) {
    std::vector<std::uint8_t> codes(pcm.size());
    std::vector<std::int16_t> back(pcm.size());
    g711_encode(law, pcm, codes);
    g711_decode(law, codes, back);
    for (std::size_t n = 0; n < pcm.size(); ++n) {
      CHECK(codes[n] == g711_encode(law, pcm[n]));
      CHECK(back[n] == g711_decode(law, codes[n]));
    }
  }
}

}  // namespace flow::audio
