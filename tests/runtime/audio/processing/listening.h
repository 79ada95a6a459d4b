#pragma once
// Turns what a judge of frames says into turns of speech, as the simulated service does: 60 ms of voice begin one, so
// much silence ends it.

#include <optional>
#include <vector>

#include "tests/runtime/audio/processing/sounds.h"

namespace flow::audio::test {

struct Turn {
  std::int64_t begin_ms = 0;  // when it was noticed
  std::int64_t end_ms = 0;    // when it was noticed, less the silence waited for; if never, the end of the sound
};

class TurnFinder {
 public:
  explicit TurnFinder(std::int64_t silence_ms = 500) : silence_ms_(silence_ms) {}

  void frame(bool voiced) {
    now_ms_ += FrameTime.count();
    voiced_ms_ = voiced ? voiced_ms_ + FrameTime.count() : 0;
    silent_ms_ = voiced ? 0 : silent_ms_ + FrameTime.count();
    if (!speaking_ && voiced_ms_ >= 60) turns.push_back({now_ms_, 0}), speaking_ = true;
    if (speaking_) turns.back().end_ms = now_ms_ - silent_ms_;
    if (silent_ms_ >= silence_ms_) speaking_ = false;
  }

  std::vector<Turn> turns;

 private:
  std::int64_t silence_ms_;
  std::int64_t now_ms_ = 0, voiced_ms_ = 0, silent_ms_ = 0;
  bool speaking_ = false;
};

template <class Judge>
auto turns_in(const std::vector<std::int16_t>& pcm, Judge judge) -> std::vector<Turn> {
  TurnFinder finder;
  for (std::size_t at = 0; at + FrameSamples <= pcm.size(); at += FrameSamples)
    finder.frame(judge.frame(Pcm(pcm).subspan(at, FrameSamples)));
  return finder.turns;
}

}  // namespace flow::audio::test
