#pragma once
// A microphone and a speaker that are open, and how they become so. Blocks; for threads that can be left behind.

#include <functional>
#include <memory>
#include <string>

#include "runtime/audio/device/backend.h"
#include "runtime/audio/device/microphone.h"
#include "runtime/audio/device/speaker.h"

namespace flow::audio::device {

// What a caller speaks with: names, numbers or parts of names (choice.h); empty: the default.
struct Choice {
  std::string input, output;
  bool or_default = false;  // if what was chosen is not there (any more)
};

struct Opened {
  std::string input, output;  // names
  std::unique_ptr<Microphone> microphone;
  std::unique_ptr<Speaker> speaker;
  std::unique_ptr<Stream> in, out;  // go first: their threads call the two above
};

// Both move already; the rope is pulled whenever they do. R0310, R0311, R0312
auto open_both(Backend& backend, const Choice& choice, const net::Bell::Rope& rope) -> Result<std::unique_ptr<Opened>>;

}  // namespace flow::audio::device
