#include "runtime/edge/stopwatch.h"

#include <algorithm>

namespace flow::edge {

namespace {

auto sounds(const audio::Playout& playout) -> bool { return !playout.empty() && !playout.paused(); }

}  // namespace

auto Stopwatch::injects(const core::EffectList& effects) const -> bool {
  return std::any_of(effects.begin(), effects.end(), [](const core::Effect& effect) {
    const auto* decided = std::get_if<core::Decided>(&effect);
    return decided != nullptr && decided->what == core::Decision::ToolInjected;
  });
}

void Stopwatch::before(const core::Event& event, const audio::Playout& playout) {
  if (std::holds_alternative<core::SpeechStarted>(event) && sounds(playout)) speech_ = frame_;
  if (std::holds_alternative<core::SpeechStopped>(event)) speech_.reset();
}

auto Stopwatch::after(const audio::Playout& playout, net::Time now) -> std::optional<Took> {
  if (!speech_ || sounds(playout)) return std::nullopt;
  return microseconds_between(*std::exchange(speech_, std::nullopt), now);
}

}  // namespace flow::edge
