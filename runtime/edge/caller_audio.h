#pragma once
// The caller's voice since the last turn was committed, so that a new link hears what an old one lost.

#include <vector>

#include "runtime/audio/pcm.h"

namespace flow::edge {

class CallerAudio {
 public:
  // While nobody is known to speak only what voice detection needs before the first word is kept.
  static constexpr audio::Samples QuietMax = audio::to_samples(audio::Millis{1'000});
  // A turn longer than this, or a link that is away for longer, loses its beginning.
  static constexpr audio::Samples TurnMax = audio::to_samples(audio::Millis{20'000});

  void push(audio::Pcm pcm, audio::Samples keep);
  void clear();
  auto all() const -> audio::Pcm { return audio::Pcm(samples_).subspan(first_); }

 private:
  std::vector<std::int16_t> samples_;  // from `first_` on
  std::size_t first_ = 0;
};

}  // namespace flow::edge
