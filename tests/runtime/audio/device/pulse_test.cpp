// The real backend on virtual devices: a PulseAudio server of the test's own, whose microphone hears its speaker.

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <optional>

#include "runtime/audio/device/rtaudio.h"
#include "runtime/audio/device/sound.h"
#include "tests/support/pulse.h"

using namespace flow;
using namespace flow::audio::device;
using namespace std::chrono_literals;
using audio::Samples;

namespace {

// Says a tone for as long as it is open, and keeps what it hears.
struct Talker : Duplex::Owner {
  net::Loop loop;
  std::optional<Sound> sound;
  std::unique_ptr<Duplex> device;
  std::optional<Error> refused, lost;
  double tone_hz = 1'000;
  std::int64_t said = 0;
  std::vector<std::int16_t> heard;

  Talker() { sound.emplace(loop, rtaudio_backend(false)); }
  ~Talker() override { device.reset(); }

  void open(const Choice& choice = {}) {
    refused.reset();
    sound->open(choice, [this](Result<std::unique_ptr<Duplex>> opened) {
      if (opened) device = std::move(*opened);
      else refused = opened.error();
    });
    loop.run_until([this] { return device || refused; }, 20s);
    if (device) device->start(*this);
  }
  void device_moved() override {
    std::vector<std::int16_t> tone(static_cast<std::size_t>(device->wanted().count));
    for (auto& sample : tone) sample = static_cast<std::int16_t>(8'000 * std::sin(2 * std::numbers::pi * tone_hz * static_cast<double>(said++) / audio::RateHz));
    device->write(tone);
    std::vector<std::int16_t> piece(480);
    while (const auto count = static_cast<std::size_t>(device->read(piece).count)) heard.insert(heard.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count));
  }
  void device_lost(const Error& error) override { lost = error; }
  // Until so much of the tone was heard; false: it never was.
  auto hear(audio::Millis length) -> bool {
    return loop.run_until([&] { return heard.size() >= static_cast<std::size_t>(audio::to_samples(length).count); }, 20s);
  }
};

// How much of the power is at this frequency: 1 for a pure tone.
auto share_of(double hz, audio::Pcm pcm) -> double {
  double real = 0, imaginary = 0, power = 0;
  for (std::size_t n = 0; n < pcm.size(); ++n) {
    const double angle = 2 * std::numbers::pi * hz * static_cast<double>(n) / audio::RateHz;
    real += pcm[n] * std::cos(angle);
    imaginary += pcm[n] * std::sin(angle);
    power += static_cast<double>(pcm[n]) * pcm[n];
  }
  return power == 0 ? 0 : 2 * (real * real + imaginary * imaginary) / static_cast<double>(pcm.size()) / power;
}

// The purest stretch of a tenth of a second: a loaded machine may leave gaps elsewhere.
auto best_share(double hz, const std::vector<std::int16_t>& pcm) -> double {
  constexpr std::size_t Stretch = 2'400;
  double best = 0;
  for (std::size_t from = 0; from + Stretch <= pcm.size(); from += Stretch) best = std::max(best, share_of(hz, audio::Pcm{pcm}.subspan(from, Stretch)));
  return best;
}

}  // namespace

#define NEEDS_PULSE() \
  if (!flow::test::Pulse::is_installed()) SKIP("PulseAudio is not installed")

TEST_CASE("a tone goes out through the speaker and comes in through the microphone") {
  NEEDS_PULSE();
  test::Pulse pulse;
  pulse.add_speaker("desk");
  pulse.add_microphone("mouth", "desk");
  pulse.make_default("desk", "mouth");
  Talker talker;
  talker.open();
  REQUIRE(talker.device);
  CHECK(talker.device->facts().output == "desk");
  CHECK(talker.device->facts().input == "mouth");
  REQUIRE(talker.hear(1'500ms));
  CHECK(best_share(1'000, talker.heard) > 0.95);
  CHECK(talker.device->taken() > audio::to_samples(1'000ms));
}

TEST_CASE("a device that works in stereo at 44.1 kHz plays and hears the same tone") {
  NEEDS_PULSE();
  test::Pulse pulse;
  pulse.add_speaker("hifi", 44'100, 2);
  pulse.add_microphone("studio", "hifi", 44'100, 2);
  pulse.make_default("hifi", "studio");
  Talker talker;
  talker.open();
  REQUIRE(talker.device);
  REQUIRE(talker.hear(1'500ms));
  CHECK(best_share(1'000, talker.heard) > 0.95);
}

TEST_CASE("microphone and speaker are chosen by a part of their names") {
  NEEDS_PULSE();
  test::Pulse pulse;
  pulse.add_speaker("desk");
  pulse.add_speaker("headset");
  pulse.make_default("desk", "desk.monitor");
  Talker talker;
  talker.open({.input = "monitor of headset", .output = "heads"});
  REQUIRE(talker.device);
  CHECK(talker.device->facts().output == "headset");
  REQUIRE(talker.hear(1'000ms));
  CHECK(best_share(1'000, talker.heard) > 0.95);
}

TEST_CASE("a server that dies in the middle of a call is a device that went away") {
  NEEDS_PULSE();
  test::Pulse pulse;
  pulse.add_speaker("desk");
  Talker talker;
  talker.open();
  REQUIRE(talker.device);
  REQUIRE(talker.hear(200ms));
  pulse.kill();
  CHECK(talker.loop.run_until([&] { return talker.lost.has_value(); }, 20s));
  CHECK(talker.lost->code == "R0314");
}

TEST_CASE("the last device that goes is lost, and there is none to open then") {
  NEEDS_PULSE();
  test::Pulse pulse;
  const auto module = pulse.add_speaker("desk");
  Talker talker;
  talker.open();
  REQUIRE(talker.device);
  REQUIRE(talker.hear(200ms));
  pulse.unload(module);
  CHECK(talker.loop.run_until([&] { return talker.lost.has_value(); }, 20s));
  talker.device.reset();
  talker.open();
  REQUIRE(talker.refused);
  INFO(talker.refused->text);
  CHECK(talker.refused->code == "R0310");
}

TEST_CASE("without a server there are no devices, and it does not take long to know") {
  ::setenv("PULSE_SERVER", "unix:/nowhere/native", 1);
  Talker talker;
  talker.open();
  REQUIRE(talker.refused);
  CHECK(talker.refused->code == "R0310");
}
