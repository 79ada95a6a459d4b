#include "runtime/audio/surroundings.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>

#include "runtime/audio/level.h"

namespace flow::audio {
namespace {

auto tone(double hz, Millis length = Millis{500}) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(static_cast<std::size_t>(to_samples(length).count));
  for (std::size_t i = 0; i < pcm.size(); ++i) {
    pcm[i] = static_cast<std::int16_t>(10'000 * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / RateHz));
  }
  return pcm;
}

// By how much a tone in the middle of the stretch is quieter than it was.
auto loss_db(double hz) -> double {
  const auto in = tone(hz);
  const auto out = through_phone(in);
  const auto middle = [](Pcm pcm) { return level(pcm.subspan(pcm.size() / 4, pcm.size() / 2)).rms_dbfs; };
  return middle(in) - middle(out);
}

// The power near one frequency, as Goertzel's algorithm finds it.
auto power(Pcm pcm, double hz) -> double {
  const auto w = 2 * std::cos(2 * std::numbers::pi * hz / RateHz);
  double one = 0, two = 0;
  for (const auto s : pcm) {
    const auto now = s + w * one - two;
    two = one, one = now;
  }
  return one * one + two * two - w * one * two;
}

auto band_power(Pcm pcm, double from, double to) -> double {
  double sum = 0;
  for (int i = 0; i < 40; ++i) sum += power(pcm, from + (to - from) * i / 40);
  return sum / 40;
}

}  // namespace

TEST_CASE("a phone line keeps 300 to 3400 Hz and little else") {
  CHECK(std::abs(loss_db(1000)) < 0.5);
  CHECK(std::abs(loss_db(500)) < 1);
  CHECK(std::abs(loss_db(3000)) < 1.5);
  CHECK(std::abs(loss_db(300) - 3) < 0.7);
  CHECK(loss_db(100) > 30);
  CHECK(loss_db(4500) > 40);
  CHECK(loss_db(8000) > 60);
}

TEST_CASE("what went through a phone line is as long as before, and not later") {
  std::vector<std::int16_t> click(24'000, 0);
  for (std::size_t i = 12'000; i < 12'024; ++i) click[i] = 20'000;
  const auto line = through_phone(click);
  REQUIRE(line.size() == click.size());
  std::size_t loudest = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (std::abs(line[i]) > std::abs(line[loudest])) loudest = i;
  }
  CHECK(loudest > 12'000 - 24);
  CHECK(loudest < 12'000 + 48);
  CHECK(through_phone({}).empty());
}

TEST_CASE("background noise is exactly as loud as it is asked for, falls towards high notes, and repeats from its seed") {
  for (const auto wanted : {-25.0, -40.0, -55.0}) {
    const auto noise = background_noise(to_samples(Millis{2000}), wanted, 7);
    REQUIRE(noise.size() == 48'000);
    CHECK(std::abs(level(noise).rms_dbfs - wanted) < 0.1);
  }
  const auto noise = background_noise(to_samples(Millis{2000}), -20, 7);
  const auto low = band_power(noise, 100, 400), high = band_power(noise, 4000, 8000);
  CHECK(10 * std::log10(low / high) > 15);
  CHECK(noise == background_noise(to_samples(Millis{2000}), -20, 7));
  CHECK(noise != background_noise(to_samples(Millis{2000}), -20, 8));
}

TEST_CASE("noise that is repeated end to end does not click") {
  const auto noise = background_noise(to_samples(Millis{1000}), -20, 7);
  int largest = 0;
  for (std::size_t i = 1; i < noise.size(); ++i) largest = std::max(largest, std::abs(noise[i] - noise[i - 1]));
  CHECK(std::abs(noise.front() - noise.back()) < 4 * largest);
}

TEST_CASE("a cough is two bursts within 620 ms, the second weaker, and no tone") {
  const auto sound = cough(1);
  REQUIRE(sound.size() == 14'880);
  const auto loud = [&](int from_ms, int to_ms) { return level(Pcm(sound).subspan(static_cast<std::size_t>(from_ms) * 24, static_cast<std::size_t>(to_ms - from_ms) * 24)).rms_dbfs; };
  CHECK(level(sound).peak_dbfs > -6.5);
  CHECK(level(sound).peak_dbfs < -5.5);
  CHECK(loud(30, 100) > loud(250, 320) + 12);
  CHECK(loud(360, 430) > loud(250, 320) + 8);
  CHECK(loud(30, 100) > loud(360, 430) + 1);
  CHECK(loud(580, 620) < -30);
  const auto burst = Pcm(sound).subspan(720, 1680);
  CHECK(band_power(burst, 500, 3500) > 10 * band_power(burst, 6000, 11'000));
  CHECK(sound == cough(1));
  CHECK(sound != cough(2));
}

TEST_CASE("speech is brought to a level, and silence stays silence") {
  CHECK(std::abs(level(at_level(tone(440), SpeechDbfs)).rms_dbfs - SpeechDbfs) < 0.1);
  CHECK(at_level(std::vector<std::int16_t>(480, 0), SpeechDbfs) == std::vector<std::int16_t>(480, 0));
}

TEST_CASE("what is mixed is added, clipped, and begins again at its end") {
  std::vector<std::int16_t> onto{10, 20, 30, 32'000};
  mix(onto, std::vector<std::int16_t>{1, 2, 3'000}, 2);
  CHECK(onto == std::vector<std::int16_t>{3'010, 21, 32, 32'767});
  mix(onto, {}, 0);
  CHECK(onto[0] == 3'010);
}

}  // namespace flow::audio
