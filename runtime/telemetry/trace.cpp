#include "runtime/telemetry/trace.h"

#include "runtime/telemetry/decisions.h"

namespace flow::telemetry {

auto Trace::line(const core::Effect& effect, core::Instant now) -> std::string {
  personal_.note(effect);
  if (const auto* start = std::get_if<core::StartTool>(&effect)) jobs_.note(*start);
  const auto* decided = std::get_if<core::Decided>(&effect);
  if (!decided) return {};
  auto words = decided->text;

  const auto& row = decisions()[static_cast<std::size_t>(decided->what)];
  Value::Record line{{"t_ms", std::int64_t{now.since_start.count()}}, {"decision", row.name}};
  if (decided->job) line.emplace_back("job", std::int64_t{decided->job.n});
  if (is_of_a_tool(decided->what)) {
    auto [tool, rest] = jobs_.parts(*decided);
    if (!tool.empty()) line.emplace_back("tool", std::move(tool));
    words = std::move(rest);
  }
  if (decided->agent) line.emplace_back("agent", program_->agents[decided->agent].name);
  if (row.duration != "-") line.emplace_back("duration_ms", std::int64_t{decided->duration.count()});
  if (!words.empty()) line.emplace_back("text", personal_.masked(words));
  return to_json(Value{std::move(line)}) + "\n";
}

auto Trace::line(const Delay& delay) -> std::string {
  Value::Record stages;
  for (const auto& part : delay.parts) stages.emplace_back(std::string(name_of(part.stage)), std::int64_t{part.took.count()});
  Value::Record line{{"t_ms", std::int64_t{delay.ended.since_start.count()}}, {"delay", name_of(delay.kind)}};
  line.emplace_back("from_ms", std::int64_t{delay.began.since_start.count()});
  line.emplace_back("duration_ms", std::int64_t{delay.took().count()});
  line.emplace_back("stages", Value{std::move(stages)});
  return to_json(Value{std::move(line)}) + "\n";
}

}  // namespace flow::telemetry
