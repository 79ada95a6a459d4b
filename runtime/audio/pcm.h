#pragma once
// The one format inside the runtime: 16-bit signed, mono, 24 000 samples a second, native byte order. Edges convert on
// the way in and out. Counts of samples, and their milliseconds, are `core::Samples` (runtime/core/ids.h).
// Source: OpenAI Realtime, audio format "audio/pcm": 24000 is the only rate.

#include <cstdint>
#include <span>

#include "runtime/core/ids.h"

namespace flow::audio {

using core::Millis;
using core::Samples;
using core::to_ms;
using core::to_samples;

inline constexpr int RateHz = static_cast<int>(core::SamplesPerMs) * 1000;

// The usual stretch of audio that moves at once: 20 ms.
inline constexpr Millis FrameTime{20};
inline constexpr std::int64_t FrameSamples = FrameTime.count() * core::SamplesPerMs;

using Pcm = std::span<const std::int16_t>;  // read
using PcmOut = std::span<std::int16_t>;     // written

constexpr auto samples(Pcm pcm) -> Samples { return Samples{static_cast<std::int64_t>(pcm.size())}; }

}  // namespace flow::audio
