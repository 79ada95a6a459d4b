#pragma once
// The machine's sound: what devices there are, and opening two of them, for a loop that waits for nothing.
//
// Everything a sound library does may get stuck: a daemon that does not answer, a driver that never returns. So its work
// is done on a thread that can be left behind, one piece after the other, with a deadline for each; what comes too late
// is closed. Closing is done by a thread for each, because that is where drivers get stuck most.

#include <functional>
#include <future>
#include <memory>
#include <vector>

#include "runtime/audio/device/duplex.h"
#include "runtime/audio/device/opened.h"
#include "runtime/net/blocking.h"
#include "runtime/net/loop.h"

namespace flow::audio::device {

class Sound {
 public:
  struct Deadlines {
    Millis open{8'000};    // to list or to open; a daemon that is started on demand needs some
    Millis moves{2'000};   // a device that moves nothing for so long is stuck
    Millis close{1'000};   // at the end of the program, for what is still closing
  };

  // `loop` outlives it.
  Sound(net::Loop& loop, std::shared_ptr<Backend> backend, Deadlines deadlines);
  Sound(net::Loop& loop, std::shared_ptr<Backend> backend) : Sound(loop, std::move(backend), Deadlines{}) {}
  ~Sound();  // waits for devices to close, at most `close`; the devices it opened must be gone

  // Both answer on the loop, once, never from inside the call. R0310 to R0313
  void list(std::function<void(Result<std::vector<Device>>)> done);
  void open(const Choice& choice, std::function<void(Result<std::unique_ptr<Duplex>>)> done);

 private:
  template <class Value>
  void ask(std::function<Result<Value>()> work, std::function<void(Result<Value>)> done, std::function<void(Value)> late);

  net::Loop& loop_;
  std::shared_ptr<Backend> backend_;
  Deadlines deadlines_;
  net::Pool thread_{1};
  std::shared_ptr<std::vector<std::future<void>>> closing_;  // on the loop; shared with the devices
};

}  // namespace flow::audio::device
