#include "runtime/edge/caller_audio.h"

#include <algorithm>

namespace flow::edge {

void CallerAudio::push(audio::Pcm pcm, audio::Samples keep) {
  samples_.insert(samples_.end(), pcm.begin(), pcm.end());
  const auto kept = static_cast<std::size_t>(keep.count);
  if (samples_.size() - first_ > kept) first_ = samples_.size() - kept;
  if (first_ < kept) return;  // moved down once as much lies before it as is kept: each sample moves about once
  samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = 0;
}

void CallerAudio::clear() {
  samples_.clear();
  first_ = 0;
}

}  // namespace flow::edge
