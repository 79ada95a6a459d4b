#include "compiler/review/subject.h"

#include <fmt/format.h>

#include <algorithm>

namespace flow::review {

auto lineage(const check::Scope& scope, const ast::AgentDecl& agent) -> std::vector<const ast::AgentDecl*> {
  std::vector<const ast::AgentDecl*> out{&agent};
  while (!out.back()->parent.missing()) {
    const auto* parent = scope.agent(out.back()->parent);
    if (!parent || std::ranges::find(out, parent) != out.end()) break;
    out.push_back(parent);
  }
  return out;
}

auto clause_of(const check::Scope& scope, const ast::AgentDecl& agent, std::string_view name) -> const ast::Clause* {
  for (const auto* each : lineage(scope, agent)) {
    if (const auto* found = check::clause(each->block, name)) return found;
  }
  return nullptr;
}

auto agents_of(const Subject& subject) -> std::vector<const ast::AgentDecl*> {
  std::vector<const ast::AgentDecl*> out;
  for (const auto* module : subject.modules) {
    for (const auto& agent : module->tree.agents) {
      if (subject.agents.contains(&agent)) out.push_back(&agent);
    }
  }
  return out;
}

auto tools_of(const Subject& subject) -> std::vector<const ast::ToolDecl*> {
  std::vector<const ast::ToolDecl*> out;
  for (const auto* module : subject.modules) {
    for (const auto& tool : module->tree.tools) {
      if (subject.tools.contains(&tool)) out.push_back(&tool);
    }
  }
  return out;
}

auto tools_of(const Subject& subject, const ast::AgentDecl& agent) -> std::vector<const ast::ToolDecl*> {
  std::vector<const ast::ToolDecl*> out;
  const auto row = subject.agents.find(&agent);
  if (row == subject.agents.end()) return out;
  const auto& offered = subject.program.agents[row->second].tools;
  for (const auto& [tool, id] : subject.tools) {
    if (std::ranges::find(offered, id) != offered.end()) out.push_back(tool);
  }
  // Rows are made in the order of the files.
  std::ranges::sort(out, {}, [&](const ast::ToolDecl* tool) { return subject.tools.at(tool); });
  return out;
}

auto cell_of(const Subject& subject, const ast::ToolDecl& tool, std::string_view cell) -> const ast::Clause* {
  const auto* named = check::clause(tool.block, "policy");
  if (!named) return nullptr;
  if (named->block) {
    if (const auto* own = check::clause(*named->block, cell)) return own;
  }
  const auto* path = check::Args{*named}.path();
  const auto* policy = path ? subject.scope().policy(*path) : nullptr;
  constexpr int ParentsMax = 50;  // ends a circle, which was reported
  for (int depth = 0; policy && depth < ParentsMax; ++depth) {
    if (const auto* found = check::clause(policy->block, cell)) return found;
    policy = policy->parent.missing() ? nullptr : subject.scope().policy(policy->parent);
  }
  return nullptr;
}

auto shown(ir::Millis duration) -> std::string {
  const auto ms = duration.count();
  if (ms == 0 || ms % 1'000 != 0) return fmt::format("{}ms", ms);
  if (ms % 3'600'000 == 0) return fmt::format("{}h", ms / 3'600'000);
  if (ms % 60'000 == 0) return fmt::format("{}m", ms / 60'000);
  return fmt::format("{}s", ms / 1'000);
}

}  // namespace flow::review
