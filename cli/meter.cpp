#include "cli/meter.h"

#include <fmt/format.h>

#include <algorithm>

namespace flow::cli {
namespace {

constexpr int Cells = 10;
constexpr double CellDb = 6.0;

auto bar(const audio::Level& level) -> std::string {
  const auto full = std::clamp(Cells + static_cast<int>(level.peak_dbfs / CellDb), 0, Cells);
  std::string text;
  for (int cell = 0; cell < Cells; ++cell) text += cell < full ? "▮" : "▯";
  return text;
}

}  // namespace

auto meter_text(const channels::Device::Meter& meter, bool talk_key) -> std::string {
  const auto* talk = !talk_key ? "" : meter.talks ? "space ends your turn, " : "space begins to talk, ";
  return fmt::format("  you {}  agent {}  {}{}, q hangs up", meter.muted ? "muted     " : bar(meter.caller), bar(meter.agent), talk,
                     meter.muted ? "m unmutes" : "m mutes");
}

}  // namespace flow::cli
