#pragma once
// Puts the two sides of a call beside each other: caller left, agent right, by the call's clock.
//
// The same stretches at the same places give the same recording, live and in a replay.

#include <cstdint>
#include <vector>

#include "runtime/audio/pcm.h"

namespace flow::audio {

class Stereo {
 public:
  // How far one side may run ahead of the other before what the other lacks is taken for silence.
  static constexpr Samples SkewMax = to_samples(Millis{500});

  // `at` counts samples since the call began. Each side's stretches come in their order; what lies before what was
  // already given away is dropped, gaps are silence.
  void caller(Samples at, Pcm pcm);
  void agent(Samples at, Pcm pcm);

  // Appends, interleaved, what is complete on both sides; with `finish`, all there is.
  void take(std::vector<std::int16_t>& interleaved);
  void finish(std::vector<std::int16_t>& interleaved);

 private:
  struct Side {
    Samples end;                      // of what came in
    std::vector<std::int16_t> waits;  // from Stereo::given_ on
  };
  void put(Side& side, Samples at, Pcm pcm);
  void give(Samples until, std::vector<std::int16_t>& interleaved);

  Samples given_;
  Side caller_, agent_;
};

}  // namespace flow::audio
