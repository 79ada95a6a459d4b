#pragma once
// How far the places of samples on a call's clock are from what the caller says and hears.

#include "runtime/audio/pcm.h"

namespace flow::audio {

// Buffers of a device and its driver, a frame that waits to be played. Not what lies beyond the machine: a radio headset,
// a phone line.
struct Latency {
  Millis in{0};   // from the caller's sound to the place it is given
  Millis out{0};  // from the place of a sample of the agent's to when it is heard
  auto operator==(const Latency&) const -> bool = default;
};

}  // namespace flow::audio
