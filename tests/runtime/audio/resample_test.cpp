#include "runtime/audio/resample.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>

#include "runtime/audio/level.h"

namespace flow::audio {
namespace {

constexpr int Rates[] = {8000, 16000, 24000, 44100, 48000};

auto tone(int rate, double hz, std::size_t length, double level = 8000) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(length);
  for (std::size_t n = 0; n < length; ++n) {
    pcm[n] = static_cast<std::int16_t>(
        std::lround(level * std::sin(2 * std::numbers::pi * hz * static_cast<double>(n) / rate)));
  }
  return pcm;
}

// Frames of 20 ms, as a live stream comes in.
auto stream(Resampler& resampler, const std::vector<std::int16_t>& in, int rate) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> out;
  const auto frame = static_cast<std::size_t>(rate / 50);
  for (std::size_t at = 0; at < in.size(); at += frame) {
    resampler.process(Pcm{in}.subspan(at, std::min(frame, in.size() - at)), out);
  }
  return out;
}

struct Fit {
  double amplitude;   // of the tone that fits best
  double residue_db;  // how far below it everything else is
};

// The best-fitting tone of `hz` over 0.9 s, which are whole periods, of one second, whatever its phase: a delay of part
// of a sample is no distortion.
auto fit(Pcm got, int rate, double hz) -> Fit {
  const auto middle = got.subspan(static_cast<std::size_t>(rate / 20), static_cast<std::size_t>(rate) * 9 / 10);
  double sine = 0, cosine = 0, all = 0;
  for (std::size_t n = 0; n < middle.size(); ++n) {
    const double angle = 2 * std::numbers::pi * hz * static_cast<double>(n) / rate;
    sine += middle[n] * std::sin(angle);
    cosine += middle[n] * std::cos(angle);
    all += static_cast<double>(middle[n] * middle[n]);
  }
  const double half = static_cast<double>(middle.size()) / 2;
  const double tone_power = (sine * sine + cosine * cosine) / half;
  return {std::hypot(sine, cosine) / half, 10 * std::log10(tone_power / std::max(all - tone_power, 1e-9))};
}

}  // namespace

TEST_CASE("a click comes out as late as the reported delay says, and that is under 5 ms") {
  for (const int from : Rates) {
    for (const int to : Rates) {
      CAPTURE(from, to);
      Resampler resampler{from, to};
      std::vector<std::int16_t> in(static_cast<std::size_t>(from / 5));
      const auto place = in.size() / 2;
      // A band-limited click, so that the peak does not depend on where between two samples it falls.
      for (std::size_t n = 0; n < in.size(); ++n) {
        const double x = (static_cast<double>(n) - static_cast<double>(place)) / from * 2000.0;
        in[n] = static_cast<std::int16_t>(20000 * std::exp(-x * x));
      }
      const auto out = stream(resampler, in, from);
      const auto peak = std::ranges::max_element(out) - out.begin();
      const double expected = static_cast<double>(place) * to / from + static_cast<double>(resampler.delay().count);
      CHECK(std::abs(static_cast<double>(peak) - expected) <= 1.0);
      CHECK(static_cast<double>(resampler.delay().count) / to < 0.005);
    }
  }
}

TEST_CASE("every frame of a live stream gives a frame at once") {
  for (const int from : Rates) {
    for (const int to : Rates) {
      CAPTURE(from, to);
      Resampler resampler{from, to};
      const auto in = tone(from, 440, static_cast<std::size_t>(from / 50));
      for (int frame = 0; frame < 50; ++frame) {
        std::vector<std::int16_t> out;
        resampler.process(in, out);
        CHECK(std::abs(static_cast<int>(out.size()) - to / 50) <= 1);
      }
    }
  }
}

TEST_CASE("a tone keeps its pitch, level and length through every pair of rates") {
  for (const int from : Rates) {
    for (const int to : Rates) {
      CAPTURE(from, to);
      const auto got = resample(tone(from, 1000, static_cast<std::size_t>(from)), from, to);
      REQUIRE(got.size() == static_cast<std::size_t>(to));
      const auto best = fit(got, to, 1000);
      CHECK(std::abs(best.amplitude - 8000) < 20);
      CHECK(best.residue_db > 50.0);
    }
  }
}

TEST_CASE("what the lower rate cannot hold is gone, not folded down") {
  const auto out = resample(tone(24000, 6000, 24000), 24000, 8000);
  CHECK(level(Pcm{out}.subspan(500, 7000)).rms_dbfs < -60.0);
}

TEST_CASE("the end of a stream comes out when it is finished") {
  Resampler resampler{8000, 24000};
  std::vector<std::int16_t> out;
  resampler.process(tone(8000, 440, 160), out);
  const auto before = out.size();
  resampler.finish(out);
  CHECK(static_cast<std::int64_t>(out.size() - before) >= resampler.delay().count);
}

TEST_CASE("a recording of no samples stays one") { CHECK(resample({}, 8000, 24000).empty()); }

}  // namespace flow::audio
