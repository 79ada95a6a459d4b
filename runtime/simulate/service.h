#pragma once
// The service's side of one connection: a state machine without socket and clock. Client events go in with the time,
// server events come out; what is to happen later is asked for with `next_wakeup` and done by `advance`.
//
// Deterministic: the same setup and the same events at the same times give the same events, ids included. Time counts
// from `open` and never runs backwards.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/simulate/desk.h"
#include "runtime/simulate/ears.h"
#include "runtime/simulate/script.h"

namespace flow::simulate {

struct Setup {
  Options options;
  Script script;
  std::string model = "gpt-realtime";
  bool transcription_only = false;  // opened with intent=transcription
  Voice* voice = nullptr;           // outlives the service
  Ears* ears = nullptr;             // outlives the service
};

// The connection has to end. A lost one ends without a close frame.
struct Goodbye {
  std::uint16_t code = 1000;
  std::string reason;
  bool lost = false;
};

class Service {
 public:
  explicit Service(Setup setup);
  ~Service();

  // The first event goes out: session.created.
  void open(Events& out);

  // One text frame of the client, at `now`. What cannot be read is answered with an error event.
  void receive(std::string_view frame, Millis now, Events& out);

  // When `advance` has something to do; none: only a client event, or words that the ears have by now, will change
  // anything. Whoever knows of new words calls `advance`.
  auto next_wakeup() const -> std::optional<Millis>;
  void advance(Millis now, Events& out);

  // Set once; after it nothing more comes out.
  auto goodbye() const -> const std::optional<Goodbye>&;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace flow::simulate
