#include "runtime/telemetry/jobs.h"

namespace flow::telemetry {

auto JobNames::of(core::JobId job) const -> std::string_view {
  const auto known = names_.find(job);
  return known == names_.end() ? std::string_view{} : known->second;
}

auto JobNames::parts(const core::Decided& decided) -> Parts {
  const std::string_view text = decided.text;
  for (const auto& tool : program_->tools) {
    const auto rest = text.starts_with(tool.name) ? text.substr(tool.name.size()) : std::string_view{"-"};
    if (!rest.empty() && !rest.starts_with(": ")) continue;
    if (decided.job) names_[decided.job] = tool.name;
    return {tool.name, std::string(rest.empty() ? rest : rest.substr(2))};
  }
  return {std::string(of(decided.job)), decided.text};
}

}  // namespace flow::telemetry
