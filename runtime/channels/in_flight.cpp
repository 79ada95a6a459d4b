#include "runtime/channels/in_flight.h"

#include <algorithm>

#include "compiler/base/check.h"

namespace flow::channels {

void InFlight::give(audio::Pcm pcm, audio::Samples voice) {
  if (voice > audio::Samples{}) voice_.push_back({given_, given_ + voice});
  samples_.insert(samples_.end(), pcm.begin(), pcm.end());
  given_ = given_ + audio::samples(pcm);
}

void InFlight::cut(audio::Samples position) {
  FLOW_ASSERT(first_ <= position && position <= given_);
  samples_.resize(static_cast<std::size_t>((position - first_).count));
  given_ = position;
  while (!voice_.empty() && voice_.back().from >= position) voice_.pop_back();
  if (!voice_.empty()) voice_.back().to = std::min(voice_.back().to, position);
}

auto InFlight::count_voice(audio::Samples position) -> audio::Samples {
  audio::Samples count;
  while (!voice_.empty() && voice_.front().from < position) {
    auto& run = voice_.front();
    const auto until = std::min(run.to, position);
    count = count + (until - run.from);
    run.from = until;
    if (run.from < run.to) break;
    voice_.pop_front();
  }
  return count;
}

auto InFlight::frame(audio::Samples from) const -> audio::Pcm {
  FLOW_ASSERT(first_ <= from && from.count + audio::FrameSamples <= given_.count);
  return audio::Pcm{samples_}.subspan(static_cast<std::size_t>((from - first_).count), audio::FrameSamples);
}

void InFlight::forget(audio::Samples position) {
  if (position <= first_) return;
  samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>((position - first_).count));
  first_ = position;
}

}  // namespace flow::channels
