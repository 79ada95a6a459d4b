#include "runtime/audio/phone_line.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>
#include <vector>

namespace flow::audio {
namespace {

auto sine(double hz, double amplitude) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(RateHz);
  for (std::size_t n = 0; n < pcm.size(); ++n) pcm[n] = static_cast<std::int16_t>(std::lround(amplitude * std::sin(2 * std::numbers::pi * hz * static_cast<double>(n) / RateHz)));
  return pcm;
}

// Root mean square of the last half, once the filters have settled.
auto loudness(Pcm pcm) -> double {
  double energy = 0;
  for (const auto s : pcm.last(pcm.size() / 2)) energy += static_cast<double>(s) * s;
  return std::sqrt(energy / static_cast<double>(pcm.size() / 2));
}

auto through(PhoneLine line, std::vector<std::int16_t> pcm) -> std::vector<std::int16_t> {
  for (std::size_t at = 0; at + FrameSamples <= pcm.size(); at += FrameSamples) line.pass(PcmOut{pcm}.subspan(at, FrameSamples));
  return pcm;
}

}  // namespace

TEST_CASE("a line passes what a telephone does and nothing above 4 kHz") {
  for (const auto law : {Law::Mu, Law::A}) {
    for (const double hz : {300.0, 1000.0, 3000.0}) {
      INFO(hz);
      const auto ratio = loudness(through(PhoneLine{law}, sine(hz, 8000))) / loudness(sine(hz, 8000));
      CHECK((ratio > 0.97 && ratio < 1.03));
    }
    for (const double hz : {4600.0, 6000.0, 10000.0}) {
      INFO(hz);
      CHECK(loudness(through(PhoneLine{law}, sine(hz, 8000))) < 0.02 * loudness(sine(hz, 8000)));
    }
  }
}

TEST_CASE("what comes out is as late as the line says, and coarse by the steps of its law") {
  const auto clear = sine(700, 8000);
  PhoneLine line{Law::Mu};
  const auto delay = static_cast<std::size_t>(line.delay().count);
  CHECK(to_ms(line.delay()) < Millis{10});
  const auto heard = through(std::move(line), clear);
  double wrong = 0;
  for (std::size_t n = clear.size() / 2; n < clear.size(); ++n) wrong += std::pow(heard[n] - clear[n - delay], 2);
  const auto signal_to_noise = 20 * std::log10(loudness(clear) / std::sqrt(wrong / static_cast<double>(clear.size() / 2)));
  INFO(signal_to_noise << " dB");
  CHECK(signal_to_noise > 30);  // later or earlier by a few samples would be 10 dB
  CHECK(signal_to_noise < 50);  // eight bits are not sixteen
}

TEST_CASE("silence stays silence on a line") {
  CHECK(loudness(through(PhoneLine{Law::Mu}, std::vector<std::int16_t>(RateHz))) == 0);
  CHECK(loudness(through(PhoneLine{Law::A}, std::vector<std::int16_t>(RateHz))) <= 8);  // the law has no zero
}

}  // namespace flow::audio
