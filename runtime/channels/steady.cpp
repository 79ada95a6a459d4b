#include "runtime/channels/steady.h"

#include <algorithm>

namespace flow::channels {
namespace {

auto frames(audio::Samples lag) -> int { return static_cast<int>(lag.count / audio::FrameSamples); }

}  // namespace

auto Steady::look(audio::Samples told, audio::Samples now) -> int {
  const auto lag = now - told;
  const bool first = !window_;
  least_ = first ? lag : std::min(least_, lag);
  if (first) window_ = now;
  const bool whole = now - *window_ >= Window;
  if (!first && !whole && lag < Away) return 0;
  const auto counts = whole ? least_ : lag;
  if (whole || lag >= Away) {
    window_ = now;
    least_ = lag;
  }
  if (first || counts >= Slack) return std::max(frames(counts), 0);
  return counts < audio::Samples{} - Slack ? frames(counts) : 0;
}

}  // namespace flow::channels
