#pragma once
// What was given to a speaker and has not been heard yet: which samples are the agent's, and what they were.
//
// Positions count the samples given to this speaker, from 0.

#include <deque>
#include <vector>

#include "runtime/audio/pcm.h"

namespace flow::channels {

class InFlight {
 public:
  // The first `voice` samples of `pcm` are the agent's; the rest is silence between.
  void give(audio::Pcm pcm, audio::Samples voice);
  // Whether nothing of the agent's lies from here on.
  auto is_silent(audio::Samples position) const -> bool { return voice_.empty() || voice_.back().to <= position; }
  // The speaker forgets what lies from here on.
  void cut(audio::Samples position);
  // How many of the agent's samples lie before `position`; each is counted once.
  auto count_voice(audio::Samples position) -> audio::Samples;

  // One frame of 20 ms; `from` must be given, and not forgotten. Valid until the next call.
  auto frame(audio::Samples from) const -> audio::Pcm;
  // What lies before is not asked for any more.
  void forget(audio::Samples position);

  auto given() const -> audio::Samples { return given_; }

 private:
  struct Run {
    audio::Samples from, to;  // the agent's
  };
  audio::Samples first_, given_;       // the samples that are kept
  std::vector<std::int16_t> samples_;
  std::deque<Run> voice_;  // not counted yet
};

}  // namespace flow::channels
