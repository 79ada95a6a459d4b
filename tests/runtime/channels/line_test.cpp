#include "runtime/channels/line.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "runtime/audio/dtmf.h"
#include "runtime/audio/level.h"
#include "runtime/channels/scripted.h"
#include "runtime/channels/wav_file.h"
#include "tests/runtime/channels/call.h"

namespace flow::channels {
namespace {

using net::Millis;
using Events = std::vector<core::Event>;
using Keys = Line::Keys;

auto script(std::string_view text) -> Script { return read_script(text, "a.script").value(); }

// A second of hiss up to 12 kHz.
auto hiss(std::string_view) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(24'000);
  std::uint32_t state = 7;
  for (auto& s : pcm) {
    state = state * 1664525u + 1013904223u;
    s = static_cast<std::int16_t>(static_cast<int>(state >> 20) - 2048);
  }
  return pcm;
}

auto rms(audio::Pcm pcm) -> double {
  double energy = 0;
  for (const auto s : pcm) energy += static_cast<double>(s) * s;
  return std::sqrt(energy / static_cast<double>(std::max<std::size_t>(1, pcm.size())));
}

// Of all the energy, the share above 4 kHz: what is left of the sound if each sample is taken with those around it, by a
// low-pass of 129 taps (a sinc in a Hann window).
auto share_above_4_khz(audio::Pcm pcm) -> double {
  constexpr int Half = 64;
  constexpr double Pi = 3.14159265358979;
  const auto tap = [](int n) {
    const auto sinc = n == 0 ? 1.0 / 3 : std::sin(Pi * n / 3) / (Pi * n);
    return sinc * (0.5 + 0.5 * std::cos(Pi * n / (Half + 1)));
  };
  double all = 0, above = 0;
  for (std::size_t at = Half; at + Half < pcm.size(); ++at) {
    double low = 0;
    for (int n = -Half; n <= Half; ++n) low += tap(n) * pcm[at - Half + static_cast<std::size_t>(n + Half)];
    all += static_cast<double>(pcm[at]) * pcm[at];
    above += std::pow(pcm[at] - low, 2);
  }
  return all > 0 ? above / all : 0;
}

auto digits(const NotedListener& listener) -> std::string {
  std::string out;
  for (const auto& event : listener.events) {
    if (const auto* pressed = std::get_if<core::DigitPressed>(&event)) out += pressed->digit;
  }
  return out;
}

}  // namespace

TEST_CASE_METHOD(Call, "both voices sound as the line does, frame by frame at the same places") {
  for (const auto law : {audio::Law::Mu, audio::Law::A}) {
    NotedListener clear, heard;
    for (auto* listens : {&clear, &heard}) {
      Scripted caller{pacer, script("at 0s says \"a\""), {.speak = hiss}};
      Line line{caller, {.law = listens == &heard ? std::optional{law} : std::nullopt}};
      playout.admit(core::ResponseId{1});
      playout.push(core::ResponseId{1}, hiss(""));
      line.open(playout, *listens);
      pass(Millis{900});
      line.close();
      line.flush(core::FlushId{1});
    }
    CHECK(clear.caller.size() == heard.caller.size());
    CHECK(clear.agent.size() == heard.agent.size());
    for (const auto side : {&NotedListener::caller, &NotedListener::agent}) {
      CHECK(share_above_4_khz(clear.*side) > 0.5);
      CHECK(share_above_4_khz(heard.*side) < 0.02);
      CHECK(rms(heard.*side) > 0.5 * rms(clear.*side));
    }
  }
}

TEST_CASE_METHOD(Call, "a line says how late it is") {
  WavFile caller{pacer, hiss("")};
  CHECK(Line(caller, {}).latency() == caller.latency());
  const auto late = Line(caller, {.law = audio::Law::Mu}).latency();
  CHECK(late.in > caller.latency().in);
  CHECK(late.out > caller.latency().out);
  CHECK(late.in < Millis{10});
}

TEST_CASE_METHOD(Call, "inband, keys that a script presses are tones in the sound, heard one after the other as they are sent") {
  for (const auto law : {std::optional<audio::Law>{}, std::optional{audio::Law::Mu}, std::optional{audio::Law::A}}) {
    NotedListener heard;
    Scripted caller{pacer, script("at 100ms presses \"4711#\""), {.speak = hiss}};
    Line line{caller, {.law = law, .keys = Keys::Inband}};
    line.open(playout, heard);
    pass(Millis{140});
    CHECK(digits(heard).empty());  // 20 ms of its tone are not enough
    pass(Millis{60});
    CHECK(digits(heard) == "4");
    pass(Millis{160});
    CHECK(digits(heard) == "47");
    pass(Millis{3 * 160});
    CHECK(digits(heard) == "4711#");
    line.close();
  }
}

TEST_CASE_METHOD(Call, "tones that stand in a file are keys, by an inband line alone") {
  std::vector<std::int16_t> voice(12'000);
  for (const char key : {'1', '9', '*'}) {
    const auto sound = audio::key_sound(key);
    voice.insert(voice.end(), sound.begin(), sound.end());
  }
  for (const auto keys : {Keys::Events, Keys::Inband, Keys::None}) {
    NotedListener heard;
    WavFile caller{pacer, voice};
    Line line{caller, {.law = audio::Law::Mu, .keys = keys}};
    line.open(playout, heard);
    pass(Millis{1200});
    CHECK(digits(heard) == (keys == Keys::Inband ? "19*" : ""));
    line.close();
  }
}

TEST_CASE_METHOD(Call, "a key is taken out of what is heard and recorded, but for the moment it takes to be sure; speech is not") {
  Scripted caller{pacer, script("at 0s presses \"5\"\nat 1s says \"a\""), {.speak = hiss}};
  Line line{caller, {.keys = Keys::Inband}};
  line.open(playout, listener);
  pass(Millis{1900});
  std::size_t sounding = 0;
  for (std::size_t n = 0; n < 24'000; ++n) sounding += std::abs(listener.caller[n]) > 100;
  CHECK(sounding < 40 * 24);  // of 80 ms
  CHECK(share_above_4_khz(audio::Pcm(listener.caller).first(12'000)) < 0.001);  // no click where it goes
  CHECK(rms(audio::Pcm(listener.caller).subspan(25'000, 20'000)) == rms(audio::Pcm(hiss("")).subspan(1'000, 20'000)));
}

TEST_CASE_METHOD(Call, "where the caller has no voice there are no tones: an inband line's keys come beside it") {
  Scripted caller{pacer, script("at 100ms presses \"12\"")};
  Line line{caller, {.law = audio::Law::Mu, .keys = Keys::Inband}};
  line.open(playout, listener);
  pass(Millis{120});
  CHECK(listener.events == Events{core::DigitPressed{'1'}, core::DigitPressed{'2'}});
}

TEST_CASE_METHOD(Call, "a line without keys loses them, and whoever pressed is told") {
  std::string lost;
  Scripted caller{pacer, script("at 100ms presses \"12\"\nat 200ms says \"hello\"\nat 300ms hangs_up")};
  Line line{caller, {.keys = Keys::None, .lost = [&](char key) { lost += key; }}};
  line.open(playout, listener);
  pass(Millis{400});
  CHECK(lost == "12");
  CHECK(listener.events == Events{core::TextTyped{"hello"}, core::CallerHungUp{}});
}

TEST_CASE_METHOD(Call, "nothing comes from a line that was closed while a key was told") {
  Scripted caller{pacer, script("at 0s presses \"5\""), {.speak = hiss}};
  Line line{caller, {.keys = Keys::Inband}};
  std::size_t at_key = 0;
  listener.on_event = [&](const core::Event&) {
    at_key = listener.caller.size();
    line.close();
  };
  line.open(playout, listener);
  pass(Millis{500});
  REQUIRE(digits(listener) == "5");
  CHECK(listener.caller.size() == at_key);
}

}  // namespace flow::channels
