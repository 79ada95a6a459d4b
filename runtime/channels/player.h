#pragma once
// Plays the agent's voice where nobody else does: one frame of 20 ms at each beat counts as heard. What terminal, file
// and script have in common; a sound card or a phone plays by its own clock instead.

#include <array>
#include <functional>

#include "runtime/channels/channel.h"
#include "runtime/channels/pacer.h"

namespace flow::channels {

class Player {
 public:
  // A frame is taken when its place ends, and heard from then on.
  static constexpr audio::Latency Delay{.out = audio::FrameTime};

  // What the caller does in a frame that begins `at` samples after the start, before the agent's side of it is played.
  using CallersTurn = std::function<void(audio::Samples at)>;

  // `pacer` outlives the player.
  explicit Player(Pacer& pacer) : pacer_{pacer} {}

  void start(audio::Playout& playout, Listener& listener, CallersTurn callers_turn);
  void flush(core::FlushId flush);  // answered at once, also when stopped
  void stop();

  auto running() const -> bool { return static_cast<bool>(seat_); }
  // Whether the last frame held something of the agent's.
  auto agent_sounded() const -> bool { return agent_sounded_; }
  auto listener() -> Listener& { return *listener_; }

 private:
  void beat(std::int64_t number);

  Pacer& pacer_;
  Pacer::Seat seat_;
  audio::Playout* playout_ = nullptr;
  Listener* listener_ = nullptr;
  CallersTurn callers_turn_;
  bool agent_sounded_ = false;
  std::array<std::int16_t, audio::FrameSamples> frame_{};
  audio::Reports reports_;
};

}  // namespace flow::channels
