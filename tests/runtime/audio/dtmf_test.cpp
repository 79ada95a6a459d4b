#include "runtime/audio/dtmf.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "runtime/audio/phone_line.h"

namespace flow::audio {
namespace {

const std::string Keys = "123A456B789C*0#D";

// The standard's own words: no code of these tests is shared with what makes or finds tones.
struct Tone {
  char key = '5';
  double ms = 80;
  double low_dbfs = -13;
  double twist_db = 0;  // how much louder the higher one is
  double tuning = 1;
};

using Sound = std::vector<double>;

auto amplitude(double dbfs) -> double { return 32767 * std::pow(10, dbfs / 20); }

auto quiet(double ms) -> Sound { return Sound(static_cast<std::size_t>(ms * 24)); }

void add(Sound& sound, const Tone& tone) {
  constexpr double Rows[] = {697, 770, 852, 941}, Columns[] = {1209, 1336, 1477, 1633};
  const auto key = Keys.find(tone.key);
  const auto wave = [&](double hz, double dbfs, std::size_t n) { return amplitude(dbfs) * std::sin(2 * std::numbers::pi * hz * tone.tuning * static_cast<double>(n) / RateHz); };
  for (std::size_t n = 0; n < quiet(tone.ms).size(); ++n) sound.push_back(wave(Rows[key / 4], tone.low_dbfs, n) + wave(Columns[key % 4], tone.low_dbfs + tone.twist_db, n));
}

// White up to 12 kHz.
void add_noise(Sound& sound, double rms) {
  std::uint32_t state = 12345;
  for (auto& s : sound) {
    state = state * 1664525u + 1013904223u;
    s += (static_cast<double>(state >> 8) / (1 << 23) - 1) * std::sqrt(3.0) * rms;
  }
}

auto to_pcm(const Sound& sound) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(sound.size());
  std::ranges::transform(sound, pcm.begin(), [](double s) { return static_cast<std::int16_t>(std::lround(std::clamp(s, -32768.0, 32767.0))); });
  pcm.resize((pcm.size() + FrameSamples - 1) / FrameSamples * FrameSamples, 0);
  return pcm;
}

auto heard(const std::vector<std::int16_t>& pcm) -> std::string {
  KeyListener ear;
  std::string keys;
  for (std::size_t at = 0; at < pcm.size(); at += FrameSamples) keys += ear.hear(Pcm{pcm}.subspan(at, FrameSamples));
  return keys;
}

auto by_line(std::vector<std::int16_t> pcm, Law law) -> std::vector<std::int16_t> {
  PhoneLine line{law};
  for (std::size_t at = 0; at < pcm.size(); at += FrameSamples) line.pass(PcmOut{pcm}.subspan(at, FrameSamples));
  return pcm;
}

// Every key, wherever its tone falls between the blocks that are looked at: a stretch of 12.75 ms in steps of 1 ms.
auto all_keys(Tone tone, double noise_rms = 0) -> std::pair<std::string, Sound> {
  std::string keys;
  auto sound = quiet(50);
  for (int shift = 0; shift < 13; ++shift) {
    for (const char key : Keys) {
      tone.key = key;
      add(sound, tone);
      const auto pause = quiet(60 + (shift == 12 ? 1.25 : 1.0));
      sound.insert(sound.end(), pause.begin(), pause.end());
      keys += key;
    }
  }
  if (noise_rms > 0) add_noise(sound, noise_rms);
  return {keys, sound};
}

}  // namespace

TEST_CASE("a key is heard as soon as its tone is 40 ms long, once however long it is") {
  for (const double ms : {40.0, 50.0, 80.0, 500.0}) {
    INFO(ms << " ms");
    const auto [keys, sound] = all_keys({.ms = ms});
    CHECK(heard(to_pcm(sound)) == keys);
  }
}

TEST_CASE("what is shorter than a key is none") {
  for (const double ms : {5.0, 10.0, 20.0}) {
    INFO(ms << " ms");
    CHECK(heard(to_pcm(all_keys({.ms = ms}).second)).empty());
  }
}

TEST_CASE("keys are heard over a telephone line, by either law") {
  const auto [keys, sound] = all_keys({.ms = 40});
  for (const auto law : {Law::Mu, Law::A}) CHECK(heard(by_line(to_pcm(sound), law)) == keys);
}

TEST_CASE("keys are heard in noise that is 10 dB below them, over a line, too") {
  // Two tones of -13 dBFS are as loud as one of -10, and a third of the noise is within the 4 kHz of a line.
  const auto noise = amplitude(-10) / std::sqrt(2.0) * std::pow(10, -10.0 / 20) * std::sqrt(3.0);
  const auto [keys, sound] = all_keys({.ms = 80}, noise);
  CHECK(heard(to_pcm(sound)) == keys);
  CHECK(heard(by_line(to_pcm(sound), Law::Mu)) == keys);
  CHECK(heard(by_line(to_pcm(sound), Law::A)) == keys);
}

TEST_CASE("keys are heard however loud a phone sends them") {
  for (const double dbfs : {-7.0, -20.0, -30.0, -38.0}) {
    INFO(dbfs << " dBFS");
    const auto [keys, sound] = all_keys({.ms = 50, .low_dbfs = dbfs});
    CHECK(heard(to_pcm(sound)) == keys);
  }
  CHECK(heard(to_pcm(all_keys({.low_dbfs = -60}).second)).empty());
}

TEST_CASE("the two tones of a key may differ as lines make them, and no more") {
  for (const double twist : {-8.0, -4.0, 4.0}) {
    INFO(twist << " dB");
    const auto [keys, sound] = all_keys({.ms = 50, .twist_db = twist});
    CHECK(heard(to_pcm(sound)) == keys);
  }
  for (const double twist : {-12.0, 8.0}) CHECK(heard(to_pcm(all_keys({.twist_db = twist}).second)).empty());
}

TEST_CASE("a phone may be a little out of tune; what is far from every key's tones is none") {
  for (const double tuning : {0.99, 1.01}) {
    const auto [keys, sound] = all_keys({.ms = 80, .tuning = tuning});
    CHECK(heard(to_pcm(sound)) == keys);
  }
  for (const double tuning : {0.965, 1.035}) CHECK(heard(to_pcm(all_keys({.tuning = tuning}).second)).empty());
}

TEST_CASE("one tone alone is no key") {
  for (const double hz : {697.0, 852.0, 1209.0, 1477.0}) {
    Sound sound;
    for (std::size_t n = 0; n < RateHz; ++n) sound.push_back(8000 * std::sin(2 * std::numbers::pi * hz * static_cast<double>(n) / RateHz));
    CHECK(heard(to_pcm(sound)).empty());
  }
}

TEST_CASE("what a phone sends for a key is heard as that key, one after the other") {
  std::vector<std::int16_t> pcm;
  for (const char key : Keys + "55") {
    const auto sound = key_sound(key);
    CHECK(samples(sound) == to_samples(Millis{160}));
    pcm.insert(pcm.end(), sound.begin(), sound.end());
  }
  CHECK(heard(pcm) == Keys + "55");
}

TEST_CASE("it is known while a key sounds, and not for long after") {
  KeyListener ear;
  auto pcm = key_sound('7');
  pcm.resize(pcm.size() + FrameSamples * 5, 0);
  std::string sounding;
  for (std::size_t at = 0; at < pcm.size(); at += FrameSamples) {
    ear.hear(Pcm{pcm}.subspan(at, FrameSamples));
    sounding += ear.sounding() ? 'x' : '.';
  }
  INFO(sounding);
  CHECK(sounding.substr(2, 2) == "xx");  // 40 to 80 ms
  CHECK(sounding.find('x', 6) == sounding.npos);
}

}  // namespace flow::audio
