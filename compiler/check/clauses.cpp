#include "compiler/check/clauses.h"

#include <fmt/format.h>

namespace flow::check {

auto describe(Where where) -> std::string_view {
  switch (where) {
    case Where::Nowhere: return "nothing";
    case Where::Flow: return "a flow";
    case Where::Realtime: return "a realtime connection";
    case Where::Service: return "a service";
    case Where::Policy: return "a policy";
    case Where::Tool: return "a tool";
    case Where::Agent: return "an agent";
    case Where::Handoff: return "a handoff";
    case Where::Transfer: return "a transfer";
    case Where::Channel: return "a channel";
    case Where::Rule: return "a rule";
    case Where::Test: return "a test";
    case Where::State: return "the state";
    case Where::Form: return "a form";
    case Where::FormField: return "a field of a form";
    case Where::Action: return "an action";
    case Where::Event: return "an event";
    case Where::TurnDetection: return "`turn_detection`";
    case Where::BargeIn: return "`barge_in`";
    case Where::Http: return "`http`";
    case Where::Batch: return "`batch`";
    case Where::Exec: return "`exec`";
    case Where::OAuth: return "`oauth`";
    case Where::Telemetry: return "`telemetry`";
    case Where::Price: return "`price`";
  }
  return {};
}

namespace clauses {

auto all() -> const std::vector<ClauseInfo>& {
  constexpr bool Runs = true;
  [[maybe_unused]] constexpr bool NotYet = false;
  using enum Times;
  static const std::vector<ClauseInfo> table{
#define FLOW_CLAUSE(where, name, shape, block, times, fallback, since, runs, doc) \
  ClauseInfo{Where::where, name, shape, Where::block, times, fallback, since, runs, doc},
#include "compiler/check/clauses.def"
#undef FLOW_CLAUSE
  };
  return table;
}

auto find(Where where, std::string_view name) -> const ClauseInfo* {
  for (const auto& info : all()) {
    if (info.where == where && info.name == name) return &info;
  }
  return nullptr;
}

auto names(Where where) -> std::vector<std::string_view> {
  std::vector<std::string_view> out;
  for (const auto& info : all()) {
    if (info.where == where) out.push_back(info.name);
  }
  return out;
}

auto as_markdown(Where where) -> std::string {
  // A bar would end the cell.
  const auto cell = [](std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
    return out;
  };
  std::string out = "| written | by default | |\n|---|---|---|\n";
  for (const auto& info : all()) {
    if (info.where != where) continue;
    auto shape = std::string(info.shape);  // with its `~`
    while (shape.find("...") != shape.npos) shape.replace(shape.find("..."), 3, "…");
    out += fmt::format("| `{}{}{}` | {} | {}{} |\n", info.name, shape.empty() ? "" : " ", cell(shape),
                       info.fallback.empty() ? std::string{} : fmt::format("`{}`", cell(info.fallback)), cell(info.doc), info.runs ? "" : " (*later*)");
  }
  return out;
}

}  // namespace clauses
}  // namespace flow::check
