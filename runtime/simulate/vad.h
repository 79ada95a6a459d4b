#pragma once
// Tells voice from silence, a frame at a time, behind an interface so that a better judge can take its place.

#include <cstddef>
#include <memory>

#include "runtime/audio/pcm.h"

namespace flow::simulate {

class VoiceActivity {
 public:
  virtual ~VoiceActivity() = default;
  // Is there a voice in this frame? `frame`: 20 ms, audio::FrameSamples.
  virtual auto frame(audio::Pcm frame) -> bool = 0;
};

// By loudness above a noise floor that it learns. `threshold` is the protocol's, 0 to 1: how loud a voice must be to
// count. At 0.5 that is 12 dB above the noise and at least -45 dBFS; a quiet line never triggers, a hum that lasts a
// second is taken for noise.
auto energy_vad(double threshold) -> std::unique_ptr<VoiceActivity>;

}  // namespace flow::simulate
