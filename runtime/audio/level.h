#pragma once
// How loud something is. 0 dBFS is the loudest square wave that 16 bits can hold.

#include "runtime/audio/pcm.h"

namespace flow::audio {

// What silence is said to be; nothing is quieter. One least bit is -90.3 dBFS.
inline constexpr double SilenceDbfs = -120.0;

struct Level {
  double rms_dbfs = SilenceDbfs;
  double peak_dbfs = SilenceDbfs;
};

// Of nothing: silence. Any thread, no allocation.
auto level(Pcm pcm) -> Level;

}  // namespace flow::audio
