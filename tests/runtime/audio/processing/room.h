#pragma once
// A room with a speaker and a microphone in it: what the speaker plays comes back late, weaker, bent a little and many
// times over, with whatever else sounds there. Linear but for the speaker's cone; nothing moves in it.

#include <bit>
#include <cmath>
#include <vector>

#include "tests/runtime/audio/processing/sounds.h"

namespace flow::audio::test {

struct RoomShape {
  std::int64_t delay_ms = 45;     // from the samples' way to the speaker until their first sound comes back, devices and all
  double echo_db = -12;           // the echo's level against what is played
  double reverberation_ms = 200;  // to fade by 60 dB
  double noise_dbfs = -60;        // pink
};

class Room {
 public:
  explicit Room(RoomShape shape) : shape_(shape) {
    simulate::Dice dice(7);
    const double decay = std::log(1000) / (shape.reverberation_ms * core::SamplesPerMs);  // of the amplitude, a sample
    double power = 0;
    for (std::size_t after = 0; after < ms(80); after += 8 + dice.below(24)) {
      const double sign = after == 0 || dice.one_in(2) ? 1 : -1;
      taps_.push_back({ms(shape.delay_ms) + after, sign * std::exp(-decay * static_cast<double>(after)) * (after == 0 ? 1 : 0.4)});
      power += taps_.back().gain * taps_.back().gain;
    }
    for (auto& tap : taps_) tap.gain *= std::pow(10, shape.echo_db / 20) / std::sqrt(power);
    played_.resize(std::bit_ceil(taps_.back().after + 1));
  }

  // One frame: what the microphone hears while `playing` is played and `near` sounds before it, [FrameSamples] each.
  auto hear(Pcm playing, const double* near) -> std::vector<std::int16_t> {
    if (noise_.empty()) noise_ = pink(ms(10'000), shape_.noise_dbfs, 11);
    Sound heard(near, near + FrameSamples);
    const auto turn = played_.size() - 1;
    for (std::size_t n = 0; n < heard.size(); ++n, ++now_) {
      played_[now_ & turn] = std::tanh(1.2 * playing[n] / 32768.0) / 1.2;
      double echo = 0;
      for (const auto& tap : taps_) echo += tap.gain * played_[(now_ - tap.after) & turn];
      heard[n] += echo + noise_[now_ % noise_.size()];
    }
    return to_pcm(heard);
  }

 private:
  struct Tap {
    std::size_t after;
    double gain;
  };
  RoomShape shape_;
  std::vector<Tap> taps_;
  Sound played_, noise_;  // the last of what was played, as many as a power of two
  std::size_t now_ = 0;
};

}  // namespace flow::audio::test
