// What an open microphone costs: echo cancellation and the judge of voices, beside the plainest canceller there is, an
// adaptive filter over the same 128 ms of room; and how much echo each takes away.

#include <cmath>
#include <vector>

#include "runtime/audio/processing/echo.h"
#include "runtime/audio/processing/voice_activity.h"
#include "tests/bench/bench.h"
#include "tests/runtime/audio/processing/room.h"

using namespace flow;
using namespace flow::audio;
using namespace flow::audio::test;

namespace {

constexpr std::size_t Seconds = 12, Settling = 6;

// Normalised least mean squares, sample by sample.
class PlainFilter {
 public:
  void frame(Pcm far, PcmOut near) {
    for (std::size_t n = 0; n < near.size(); ++n) {
      at_ = (at_ + Taps - 1) % Taps;
      energy_ -= past_[at_] * past_[at_];
      past_[at_] = past_[at_ + Taps] = static_cast<float>(far[n]) / 32768;
      energy_ += past_[at_] * past_[at_];
      float echo = 0;
      for (std::size_t k = 0; k < Taps; ++k) echo += weights_[k] * past_[at_ + k];
      const float left = static_cast<float>(near[n]) / 32768 - echo;
      const float step = 0.5F * left / (energy_ + 0.01F);
      for (std::size_t k = 0; k < Taps; ++k) weights_[k] += step * past_[at_ + k];
      near[n] = static_cast<std::int16_t>(std::clamp(left * 32768, -32768.0F, 32767.0F));
    }
  }

 private:
  static constexpr std::size_t Taps = 3072;
  std::vector<float> weights_ = std::vector<float>(Taps), past_ = std::vector<float>(2 * Taps);
  std::size_t at_ = 0;
  float energy_ = 0;
};

struct Call {
  std::vector<std::vector<std::int16_t>> far, near;
};
auto call() -> Call {
  Sound voice;
  while (voice.size() < ms(Seconds * 1000)) {
    const auto said = spoken("The winter boots are lined with wool and warm down to minus ten degrees, and every shoe can be sent back.", "marin");
    voice.insert(voice.end(), said.begin(), said.end());
  }
  const auto pcm = to_pcm(at_level(voice, -20));
  const auto nobody = silence(FrameSamples);
  Room room({.noise_dbfs = -75});
  Call call;
  for (std::size_t at = 0; at + FrameSamples <= ms(Seconds * 1000); at += FrameSamples) {
    const auto frame = Pcm(pcm).subspan(at, FrameSamples);
    call.far.emplace_back(frame.begin(), frame.end());
    call.near.push_back(room.hear(frame, nobody.data()));
  }
  return call;
}

struct Result {
  double us = 0;       // of CPU, a frame
  double taken_db = 0;  // of the echo's energy, once settled
};
template <class Work>
auto measure(const Call& call, const Work& work) -> Result {
  double before = 1, after = 1;
  const auto begin = bench::cpu_seconds();
  for (std::size_t n = 0; n < call.far.size(); ++n) {
    auto near = call.near[n];
    work(call.far[n], near);
    if (n < Settling * 50) continue;
    for (const auto s : call.near[n]) before += static_cast<double>(s) * s;
    for (const auto s : near) after += static_cast<double>(s) * s;
  }
  return {(bench::cpu_seconds() - begin) * 1e6 / static_cast<double>(call.far.size()), 10 * std::log10(before / after)};
}

}  // namespace

auto main() -> int {
  const auto sounds = call();
  EchoCanceller canceller;
  const auto ours = measure(sounds, [&](Pcm far, PcmOut near) {
    canceller.far_end(far);
    canceller.near_end(near, Millis{35});
  });
  PlainFilter filter;
  const auto plain = measure(sounds, [&](Pcm far, PcmOut near) { filter.frame(far, near); });
  VoiceActivity judge(0.5);
  const auto judged = measure(sounds, [&](Pcm, PcmOut near) { bench::keep(judge.frame(near)); });
  const auto share = [](double us) { return us / 20'000 * 100; };
  const auto row = [&](const char* what, const Result& result) {
    bench::row(what, fmt::format("{:.2f} % of a core, {:.0f} us", share(result.us), result.us), fmt::format("plain adaptive filter {:.2f} %", share(plain.us)),
               bench::ratio(result.us, plain.us));
  };
  row("open microphone: a frame of 20 ms", ours);
  row("voice activity: a frame of 20 ms", judged);
  bench::row("open microphone: echo taken away", fmt::format("{:.0f} dB", ours.taken_db), fmt::format("plain adaptive filter {:.0f} dB", plain.taken_db),
             bench::ratio(ours.taken_db, plain.taken_db));
}
