// What our part of the way between a microphone, the call and a speaker costs, on virtual devices: the microphone hears
// the speaker, so a sound that is said is heard again. The reference is the same way with bare callbacks, which is what
// the sound server and RtAudio take for themselves.
//
// FLOW_LONG=600 makes the long call ten minutes long, in seconds.

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <optional>
#include <semaphore>
#include <thread>

#include "runtime/audio/device/rtaudio.h"
#include "runtime/audio/device/sound.h"
#include "runtime/channels/device.h"
#include "tests/bench/bench.h"
#include "tests/support/pulse.h"

namespace {

using namespace flow;
using namespace std::chrono_literals;
using audio::device::Side;

constexpr int Trials = 15;
constexpr int Loud = 4'000;
constexpr auto Settles = 400ms;

auto now() -> std::int64_t { return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

auto loudest(audio::Pcm pcm) -> int {
  int peak = 0;
  for (const int sample : pcm) peak = std::max(peak, std::abs(sample));
  return peak;
}

// Looks every millisecond, for what other threads do wakes no loop.
void wait(net::Loop& loop, const std::function<bool()>& done, core::Millis at_most) {
  net::Timer tick(loop);
  std::function<void()> again = [&] { tick.set_after(1ms, again); };
  again();
  loop.run_until(done, at_most);
}
void pass(net::Loop& loop, core::Millis time) {
  loop.run_until([] { return false; }, time);
}

// When the two changes of a trial were heard, in milliseconds after they were ordered.
struct Heard {
  std::vector<double> sound, silence;
};

// ── Bare callbacks ───────────────────────────────────────────────────────────────────────────────────────────

struct Mouth final : audio::device::Traffic {
  std::atomic<bool> loud{false};
  void moved(std::int16_t* samples, std::size_t frames, bool) noexcept override { std::fill_n(samples, frames, loud.load() ? std::int16_t{8'000} : std::int16_t{0}); }
  void broke() noexcept override {}
};

struct Ear final : audio::device::Traffic {
  std::atomic<std::int64_t> became_loud{0}, became_quiet{0};
  bool loud = false;
  void moved(std::int16_t* samples, std::size_t frames, bool) noexcept override {
    const bool is = loudest({samples, frames}) > Loud;
    if (is != loud) (is ? became_loud : became_quiet).store(now());
    loud = is;
  }
  void broke() noexcept override {}
};

auto bare(net::Loop& loop) -> Heard {
  const auto backend = audio::device::rtaudio_backend(false);
  const auto devices = backend->devices().value();
  Mouth mouth;
  Ear ear;
  Heard heard;
  const auto find = [&](Side side) {
    return *std::ranges::find_if(devices, [&](const auto& one) { return side == Side::Input ? one.default_input : one.default_output; });
  };
  auto speaker = backend->open(find(Side::Output), Side::Output).value();
  auto microphone = backend->open(find(Side::Input), Side::Input).value();
  if (!speaker->start(mouth) || !microphone->start(ear)) std::exit(1);
  pass(loop, 1'000ms);
  for (int trial = 0; trial < Trials; ++trial) {
    for (const bool loud : {true, false}) {
      const auto ordered = now();
      auto& became = loud ? ear.became_loud : ear.became_quiet;
      mouth.loud = loud;
      wait(loop, [&] { return became.load() > ordered; }, 3'000ms);
      pass(loop, Settles);
      (loud ? heard.sound : heard.silence).push_back(static_cast<double>(became.load() - ordered) / 1'000);
    }
  }
  return heard;
}

// ── Our way: playout, channel, device, and back ──────────────────────────────────────────────────────────────

struct Listener final : channels::Listener {
  bool loud = false;
  std::int64_t became_loud = 0, became_quiet = 0;
  void happened(core::Event) override {}
  void caller_audio(audio::Samples, audio::Pcm pcm) override {
    const bool is = loudest(pcm) > Loud;
    if (is != loud) (is ? became_loud : became_quiet) = now();
    loud = is;
  }
  void agent_audio(audio::Samples, audio::Pcm) override {}
  void channel_failed(const Error& error) override { std::fprintf(stderr, "%s\n", error.text.c_str()); }
};

struct Talk {
  explicit Talk(net::Loop& loop_of_it, std::shared_ptr<audio::device::Backend> backend = audio::device::rtaudio_backend(false)) : loop(loop_of_it) {
    sound.emplace(loop, std::move(backend));
    std::unique_ptr<audio::device::Duplex> opened;
    sound->open({}, [&](auto device) { opened = std::move(device.value()); });
    if (!loop.run_until([&] { return opened != nullptr; }, 10s)) std::exit(1);
    channel.emplace(loop, std::move(opened), channels::Device::Options{});
    channel->open(playout, listener);
    pass(loop, 1'000ms);
  }
  ~Talk() { channel.reset(); }
  void say(core::Millis length) {
    playout.admit(core::ResponseId{1});
    playout.push(core::ResponseId{1}, std::vector<std::int16_t>(static_cast<std::size_t>(core::to_samples(length).count), 8'000));
  }

  net::Loop& loop;
  audio::BlockPool pool;
  audio::Playout playout{pool};
  Listener listener;
  std::optional<audio::device::Sound> sound;
  std::optional<channels::Device> channel;
};

// What the call hears of it, and what somebody beside the speaker hears, with bare callbacks.
struct Both {
  Heard call, beside;
};

auto ours(net::Loop& loop) -> Both {
  const auto backend = audio::device::rtaudio_backend(false);
  const auto devices = backend->devices().value();
  Ear ear;
  auto microphone = backend->open(*std::ranges::find_if(devices, [](const auto& one) { return one.default_input; }), Side::Input).value();
  if (!microphone->start(ear)) std::exit(1);
  Talk talk(loop, backend);
  Both heard;
  for (int trial = 0; trial < Trials; ++trial) {
    auto ordered = now();
    talk.say(5'000ms);
    loop.run_until([&] { return talk.listener.became_loud > ordered; }, 3'000ms);
    heard.call.sound.push_back(static_cast<double>(talk.listener.became_loud - ordered) / 1'000);
    pass(loop, Settles);
    heard.beside.sound.push_back(static_cast<double>(ear.became_loud - ordered) / 1'000);
    ordered = now();
    talk.channel->flush(core::FlushId{1});
    loop.run_until([&] { return talk.listener.became_quiet > ordered; }, 3'000ms);
    heard.call.silence.push_back(static_cast<double>(talk.listener.became_quiet - ordered) / 1'000);
    pass(loop, Settles);
    heard.beside.silence.push_back(static_cast<double>(ear.became_quiet - ordered) / 1'000);
  }
  return heard;
}

// Works for half of the time, until it is let go.
void half_load(std::counting_semaphore<>& let_go) {
  do {
    const auto begin = now();
    while (now() - begin < 5'000) {
    }
  } while (!let_go.try_acquire_for(5ms));
}

// How often a thread that does nothing but sleep was woken later than a speaker can wait: what the machine takes for itself.
struct Sleeper {
  static constexpr std::int64_t Period = 10'000, Late = 30'000;
  std::binary_semaphore ends{0};
  int late = 0;
  std::thread thread{[this] {
    auto due = now() + Period;
    while (!ends.try_acquire_until(std::chrono::steady_clock::time_point(std::chrono::microseconds(due)))) {
      const auto woken = now();
      if (woken - due > Late) late += 1;
      due = std::max(due, woken - Period) + Period;
    }
  }};
  auto end() -> int {
    ends.release();
    thread.join();
    return late;
  }
};

// Ours, and the reference.
auto long_call(net::Loop& loop, std::chrono::seconds length) -> std::pair<std::string, std::string> {
  Talk talk(loop);
  std::counting_semaphore<> let_go{0};
  std::vector<std::thread> load;
  Sleeper sleeper;
  for (unsigned core = 0; core < std::max(1U, std::thread::hardware_concurrency()); ++core) load.emplace_back([&] { half_load(let_go); });
  const auto end = std::chrono::steady_clock::now() + length;
  while (std::chrono::steady_clock::now() < end) {
    talk.say(1'000ms);
    pass(loop, 900ms);
  }
  let_go.release(static_cast<std::ptrdiff_t>(load.size()));
  for (auto& one : load) one.join();
  const auto facts = talk.channel->facts();
  return {fmt::format("{} gaps, {} losses, {} ms ahead", facts.underruns, facts.overruns, facts.queue.count()), fmt::format("{} wake-ups of a sleeper over 30 ms late", sleeper.end())};
}

auto ms(double value) -> std::string { return fmt::format("{:.0f} ms", value); }

}  // namespace

int main() {
  if (!test::Pulse::is_installed()) {
    std::fputs("device_bench: PulseAudio is not installed\n", stderr);
    return 1;
  }
  test::Pulse pulse;
  pulse.add_speaker("desk");
  pulse.add_microphone("mouth", "desk");
  pulse.make_default("desk", "mouth");
  net::Loop loop;
  const auto reference = bare(loop);
  const auto way = ours(loop);
  const auto median = [](const std::vector<double>& values) { return bench::percentile(values, 0.5); };
  const auto show = [&](const char* what, const std::vector<double>& mine, const std::vector<double>& theirs) {
    bench::row(what, ms(median(mine)), ms(median(theirs)) + " bare callbacks", fmt::format("+{:.0f} ms", median(mine) - median(theirs)));
  };
  show("device: said to heard beside the speaker, median", way.beside.sound, reference.sound);
  show("device: flush to silence beside the speaker, median", way.beside.silence, reference.silence);
  show("device: said to heard again by the call, median", way.call.sound, reference.sound);
  show("device: flush to silence heard by the call, median", way.call.silence, reference.silence);
  const auto* asked = std::getenv("FLOW_LONG");
  const auto length = asked != nullptr ? std::max(10s, std::chrono::seconds(std::atol(asked))) : 10s;
  const auto [ours_of_it, reference_of_it] = long_call(loop, length);
  bench::row(fmt::format("device: a call of {} s, all cores half loaded", length.count()), ours_of_it, reference_of_it, "-");
  return 0;
}
