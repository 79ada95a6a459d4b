#pragma once
// What a provider's protocol looks like to the rest of the runtime: frames on one side, events and effects on the
// other.
//
// A dialect knows one link's life: it keeps the service's own names and gives out our numbers for them. It is pure: no
// socket, clock or thread. It decides nothing about the conversation; what a provider cannot do it says in
// `capabilities`. A new provider is one more implementation of this, in a folder of its own.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/core/effect.h"
#include "runtime/core/event.h"

namespace flow::wire {

// Where the agent's voice goes. Called before the event that reports it.
class AudioSink {
 public:
  virtual ~AudioSink() = default;
  // `pcm`: mono, 24 kHz, native byte order; valid during the call only. Returns how many samples the playout's gate let
  // in, from the first on; of none of them there will be an event.
  virtual auto audio(core::ResponseId response, core::ItemId item, std::span<const std::int16_t> pcm)
      -> std::size_t = 0;
};

// The last numbers given out. A call's next link goes on from there, so that a number means one thing in the whole
// call.
struct Numbers {
  core::ResponseId response;
  core::ItemId item;
  core::FunctionCallId call;
  auto operator==(const Numbers&) const -> bool = default;
};

// What one link is opened with. `program` must outlive the dialect.
struct LinkSetup {
  const ir::Program* program = nullptr;
  Id<ir::Realtime> realtime;
  core::Epoch epoch;
  Numbers after;              // of the link before; zeros for the first
  std::int64_t unix_now = 0;  // seconds; for the service's word on when it will close the link
};

struct Header {
  std::string name, value;
};
// How to ask for the WebSocket.
struct Handshake {
  std::string url;              // ws:// or wss://, with path and query; holds no secret
  std::vector<Header> headers;  // hold no secret
  Header auth;                  // holds one: not to be logged
};

struct Counters {
  std::uint64_t unknown_events = 0;     // of a type we do not know: left alone
  std::uint64_t malformed_events = 0;   // not JSON, or without what its type needs: left alone
  std::uint64_t nameless_commands = 0;  // about something this link never had: not sent
  auto operator==(const Counters&) const -> bool = default;
};

class Dialect {
 public:
  Dialect() = default;
  Dialect(const Dialect&) = delete;
  auto operator=(const Dialect&) -> Dialect& = delete;
  virtual ~Dialect() = default;

  virtual auto capabilities() const -> core::Capabilities = 0;
  virtual auto handshake(std::string_view key) const -> Handshake = 0;

  // One text frame of the service. Appends the events that follow from it, in order; often none.
  //
  //   frame    whatever came; what cannot be read is counted and has no events
  //   thread   the call's; in steady state audio allocates nothing
  virtual void receive(std::string_view frame, AudioSink& sink, std::vector<core::Event>& out) = 0;

  // One effect for the link, Configure … ClearAudio of effect.h: appends the frames to be sent, in order.
  // ReplayCallerAudio has no frames: who keeps the audio sends it with `append`. Others are our bug and asserted.
  virtual void send(const core::Effect& effect, std::vector<std::string>& frames) = 0;

  // The caller's audio, mono 24 kHz. `frame` is overwritten; with its capacity kept nothing is allocated.
  virtual void append(std::span<const std::int16_t> pcm, std::string& frame) = 0;

  virtual auto numbers() const -> Numbers = 0;
  virtual auto counters() const -> Counters = 0;
};

}  // namespace flow::wire
