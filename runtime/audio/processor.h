#pragma once
// What is done to the caller's voice between a microphone and the call: taking out the echo of the speaker, noise,
// and so on. A seam: a channel with a microphone calls it, an implementation knows nothing of devices.
//
// Told in the order of time, on the loop's thread, frames of 20 ms (480 samples): of each moment first what the speaker
// took, silence included, then what the microphone heard. The two sides may have clocks that differ by some parts in a
// hundred thousand, so now and then two frames of one side follow each other.

#include "runtime/audio/pcm.h"

namespace flow::audio {

class Processor {
 public:
  virtual ~Processor() = default;

  // The speaker has taken this frame from our queue. It sounds a little later.
  virtual void far_end(Pcm frame) = 0;

  // The microphone's frame, to be changed in place.
  //   echo_delay  from a frame's `far_end` to the `near_end` that holds its echo, without the room: what the hardware
  //               says of its two queues. An estimate, off by some tens of milliseconds where the hardware says little
  virtual void near_end(PcmOut frame, Millis echo_delay) = 0;
};

}  // namespace flow::audio
