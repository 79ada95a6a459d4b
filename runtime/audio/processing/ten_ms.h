#pragma once
// Our frames in the terms of WebRTC's audio processing module, which takes 10 ms of floats at a time. Private to this
// folder.

#include <webrtc/modules/audio_processing/include/audio_processing.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "runtime/audio/pcm.h"

namespace flow::audio {

constexpr std::size_t TenMs = 10 * core::SamplesPerMs;
using Floats = std::array<float, TenMs>;  // -1 to 1

inline auto stream() -> webrtc::StreamConfig { return {RateHz, 1}; }

inline auto to_floats(Pcm ten_ms) -> Floats {
  Floats out;
  std::transform(ten_ms.begin(), ten_ms.end(), out.begin(), [](std::int16_t s) { return static_cast<float>(s) / 32768; });
  return out;
}

inline void from_floats(const Floats& in, PcmOut ten_ms) {
  std::transform(in.begin(), in.end(), ten_ms.begin(), [](float s) {
    return static_cast<std::int16_t>(std::lround(std::clamp(s * 32768, -32768.0F, 32767.0F)));
  });
}

}  // namespace flow::audio
