#pragma once
// Where a caller comes from: a terminal, a WAV file, a script, a microphone, a phone stream, a browser.
//
// A channel owns the clock of playback: it takes the agent's voice from the call's playout, in its own rhythm, and
// tells the call what was heard. It gives the caller's voice, text, digits and hang-up. It decides nothing: what a
// digit or a hang-up means is the core's business.
//
// A channel lives on one net::Loop; all calls between it and its listener are made on that loop's thread, never from
// inside its constructor.

#include <string_view>

#include "compiler/base/result.h"
#include "runtime/audio/latency.h"
#include "runtime/audio/pcm.h"
#include "runtime/audio/playout.h"
#include "runtime/core/effect.h"
#include "runtime/core/event.h"

namespace flow::channels {

// What a channel tells its call; the driver implements it. A listener may call the channel and the playout from inside
// any of these.
class Listener {
 public:
  virtual ~Listener() = default;

  // A fact for the core: TextTyped, DigitPressed, TalkPressed and TalkReleased (a key that is held to speak; a flow that
  // does not ask for it takes no notice, so a channel may always tell), CallerHungUp (once, last of the caller's), MarkReached, PauseReached,
  // PlayoutDrained, PlayoutFlushed, MachineAnswered (again with `beeped`, if the beep comes later), TransferMoved.
  virtual void happened(core::Event event) = 0;

  // The caller's voice, 24 kHz mono, about 20 ms at a time, gapless while the channel has a voice. `at` is its place by
  // the call's clock, in samples since `open`. Valid only during the call.
  virtual void caller_audio(audio::Samples at, audio::Pcm pcm) = 0;

  // What was just played to the caller, silence included: the right side of the recording. Gapless, but where the
  // machine stood still for long. Told after `caller_audio` of the same moment.
  virtual void agent_audio(audio::Samples at, audio::Pcm pcm) = 0;

  // The channel failed: a device went away, a file could not be read to its end. CallerHungUp follows.
  virtual void channel_failed(const Error& error) = 0;
};

class Channel {
 public:
  virtual ~Channel() = default;

  // Begins to play and to listen. Both outlive the channel or its `close`.
  virtual void open(audio::Playout& playout, Listener& listener) = 0;

  // Silences the agent: what was taken from the playout but not played is dropped, then the playout is flushed.
  // Answered by PlayoutFlushed, from inside the call where the player is here (terminal, file, sound card), later
  // where it is far (browser, phone); audio of other responses is not admitted meanwhile.
  virtual void flush(core::FlushId flush) = 0;

  // Ends the caller's connection, from our side. No CallerHungUp follows. The channel stops playing.
  virtual void close() = 0;

  // False: the caller never speaks here, only types; the service's voice detection will hear nothing.
  virtual auto has_voice() const -> bool = 0;

  // Whether this channel can give its caller to somebody else. Asked once, before `open`.
  virtual auto transfers() const -> bool { return false; }

  // Gives the caller away as `to` says; `order.briefing` is read to the person of a warm one before the caller is joined.
  // Answered by TransferMoved, at last by Connected (the caller's leg is no longer ours; no CallerHungUp follows), Failed
  // or Unsupported. Until then the caller stays connected and is played what the channel plays to those who wait. Not
  // called where `transfers` says no.
  virtual void transfer(const core::TransferCall& /*order*/, const ir::Transfer& /*to*/) {}

  // The caller is wanted back: the order counts as never given. Not answered; if it is too late, CallerHungUp comes.
  virtual void abandon_transfer(core::TransferId /*transfer*/) {}

  // What the machine adds on the way in and out, as far as the channel knows it; may change while it is open. Asked at
  // every frame: it only returns.
  virtual auto latency() const -> audio::Latency { return {}; }

  // What the core decided, for callers that act on it (a script). `agent` is the name of `decided.agent`, or empty.
  virtual void told(const core::Decided& /*decided*/, std::string_view /*agent*/) {}
};

}  // namespace flow::channels
