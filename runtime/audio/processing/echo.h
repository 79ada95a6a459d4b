#pragma once
// For a caller without a headset: takes the agent's voice, as the room gives it back, out of the microphone, noise and
// rumble with it, and brings a distant voice nearer. Without it the agent hears itself and interrupts itself.
//
// WebRTC's echo canceller with the extended filter (128 ms of delay and room); noise suppression; digital gain up to
// 9 dB. The first three seconds of the agent's voice teach it the room; until then who speaks over it may be heard late.

#include <memory>

#include "runtime/audio/processor.h"

namespace webrtc {
class AudioProcessing;
}

namespace flow::audio {

class EchoCanceller final : public Processor {
 public:
  EchoCanceller();
  EchoCanceller(const EchoCanceller&) = delete;
  auto operator=(const EchoCanceller&) -> EchoCanceller& = delete;
  ~EchoCanceller() override;

  // Frames of [FrameSamples]; nothing here allocates once the first ones have passed. What comes out is some 5 ms late.
  void far_end(Pcm frame) override;
  void near_end(PcmOut frame, Millis echo_delay) override;

 private:
  std::unique_ptr<webrtc::AudioProcessing> processing_;
  int learned_frames_ = 0;  // with the agent's voice in them
};

}  // namespace flow::audio
