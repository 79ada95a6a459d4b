#pragma once
// Who looks on while a call happens: timeline, trace, wire log, figures. Looking on changes nothing.

#include <chrono>
#include <string_view>

#include "compiler/base/result.h"
#include "runtime/core/effect.h"
#include "runtime/core/event.h"
#include "runtime/telemetry/delays.h"
#include "runtime/wire/log.h"

namespace flow::edge {

enum class Latency {
  Injection,  // from the event that let a result be told to its first byte handed to the socket
  Silence,    // from the frame that said the caller speaks to a playout that gives no more voice
};

// Called on the loop's thread, in the order of what happens, after it was acted upon; none may keep the loop waiting.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void happened(const core::Event& /*event*/, core::Instant /*now*/) {}
  virtual void ordered(const core::Effect& /*effect*/, core::Instant /*now*/) {}  // by the last event
  virtual void frame(wire::Direction /*direction*/, std::string_view /*frame*/, core::Instant /*now*/) {}
  virtual void measured(Latency /*what*/, std::chrono::microseconds /*took*/, core::Instant /*now*/) {}
  virtual void delayed(const telemetry::Delay& /*delay*/) {}  // what the caller felt, once it is over
  virtual void problem(const Error& /*error*/, core::Instant /*now*/) {}  // something was wrong, and the call goes on
};

}  // namespace flow::edge
