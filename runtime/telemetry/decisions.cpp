#include "runtime/telemetry/decisions.h"

#include <fmt/format.h>

#include <iterator>

namespace flow::telemetry {
namespace {

constexpr DecisionRow Rows[] = {
#define FLOW_DECISION(what, name, duration, text, meaning) {core::Decision::what, name, duration, text, meaning},
#include "runtime/telemetry/decisions.def"
#undef FLOW_DECISION
};

constexpr auto in_order() -> bool {
  for (std::size_t i = 0; i < std::size(Rows); ++i) {
    if (static_cast<std::size_t>(Rows[i].what) != i) return false;
  }
  return std::size(Rows) == static_cast<std::size_t>(core::Decision::CallEnded) + 1;
}
static_assert(in_order(), "decisions.def has one row for each core::Decision, in its order");

}  // namespace

auto decisions() -> std::span<const DecisionRow> { return Rows; }

auto name_of(core::Decision what) -> std::string_view { return Rows[static_cast<std::size_t>(what)].name; }

auto decisions_as_markdown() -> std::string {
  std::string out = "| decision | meaning | `duration_ms` | `text` |\n|---|---|---|---|\n";
  const auto cell = [](std::string_view words) { return words == "-" ? std::string_view{} : words; };
  for (const auto& row : Rows) {
    fmt::format_to(std::back_inserter(out), "| `{}` | {} | {} | {} |\n", row.name, row.meaning, cell(row.duration), cell(row.text));
  }
  return out;
}

}  // namespace flow::telemetry
