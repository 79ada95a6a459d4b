#pragma once
// Changes the rate of a stream of samples, band-limited, with a small known delay. Streaming: any sizes in, everything
// that can be said comes out at once. SpeexDSP, because it holds back no blocks.

#include <memory>
#include <vector>

#include "compiler/base/result.h"
#include "runtime/audio/pcm.h"

struct SpeexResamplerState_;

namespace flow::audio {

class Resampler {
 public:
  static constexpr int LowestHz = 4'000, HighestHz = 192'000;

  // Asserts rates within the bounds; whoever reads them from a file or a message checks them.
  Resampler(int from_hz, int to_hz);
  Resampler(Resampler&&) noexcept;
  auto operator=(Resampler&&) noexcept -> Resampler&;
  ~Resampler();

  // Appends to `out` what `in` gives, about in * to / from samples. Allocates only if `out` must grow.
  void process(Pcm in, std::vector<std::int16_t>& out);

  // How far the output lags the input, in samples of the output (under 5 ms at the rates of speech); 0 for equal rates.
  auto delay() const -> Samples { return delay_; }

  // Feeds so much silence that the last sample of `process` has come out. The stream ends here.
  void finish(std::vector<std::int16_t>& out);

 private:
  struct Free {
    void operator()(SpeexResamplerState_* state) const;
  };
  std::unique_ptr<SpeexResamplerState_, Free> state_;  // none: equal rates
  int from_hz_, to_hz_;
  Samples delay_;
};

// A whole recording, without delay: [n] samples in, [ceil(n * to / from)] out.
auto resample(Pcm in, int from_hz, int to_hz) -> std::vector<std::int16_t>;

}  // namespace flow::audio
