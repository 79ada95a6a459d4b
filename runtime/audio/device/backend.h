#pragma once
// What is asked of a library that reaches the sound hardware. RtAudio is one; tests have others, which get stuck, vanish
// and misbehave on demand.
//
// Everything here may block for as long as the machine likes, so it is called on threads that can be left behind: `devices`
// and `open` on one, for these libraries keep one list for the whole process; streams go on others.

#include <memory>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "runtime/audio/pcm.h"

namespace flow::audio::device {

enum class Side { Input, Output };

struct Device {
  std::string name;
  int inputs = 0, outputs = 0;  // channels; 0: it has no such side
  bool default_input = false, default_output = false;
  int rate_hz = 48'000;  // what it prefers
  std::string system;    // what reaches it: pulse, alsa
  int id = 0;            // the backend's own
  auto operator==(const Device&) const -> bool = default;
};

// What one direction of a device does, on a thread of the library. All of it is wait-free: no lock, no allocation, no
// log. May be called until the stream's destructor has returned.
class Traffic {
 public:
  virtual ~Traffic() = default;
  // Samples are interleaved. For a microphone `samples` holds what came; for a speaker it is to be filled. `gap`: the
  // hardware says that it lacked samples, or lost some, since the last time.
  virtual void moved(std::int16_t* samples, std::size_t frames, bool gap) noexcept = 0;
  // The stream is dead; nothing more will be moved.
  virtual void broke() noexcept = 0;
};

// What a stream was opened with.
struct Format {
  int rate_hz = RateHz;
  int channels = 1;
  int period = FrameSamples;  // frames a callback
  int delay = 0;              // frames that wait in the hardware's own queue, as far as known
};

// One direction of one device. Moves from `start` on; the destructor stops and closes.
class Stream {
 public:
  virtual ~Stream() = default;
  virtual auto format() const -> Format = 0;
  // `traffic` outlives the stream. R0312
  virtual auto start(Traffic& traffic) -> Result<void> = 0;
};

class Backend {
 public:
  virtual ~Backend() = default;
  // R0310 if there is no sound system. What cannot be opened at all is left out.
  virtual auto devices() -> Result<std::vector<Device>> = 0;
  // `device` is one of those. R0312
  virtual auto open(const Device& device, Side side) -> Result<std::unique_ptr<Stream>> = 0;
  // One of the two above never came back, and nobody waits for it any more. The only one that does not block.
  virtual void left_behind() {}
};

}  // namespace flow::audio::device
