// What a frame of 20 ms costs on its way: the playout, G.711, another rate, the beat of a call. Each beside the least
// that could do something like it: a copy, the formula, a straight line between two samples.

#include <cmath>
#include <cstring>
#include <numbers>

#include "runtime/audio/g711.h"
#include "runtime/audio/playout.h"
#include "runtime/audio/resample.h"
#include "runtime/channels/player.h"
#include "tests/bench/bench.h"

using namespace flow;
using namespace flow::audio;

namespace {

constexpr int Frames = 5'000;  // 100 s of speech
constexpr int Runs = 7;

auto speech(int rate_hz) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(static_cast<std::size_t>(rate_hz / 50));
  for (std::size_t n = 0; n < pcm.size(); ++n) {
    pcm[n] = static_cast<std::int16_t>(
        std::lround(8000 * std::sin(2 * std::numbers::pi * 440 * static_cast<double>(n) / rate_hz)));
  }
  return pcm;
}

// Nanoseconds of CPU a frame.
template <class Frame>
auto cost(const Frame& frame) -> double {
  return bench::best_of(Runs, bench::cpu_seconds,
                        [&] {
                          for (int n = 0; n < Frames; ++n) frame();
                        }) *
         1e9 / Frames;
}

void show(const std::string& what, double ours, const std::string& reference, double theirs) {
  bench::row(what + ", ns", fmt::format("{:.0f}", ours), fmt::format("{} {:.0f}", reference, theirs),
             bench::ratio(ours, theirs));
}

void playout(bool watched) {
  const auto pcm = speech(RateHz);
  auto out = pcm;
  BlockPool pool;
  Playout queue{pool};
  Reports reports;
  queue.admit(core::ResponseId{1});
  queue.watch_pauses(watched);
  for (int n = 0; n < 50; ++n)
    queue.push(core::ResponseId{1}, pcm);  // a second waits, as with a service that runs ahead
  const auto ours = cost([&] {
    reports.clear();
    queue.push(core::ResponseId{1}, pcm);
    bench::keep(queue.pull(out, reports));
  });
  auto middle = pcm;
  const auto copies = cost([&] {
    std::memcpy(middle.data(), pcm.data(), pcm.size() * 2);
    bench::keep(middle);
    std::memcpy(out.data(), middle.data(), pcm.size() * 2);
    bench::keep(out);
  });
  show(watched ? "playout: a frame in and out, pauses watched" : "playout: a frame in and out", ours, "two copies",
       copies);
}

// As one would write it from the standard's text.
auto mu_by_formula(int sample) -> int {
  const double magnitude = std::min(std::floor((sample < 0 ? -sample - 1 : sample) / 4.0), 8158.0) + 33.0;
  const double segment = std::floor(std::log2(magnitude)) - 5.0;
  return 255 - static_cast<int>((sample < 0 ? 128 : 0) + 16 * segment +
                                std::floor(magnitude / std::exp2(segment + 1.0)) - 16.0);
}

void g711(Law law, const std::string& name) {
  const auto pcm = speech(8000);
  auto back = pcm;
  std::vector<std::uint8_t> codes(pcm.size());
  const auto ours = cost([&] {
    g711_encode(law, pcm, codes);
    bench::keep(codes);
    g711_decode(law, codes, back);
    bench::keep(back);
  });
  const auto formula = cost([&] {
    for (std::size_t n = 0; n < pcm.size(); ++n) codes[n] = static_cast<std::uint8_t>(mu_by_formula(pcm[n]));
    bench::keep(codes);
  });
  show(name + ": a frame there and back, 8 kHz", ours, "formula, there only", formula);
}

void resampling(int from_hz, int to_hz) {
  const auto pcm = speech(from_hz);
  std::vector<std::int16_t> out;
  Resampler resampler{from_hz, to_hz};
  const auto ours = cost([&] {
    out.clear();
    resampler.process(pcm, out);
    bench::keep(out);
  });
  std::vector<std::int16_t> straight(static_cast<std::size_t>(to_hz / 50));
  const double step = static_cast<double>(from_hz) / to_hz;
  const auto line = cost([&] {
    for (std::size_t n = 0; n < straight.size(); ++n) {
      const double at = static_cast<double>(n) * step;
      const auto left = static_cast<std::size_t>(at);
      const auto right = std::min(left + 1, pcm.size() - 1);
      straight[n] = static_cast<std::int16_t>(pcm[left] + (at - static_cast<double>(left)) * (pcm[right] - pcm[left]));
    }
    bench::keep(straight);
  });
  show(fmt::format("resample: a frame from {} to {} Hz", from_hz, to_hz), ours, "straight lines", line);
}

struct Deaf final : channels::Listener {
  std::int64_t samples = 0;
  void happened(core::Event) override {}
  void caller_audio(Samples, Pcm) override {}
  void agent_audio(Samples, Pcm pcm) override { samples += audio::samples(pcm).count; }
  void channel_failed(const Error&) override {}
};

// A thousand calls on one loop, all of whose agents speak.
void beat() {
  constexpr int Calls = 1000, Beats = 50;
  net::ManualClock clock;
  net::Loop loop{clock};
  channels::Pacer pacer{loop};
  BlockPool pool;
  Deaf listener;
  const auto pcm = speech(RateHz);
  std::vector<std::unique_ptr<Playout>> queues;
  std::vector<std::unique_ptr<channels::Player>> players;
  for (int n = 0; n < Calls; ++n) {
    queues.push_back(std::make_unique<Playout>(pool));
    queues.back()->admit(core::ResponseId{1});
    players.push_back(std::make_unique<channels::Player>(pacer));
    players.back()->start(*queues.back(), listener, [](Samples) {});
  }
  const auto fill = [&] {
    for (auto& queue : queues) {
      for (int n = 0; n < Beats; ++n) queue->push(core::ResponseId{1}, pcm);
    }
  };
  double ours = 1e300;
  for (int run = 0; run < Runs; ++run) {
    fill();
    ours = std::min(ours, bench::best_of(1, bench::cpu_seconds, [&] {
                      for (int n = 0; n < Beats; ++n) {
                        clock.advance(channels::Beats::Period);
                        loop.fire_due();
                      }
                    }));
  }
  const auto queued = std::vector<std::vector<std::int16_t>>(Calls, pcm);
  auto out = pcm;
  const double copies = bench::best_of(Runs, bench::cpu_seconds, [&] {
    for (const auto& frame : queued) {
      std::memcpy(out.data(), frame.data(), frame.size() * 2);
      bench::keep(out);
    }
  });
  show("beat: a call's frame, of 1000 calls on a loop", ours * 1e9 / Calls / Beats, "a copy", copies * 1e9 / Calls);
}

}  // namespace

auto main() -> int {
  playout(false);
  playout(true);
  g711(Law::Mu, "mu-law");
  g711(Law::A, "A-law");
  for (const auto& [from, to] : {std::pair{24000, 8000}, {8000, 24000}, {24000, 16000}, {24000, 48000}, {44100, 24000}})
    resampling(from, to);
  beat();
}
