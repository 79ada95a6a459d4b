#pragma once
// Where in a stream somebody sounds: by level alone, in blocks of 10 ms. For measuring; who speaks is the business of a
// voice detection.

#include <optional>

#include "runtime/audio/pcm.h"

namespace flow::audio {

struct Stretch {
  Samples begin, end;
  auto operator==(const Stretch&) const -> bool = default;
};

class Sounding {
 public:
  static constexpr Samples Block = to_samples(Millis{10});

  // A block sounds if it is louder than this (-50 dBFS, root mean square), and by 10 dB than the quietest of late: the
  // noise of a room rises into that within seconds, at 3 dB a second, a word does not.
  static constexpr double Level = 103.6;
  static constexpr double AboveNoise = 3.162;

  // The next samples of the stream, at their place. From the first block of them that sounds to the last. No allocation.
  auto next(Samples at, Pcm pcm) -> std::optional<Stretch>;

 private:
  auto sounds(Pcm block) -> bool;

  static constexpr double NoiseMin = Level / AboveNoise;  // what is quieter does not matter
  double noise_ = NoiseMin;                               // root mean square
};

}  // namespace flow::audio
