#pragma once
// Keeps a track that a device's clock makes on the call's clock. Pure.
//
// Crystals differ by some parts in a hundred thousand: a frame in ten minutes. A frame of silence is put in, or a quiet
// one left out, once the track is clearly beside the clock; a device that was away for a while is made up for at once.
// How late a frame comes says nothing, how early it can come does: so the least lag of two seconds counts.

#include <optional>

#include "runtime/audio/pcm.h"

namespace flow::channels {

class Steady {
 public:
  static constexpr audio::Samples Window = audio::to_samples(audio::Millis{2'000});
  static constexpr audio::Samples Slack = audio::to_samples(audio::Millis{40});  // either side
  static constexpr audio::Samples Away = audio::to_samples(audio::Millis{300});  // no jitter is that long

  // `told` is where the track ends, `now` the call's clock; look whenever all that has come was told. Returns how many
  // frames of 20 ms are to be put in, or, below zero, to be left out.
  auto look(audio::Samples told, audio::Samples now) -> int;

 private:
  struct Lags {
    audio::Samples begin, least;
  };
  bool began_ = false;
  std::optional<Lags> window_;  // begins with the look after the last answer
};

}  // namespace flow::channels
