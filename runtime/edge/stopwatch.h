#pragma once
// Measures the two delays that are ours alone, by the loop's clock. What callers feel: telemetry/delays.h.

#include <functional>
#include <optional>

#include "runtime/audio/playout.h"
#include "runtime/core/effect.h"
#include "runtime/edge/observer.h"
#include "runtime/net/clock.h"

namespace flow::edge {

class Stopwatch {
 public:
  using Took = std::chrono::microseconds;

  // A frame came; the events that follow are its.
  void frame_received(net::Time at) { frame_ = at; }

  // An event is taken, and orders `effects`. True: a result is told by the first message among them.
  auto injects(const core::EffectList& effects) const -> bool;

  // After `event` of the link was received and before it is taken.
  void before(const core::Event& event, const audio::Playout& playout);
  // After everything that it led to was carried out. How long the silence took, if it has come.
  auto after(const audio::Playout& playout, net::Time now) -> std::optional<Took>;

 private:
  net::Time frame_;
  std::optional<net::Time> speech_;  // the frame that said so, while the agent still sounds
};

inline auto microseconds_between(net::Time from, net::Time to) -> Stopwatch::Took {
  return std::chrono::duration_cast<Stopwatch::Took>(to - from);
}

}  // namespace flow::edge
