#pragma once
// A microphone and a speaker as a call's loop sees them: 24 kHz mono, whatever the hardware speaks, on the loop's
// thread, whatever threads the hardware has. Nothing here waits.
//
// The two sides have clocks of their own: neither runs as fast as the other, nor as the loop's clock. Whoever owns the
// device moves samples when it is told that there are some.
//
// Counts of the speaker, since `start`:  taken <= written. A `drop` makes written fall back to taken.

#include <cstdint>
#include <string>

#include "compiler/base/result.h"
#include "runtime/audio/pcm.h"

namespace flow::audio::device {

class Duplex {
 public:
  // Told on the loop's thread, never from inside a call to the device. May stop or destroy it.
  class Owner {
   public:
    virtual ~Owner() = default;
    // The microphone brought samples, or the speaker took some, or both.
    virtual void device_moved() = 0;
    // It moves no more: it went away (R0314) or is stuck (R0313). Told once.
    virtual void device_lost(const Error& error) = 0;
  };

  // What is known of it, for people and for whoever reckons with delays.
  struct Facts {
    std::string input, output;          // the devices' names
    Millis input_delay{0};              // from the air to `read`, as far as the hardware says
    Millis output_delay{0};             // from `taken` to the air: the hardware's own queue
    Millis queue{0};                    // how much is kept written ahead of the hardware
    std::int64_t underruns = 0;         // times the speaker found less than it needed: a gap was heard
    std::int64_t overruns = 0;          // times samples of the microphone were lost
  };

  virtual ~Duplex() = default;

  // Begins to move. `owner` outlives it or its `stop`.
  virtual void start(Owner& owner) = 0;
  // Nothing is told any more. Never blocks, even if the hardware is stuck.
  virtual void stop() = 0;

  // The microphone: moves at most out.size() of the oldest samples that wait; returns how many.
  virtual auto read(PcmOut out) -> Samples = 0;

  // The speaker: how many samples may be written now so that the queue is as full as it should be.
  virtual auto wanted() const -> Samples = 0;
  // At most `wanted()` samples.
  virtual void write(Pcm pcm) = 0;
  // How many of the written samples the hardware has taken. They will be heard after `output_delay`.
  virtual auto taken() const -> Samples = 0;
  // Forgets what was written and not taken. What `taken` says now is final: not one more of them will be heard.
  virtual void drop() = 0;

  // After `stop`, what was known last.
  virtual auto facts() const -> Facts = 0;
};

}  // namespace flow::audio::device
