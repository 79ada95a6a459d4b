#pragma once
// Which tool a job runs: decisions name the job, people want the tool.

#include <map>
#include <string>
#include <string_view>

#include "runtime/core/effect.h"

namespace flow::telemetry {

class JobNames {
 public:
  explicit JobNames(const ir::Program& program) : program_(&program) {}

  void note(const core::StartTool& effect) { names_[effect.job] = program_->tools[effect.tool].name; }
  void note(const core::Decided& decided);

  // Empty if the job was never named.
  auto of(core::JobId job) const -> std::string_view;

 private:
  const ir::Program* program_;
  std::map<core::JobId, std::string> names_;
};

}  // namespace flow::telemetry
