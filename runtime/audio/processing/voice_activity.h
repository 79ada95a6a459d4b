#pragma once
// Tells a voice from silence and noise, a frame at a time.
//
// By the likelihood of speech that WebRTC's noise suppression computes, and by the loudness of what the suppression
// leaves. The first is blind to how far away somebody is, the second to what sounds; noise and hums fail the first,
// voices in the background and clicks the second. Whoever turns frames into turns waits for some in a row.

#include <array>
#include <cstdint>
#include <memory>

#include "runtime/audio/pcm.h"

namespace webrtc {
class AudioProcessing;
}

namespace flow::audio {

class VoiceActivity {
 public:
  // `threshold`: 0 to 1, how sure and how loud a voice must be. At 0.5 it begins at a likelihood of 0.45, 10 dB above
  // what the line sounds like otherwise, and -45 dBFS; it may then sink lower.
  explicit VoiceActivity(double threshold);
  VoiceActivity(VoiceActivity&&) noexcept;
  auto operator=(VoiceActivity&&) noexcept -> VoiceActivity&;
  ~VoiceActivity();

  // Is there a voice in this frame? `frame`: [FrameSamples], the next of the stream. One thread; allocates nothing once
  // the first frame has passed.
  auto frame(Pcm frame) -> bool;

 private:
  struct Heard {
    double likelihood = 0;  // of speech
    double dbfs = 0;        // of what the suppression left
  };
  auto suppress(Pcm frame) -> Heard;
  auto next_hiss() -> float;
  void follow(double dbfs);

  static constexpr std::size_t FramesOfMemory = 150;  // 3 s: nobody speaks that long without a closure or a breath

  std::unique_ptr<webrtc::AudioProcessing> suppression_;
  std::uint32_t hiss_ = 1;
  double likelihood_, above_floor_, at_least_;  // to begin
  int trust_ = 0;  // frames for which loudness is enough
  bool voiced_ = false;

  double level_;  // dBFS, smoothed over some 50 ms
  std::array<double, FramesOfMemory> levels_;
  std::size_t frames_ = 0;
};

}  // namespace flow::audio
