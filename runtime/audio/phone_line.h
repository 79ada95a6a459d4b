#pragma once
// What a telephone line leaves of a voice: 8000 samples a second, each in the 8 bits of G.711. Nothing is lost on the way
// and nothing is late but by the filters.

#include <vector>

#include "runtime/audio/g711.h"
#include "runtime/audio/pcm.h"
#include "runtime/audio/resample.h"

namespace flow::audio {

class PhoneLine {
 public:
  explicit PhoneLine(Law law) : law_(law) {}

  // The next [FrameSamples] of one stream, 24 kHz: what comes out at the other end takes their place. One thread;
  // allocates nothing once the first frame has passed.
  void pass(PcmOut frame);

  // How far what comes out lags what goes in.
  auto delay() const -> Samples { return delay_; }

 private:
  static constexpr int LineHz = 8'000;

  Law law_;
  Resampler in_{RateHz, LineHz}, out_{LineHz, RateHz};
  Samples delay_{in_.delay().count * (RateHz / LineHz) + out_.delay().count};
  std::vector<std::int16_t> narrow_, wide_;
};

}  // namespace flow::audio
