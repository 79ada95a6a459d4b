#include "runtime/channels/steady.h"

#include <algorithm>

namespace flow::channels {
namespace {

auto frames(audio::Samples lag) -> int { return static_cast<int>(lag.count / audio::FrameSamples); }

}  // namespace

auto Steady::look(audio::Samples told, audio::Samples now) -> int {
  const auto lag = now - told;
  const bool first = !began_;
  began_ = true;
  if (!window_) window_ = {now, lag};
  window_->least = std::min(window_->least, lag);
  const bool whole = now - window_->begin >= Window;
  if (!first && !whole && lag < Away) return 0;
  const auto counts = whole ? window_->least : lag;
  window_.reset();
  if (first || counts >= Slack) return std::max(frames(counts), 0);
  return counts < audio::Samples{} - Slack ? frames(counts) : 0;
}

}  // namespace flow::channels
