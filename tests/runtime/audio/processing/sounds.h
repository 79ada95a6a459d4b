#pragma once
// What microphones hear: voices, noises, hums. Amplitudes from -1 to 1 until the end; levels in dBFS, of the whole sound.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "runtime/audio/pcm.h"
#include "runtime/simulate/dice.h"
#include "runtime/simulate/voice.h"

namespace flow::audio::test {

using Sound = std::vector<double>;

inline auto ms(std::int64_t count) -> std::size_t { return static_cast<std::size_t>(count * core::SamplesPerMs); }

inline auto rms(const Sound& sound) -> double {
  double energy = 0;
  for (const double s : sound) energy += s * s;
  return std::sqrt(energy / static_cast<double>(std::max<std::size_t>(1, sound.size())));
}
inline auto dbfs(const Sound& sound) -> double { return 20 * std::log10(rms(sound) + 1e-9); }
inline auto at_level(Sound sound, double level) -> Sound {
  const double gain = std::pow(10, level / 20) / rms(sound);
  for (double& s : sound) s *= gain;
  return sound;
}
inline auto silence(std::size_t length) -> Sound { return Sound(length); }

// Places `what` into `sound` from `at` on; what does not fit is lost.
inline void mix(Sound& sound, const Sound& what, std::size_t at = 0) {
  for (std::size_t n = 0; n < what.size() && at + n < sound.size(); ++n) sound[at + n] += what[n];
}

inline auto white(std::size_t length, double level, std::uint64_t seed = 1) -> Sound {
  simulate::Dice dice(seed);
  Sound sound(length);
  for (double& s : sound) s = static_cast<double>(dice.below(20'001)) / 10'000 - 1;
  return at_level(std::move(sound), level);
}
// 3 dB less an octave, as rooms sound. Source: three poles by Paul Kellet, within 0.5 dB above 10 Hz.
inline auto pink(std::size_t length, double level, std::uint64_t seed = 2) -> Sound {
  auto sound = white(length, 0, seed);
  double a = 0, b = 0, c = 0;
  for (double& s : sound) {
    a = 0.99765 * a + s * 0.0990460;
    b = 0.96300 * b + s * 0.2965164;
    c = 0.57000 * c + s * 1.0526913;
    s = a + b + c + s * 0.1848;
  }
  return at_level(std::move(sound), level);
}
inline auto mains_hum(std::size_t length, double level) -> Sound {
  Sound sound(length);
  for (std::size_t n = 0; n < length; ++n) {
    for (int harmonic = 1; harmonic <= 5; ++harmonic) {
      sound[n] += std::sin(2 * std::numbers::pi * 50 * harmonic * static_cast<double>(n) / RateHz) / harmonic;
    }
  }
  return at_level(std::move(sound), level);
}

// "marin" is a woman's voice (slt), "cedar" a man's (rms).
inline auto spoken(const std::string& words, const std::string& voice) -> Sound {
  static simulate::Voice speaker;
  Sound sound;
  for (const auto& phrase : simulate::phrases(words)) {
    const auto& speech = speaker.speak(phrase, {.voice = voice});
    for (const auto s : speech.pcm) sound.push_back(s / 32768.0);
  }
  return sound;
}
// Without the quiet before the first sound and after the last one, 36 dB under the loudest sample.
inline auto bare(Sound sound) -> Sound {
  double peak = 0;
  for (const double s : sound) peak = std::max(peak, std::abs(s));
  const auto sounds = [&](std::size_t at) {
    return rms({sound.begin() + static_cast<std::ptrdiff_t>(at), sound.begin() + static_cast<std::ptrdiff_t>(at + 240)}) > peak / 64;
  };
  std::size_t from = 0, to = sound.size() - sound.size() % 240;
  while (from + 240 < to && !sounds(from)) from += 240;
  while (to - 240 > from && !sounds(to - 240)) to -= 240;
  return {sound.begin() + static_cast<std::ptrdiff_t>(from), sound.begin() + static_cast<std::ptrdiff_t>(to)};
}
// Eight people who talk at once, far away.
inline auto babble(std::size_t length, double level) -> Sound {
  static const std::string Words[] = {"Are you open today, and until when?", "I ordered a pair of winter boots last week.",
                                      "Could you send the second one back for me?", "No, thank you, that is all."};
  static const std::string Voices[] = {"marin", "cedar", "alloy", "ash", "coral", "echo", "sage", "verse"};
  Sound sound(length);
  std::size_t first = 0;
  for (const auto& voice : Voices) {
    auto words = first++;
    for (std::size_t at = 0; at < length;) {
      const auto sentence = at_level(spoken(Words[words++ % 4], voice), -20);
      mix(sound, sentence, at);
      at += sentence.size();
    }
  }
  return at_level(std::move(sound), level);
}

inline auto to_pcm(const Sound& sound) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm;
  pcm.reserve(sound.size());
  for (const double s : sound) pcm.push_back(static_cast<std::int16_t>(std::lround(std::clamp(s * 32768, -32768.0, 32767.0))));
  return pcm;
}

}  // namespace flow::audio::test
