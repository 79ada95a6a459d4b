#include "runtime/telemetry/shares.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "runtime/telemetry/words.h"

namespace flow::telemetry {
namespace {

using core::Millis;

constexpr std::int64_t BarWidth = 32;

// The smallest that `percent` of all do not exceed.
auto percentile(std::vector<Millis> times, std::size_t percent) -> Millis {
  const auto rank = std::max<std::size_t>(1, (times.size() * percent + 99) / 100);
  const auto at = times.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::ranges::nth_element(times, at);
  return *at;
}

// In eighths of a column.
auto bar(Millis part, Millis whole) -> std::string {
  static constexpr std::string_view Eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths = part.count() * BarWidth * 8 / whole.count();
  std::string out;
  for (std::int64_t full = 0; full < eighths / 8; ++full) out += "█";
  return out + std::string(Eighths[eighths % 8]);
}

auto heading(Delay::Kind kind) -> std::pair<std::string_view, std::string_view> {
  switch (kind) {
    case Delay::Kind::Reply: return {"replies", "from the caller's last sound to the agent's first"};
    case Delay::Kind::TypedReply: return {"typed turns", "from the line to the agent's first sound"};
    case Delay::Kind::BargeIn: return {"barge-ins", "from the caller's first sound to the agent's silence"};
  }
  return {};
}

auto text_of(Delay::Kind kind, std::span<const Delay> delays) -> std::string {
  std::vector<Millis> whole;
  std::map<Stage, std::vector<Millis>> parts;
  Millis sum{0};
  for (const auto& delay : delays) {
    if (delay.kind != kind) continue;
    whole.push_back(delay.took());
    sum += delay.took();
    for (const auto& part : delay.parts) parts[part.stage].push_back(part.took);
  }
  if (whole.empty()) return {};

  const auto [name, from_to] = heading(kind);
  const auto times = whole.size() == 1 ? duration_words(whole.front())
                                       : fmt::format("{} p50, {} p95, {} worst of {}", duration_words(percentile(whole, 50)), duration_words(percentile(whole, 95)),
                                                     duration_words(percentile(whole, 100)), whole.size());
  auto out = fmt::format("  {:<12}{}, {}\n", name, times, from_to);
  for (const auto& [stage, took] : parts) {
    Millis share{0};
    for (const auto one : took) share += one;
    const auto percent = sum > Millis{0} ? (share.count() * 200 + sum.count()) / (2 * sum.count()) : 0;
    if (percent == 0) continue;
    out += fmt::format("    {:<14}{:>7}  {:>3} %  {}\n", words_of(stage), duration_words(percentile(took, 50)), percent, bar(share, sum));
  }
  return out;
}

}  // namespace

auto shares_text(std::span<const Delay> delays) -> std::string {
  std::string out;
  for (const auto kind : {Delay::Kind::Reply, Delay::Kind::TypedReply, Delay::Kind::BargeIn}) out += text_of(kind, delays);
  return out;
}

}  // namespace flow::telemetry
