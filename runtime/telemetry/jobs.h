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

  // Empty if the job was never named.
  auto of(core::JobId job) const -> std::string_view;

  // A tool's decision in two parts: which tool, as far as known, and the rest of the text.
  struct Parts {
    std::string tool, words;
  };
  auto parts(const core::Decided& decided) -> Parts;

 private:
  const ir::Program* program_;
  std::map<core::JobId, std::string> names_;
};

}  // namespace flow::telemetry
