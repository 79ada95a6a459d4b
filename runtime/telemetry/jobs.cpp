#include "runtime/telemetry/jobs.h"

namespace flow::telemetry {

void JobNames::note(const core::Decided& decided) {
  using enum core::Decision;
  const auto names_the_tool = decided.what == ToolCalled || decided.what == ToolStarted || decided.what == ToolJoined;
  if (decided.job && names_the_tool && !decided.text.empty()) names_.try_emplace(decided.job, decided.text);
}

auto JobNames::of(core::JobId job) const -> std::string_view {
  const auto at = names_.find(job);
  return at == names_.end() ? std::string_view{} : at->second;
}

}  // namespace flow::telemetry
