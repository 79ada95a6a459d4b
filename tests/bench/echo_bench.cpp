// What an open microphone costs: echo cancellation, the judge of voices and who listens for keys, beside the other canceller that is to be had,
// speexdsp's, over 128 ms of room; and how much echo each takes away.

#include <speex/speex_echo.h>
#include <speex/speex_preprocess.h>

#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "runtime/audio/dtmf.h"
#include "runtime/audio/phone_line.h"
#include "runtime/audio/processing/echo.h"
#include "runtime/audio/processing/voice_activity.h"
#include "tests/bench/bench.h"
#include "tests/runtime/audio/processing/room.h"

using namespace flow;
using namespace flow::audio;
using namespace flow::audio::test;

namespace {

constexpr std::size_t Seconds = 12, Settling = 6;

// The canceller and the suppressor behind it of speexdsp, set as its manual says.
class Speex {
 public:
  Speex() {
    int rate = RateHz;
    speex_echo_ctl(echo_.get(), SPEEX_ECHO_SET_SAMPLING_RATE, &rate);
    speex_preprocess_ctl(preprocess_.get(), SPEEX_PREPROCESS_SET_ECHO_STATE, echo_.get());
  }
  void frame(Pcm far, PcmOut near) {
    std::array<std::int16_t, FrameSamples> out{};
    speex_echo_cancellation(echo_.get(), near.data(), far.data(), out.data());
    speex_preprocess_run(preprocess_.get(), out.data());
    std::ranges::copy(out, near.begin());
  }

 private:
  static constexpr int Taps = RateHz / 1000 * 128;
  std::unique_ptr<SpeexEchoState, void (*)(SpeexEchoState*)> echo_{speex_echo_state_init(FrameSamples, Taps), speex_echo_state_destroy};
  std::unique_ptr<SpeexPreprocessState, void (*)(SpeexPreprocessState*)> preprocess_{speex_preprocess_state_init(FrameSamples, RateHz), speex_preprocess_state_destroy};
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

struct Cost {
  double us = 0;       // of CPU, a frame
  double taken_db = 0;  // of the echo's energy, once settled
};
template <class Work>
auto measure(const Call& call, const Work& work) -> Cost {
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
  Speex speex;
  const auto others = measure(sounds, [&](Pcm far, PcmOut near) { speex.frame(far, near); });
  VoiceActivity judge(0.5);
  const auto judged = measure(sounds, [&](Pcm, PcmOut near) { bench::keep(judge.frame(near)); });
  KeyListener ear;
  const auto listened = measure(sounds, [&](Pcm, PcmOut near) { bench::keep(ear.hear(near)); });
  PhoneLine line(Law::Mu);
  const auto passed = measure(sounds, [&](Pcm, PcmOut near) { line.pass(near); });
  const auto share = [](double us) { return us / 20'000 * 100; };
  const auto row = [&](const char* what, const Cost& result) {
    bench::row(what, fmt::format("{:.2f} % of a core, {:.0f} us", share(result.us), result.us), fmt::format("speexdsp {:.2f} %", share(others.us)),
               bench::ratio(result.us, others.us));
  };
  row("open microphone: a frame of 20 ms", ours);
  row("voice activity: a frame of 20 ms", judged);
  const auto of_voice = [&](const char* what, const Cost& result) {
    bench::row(what, fmt::format("{:.3f} % of a core, {:.1f} us", share(result.us), result.us), fmt::format("voice activity {:.1f} us", judged.us), bench::ratio(result.us, judged.us));
  };
  of_voice("keys of phones: a frame of 20 ms", listened);
  of_voice("a telephone line: a frame of 20 ms, one way", passed);
  bench::row("open microphone: echo taken away", fmt::format("{:.0f} dB", ours.taken_db), fmt::format("speexdsp {:.0f} dB", others.taken_db),
             bench::ratio(ours.taken_db, others.taken_db));
}
