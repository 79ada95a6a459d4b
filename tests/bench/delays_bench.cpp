// What it costs to measure what callers wait for: on the way of every frame and of every event.
//
//   a second of a call   both voices looked at for sound. The reference is the caller's half written as base64, which the
//                        link does with each of these frames anyway.
//   an event             an event with what it led to. The reference is the same written into the journal's lines.

#include <cmath>

#include "runtime/store/pack.h"
#include "runtime/telemetry/delays.h"
#include "runtime/wire/base64.h"
#include "tests/bench/bench.h"

using namespace flow;

namespace {

constexpr int Runs = 20;

auto voice() -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(audio::RateHz);
  for (std::size_t i = 0; i < pcm.size(); ++i) pcm[i] = static_cast<std::int16_t>(6'000 * std::sin(static_cast<double>(i) * 0.05));
  return pcm;
}

void measure_frames() {
  constexpr int Seconds = 100;
  const auto pcm = voice();
  const auto frames = [&](const auto& each) {
    for (int second = 0; second < Seconds; ++second) {
      for (std::int64_t at = 0; at < audio::RateHz; at += audio::FrameSamples) {
        each(audio::Samples{second * audio::RateHz + at}, audio::Pcm(pcm).subspan(static_cast<std::size_t>(at), audio::FrameSamples));
      }
    }
  };
  const auto ours = bench::best_of(Runs, bench::cpu_seconds, [&] {
    telemetry::Delays delays;
    frames([&](audio::Samples at, audio::Pcm frame) {
      bench::keep(delays.caller(at, frame));
      bench::keep(delays.agent(at, frame));
    });
  });
  std::string text;
  const auto reference = bench::best_of(Runs, bench::cpu_seconds, [&] {
    frames([&](audio::Samples, audio::Pcm frame) {
      text.clear();
      wire::base64_encode(frame, text);
      bench::keep(text);
    });
  });
  bench::row("delays: a second of both voices, CPU", fmt::format("{:.1f} us", ours / Seconds * 1e6), fmt::format("{:.1f} us, the caller's as base64", reference / Seconds * 1e6),
             bench::ratio(ours, reference));
}

void measure_events() {
  constexpr int Events = 100'000;
  const core::Event event = core::SpeechStarted{.epoch = {1}, .item = {7}};
  const core::EffectList effects{core::SetTimer{.timer = {4}, .at = {std::chrono::seconds(30)}},
                                 core::Decided{.what = core::Decision::CallerSpeaking, .agent = {}, .text = {}}, core::PausePlayout{}};
  const auto ours = bench::best_of(Runs, bench::cpu_seconds, [&] {
    telemetry::Delays delays;
    for (int i = 0; i < Events; ++i) {
      bench::keep(delays.on(event, {core::Millis{i}}));
      for (const auto& effect : effects) bench::keep(delays.on(effect, {core::Millis{i}}));
    }
  });
  std::string text;
  const auto reference = bench::best_of(Runs, bench::cpu_seconds, [&] {
    for (int i = 0; i < Events; ++i) {
      text.clear();
      store::pack(event, text);
      store::pack(effects, text);
      bench::keep(text);
    }
  });
  bench::row("delays: an event and three effects, CPU", fmt::format("{:.0f} ns", ours / Events * 1e9), fmt::format("{:.0f} ns, as lines of the journal", reference / Events * 1e9),
             bench::ratio(ours, reference));
}

}  // namespace

int main() {
  measure_frames();
  measure_events();
}
