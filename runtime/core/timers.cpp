#include "runtime/core/timers.h"

#include <algorithm>

namespace flow::core {

void Timers::arm(Wait wait, std::uint32_t subject, Instant at, EffectList& out) {
  drop(wait, subject, out);
  armed_.push_back({TimerId{++last_}, wait, subject, at});
  out.push_back(SetTimer{TimerId{last_}, at});
}

void Timers::drop(Wait wait, std::uint32_t subject, EffectList& out) {
  const auto found = std::ranges::find_if(armed_, [&](const Timer& t) { return t.wait == wait && t.subject == subject; });
  if (found == armed_.end()) return;
  out.push_back(DropTimer{found->id});
  armed_.erase(found);
}

void Timers::drop_all(EffectList& out) {
  for (const auto& timer : armed_) out.push_back(DropTimer{timer.id});
  armed_.clear();
}

auto Timers::armed(Wait wait, std::uint32_t subject) const -> bool {
  return std::ranges::any_of(armed_, [&](const Timer& t) { return t.wait == wait && t.subject == subject; });
}

auto Timers::take(TimerId id) -> std::optional<Timer> {
  const auto found = std::ranges::find(armed_, id, &Timer::id);
  if (found == armed_.end()) return std::nullopt;
  const auto timer = *found;
  armed_.erase(found);
  return timer;
}

}  // namespace flow::core
