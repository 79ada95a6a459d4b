#include "runtime/telemetry/figures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/base/match.h"
#include "compiler/ir/words.h"
#include "runtime/telemetry/shares.h"
#include "runtime/telemetry/words.h"

namespace flow::telemetry {
namespace {

using Micros = std::chrono::microseconds;

auto words_of(Micros time) -> std::string {
  if (time >= core::Millis{1}) return duration_words(std::chrono::duration_cast<core::Millis>(time));
  return fmt::format("{:.2f} ms", static_cast<double>(time.count()) / 1000);
}

auto median(std::vector<Micros> times) -> Micros {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  return *middle;
}

// `420 ms (median of 6), 610 ms at most`
auto spread(const std::vector<Micros>& times) -> std::string {
  if (times.size() == 1) return words_of(times.front());
  return fmt::format("{} (median of {}), {} at most", words_of(median(times)), times.size(), words_of(*std::ranges::max_element(times)));
}

auto row(std::string_view what, std::string_view words) -> std::string { return fmt::format("  {:<12}{}\n", what, words); }

}  // namespace

void Figures::on(const core::Event& event, core::Instant now) {
  last_ = now;
  match(
      event,
      [&](const core::ResponseEnded& e) {
        usage_.input += e.usage.input;
        usage_.output += e.usage.output;
      },
      [&](const core::CallerConnected& e) {
        if (e.allowance) allowance_ = e.allowance->most;
      },
      [&](const core::AllowanceMoved& e) { allowance_ = e.most; }, [](const auto&) {});
}

void Figures::on(const core::Effect& effect, core::Instant now) {
  last_ = now;
  if (const auto* start = std::get_if<core::StartTool>(&effect)) jobs_.note(*start);
  if (const auto* it = std::get_if<core::CountCost>(&effect)) spent_ = it->spent;
  if (const auto* it = std::get_if<core::Decided>(&effect)) decided(*it, now);
}

void Figures::decided(const core::Decided& decided, core::Instant) {
  using enum core::Decision;
  const auto tool = [&]() -> Runs& { return tools_[jobs_.parts(decided).tool]; };
  switch (decided.what) {
    case AgentSpeaking:
      if (decided.duration.count() > 0) replies_.push_back(decided.duration);
      break;
    case AgentCut: ++cuts_; break;
    case ToolStarted: ++tool().runs; break;
    case ToolReady: tool().ready.push_back(decided.duration); break;
    case ToolDelivered: ++tool().heard; break;
    case ToolFailed:
    case ToolTimedOut: ++tool().failed; break;
    default: break;
  }
}

// `0.0312 usd; 19.97 usd of the day's 20 are left`
auto Figures::cost() const -> std::string {
  std::vector<std::string> parts;
  if (spent_) parts.push_back(fmt::format("{:.4f} {}", *spent_, program_->realtimes[program_->realtime].prices->currency));
  if (allowance_ && program_->budget) {
    const auto& budget = *program_->budget;
    const auto left = std::max(0.0, *allowance_ - spent_.value_or(0));
    parts.push_back(fmt::format("{:.2f} {} of the {}'s {:g} are left", left, budget.currency, ir::to_word(budget.per), budget.most));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

auto Figures::text() const -> std::string {
  auto out = row("call", duration_words(last_.since_start));
  const auto measured = shares_text(delays_);
  out += measured;
  if (measured.empty() && !replies_.empty()) out += row("replies", fmt::format("{} after the caller's turn", spread(replies_)));
  if (cuts_ > 0) {
    out += row("cuts", fmt::format("{}{}", cuts_, silences_.empty() ? "" : fmt::format("; silent {} after the caller was heard", spread(silences_))));
  }
  for (const auto& [name, runs] : tools_) {
    auto words = fmt::format("{}: {} {}", name.empty() ? "a tool" : name, runs.runs, runs.runs == 1 ? "run" : "runs");
    if (!runs.ready.empty()) words += fmt::format(", ready after {}", spread(runs.ready));
    if (runs.heard > 0) words += fmt::format(", heard {}", runs.heard == 1 ? "once" : fmt::format("{} times", runs.heard));
    if (runs.failed > 0) words += fmt::format(", {} failed", runs.failed);
    out += row("tool", words);
  }
  if (!injections_.empty()) out += row("injection", fmt::format("{} from the moment a result may be told to the socket", spread(injections_)));
  if (usage_.input + usage_.output > 0) out += row("tokens", fmt::format("{} in, {} out", usage_.input, usage_.output));
  if (const auto words = cost(); !words.empty()) out += row("cost", words);
  return out;
}

}  // namespace flow::telemetry
