#include "compiler/view/policy.h"

#include <algorithm>

#include "compiler/check/args.h"
#include "compiler/view/words.h"

namespace flow::view {
namespace {

// When each cell counts, in the order of the reference.
constexpr std::pair<std::string_view, std::string_view> Events[] = {
    {"mode", "the job starts"},
    {"duplicates", "the job starts"},
    {"concurrency", "the job starts"},
    {"ack", "the job runs"},
    {"progress", "the job runs"},
    {"cancel", "the job runs"},
    {"retry", "the job fails"},
    {"fails", "the job fails"},
    {"timeout", "the job takes too long"},
    {"deliver", "the result is there"},
    {"escalate", "the result is there"},
    {"while_caller_speaks", "the result is there"},
    {"announce", "the result is there"},
    {"read", "the result is there"},
    {"coalesce", "the result is there"},
    {"priority", "the result is there"},
    {"supersedes", "the result is there"},
    {"expires", "the result is not told"},
    {"heard", "the caller cuts in"},
    {"if_interrupted", "the caller cuts in"},
    {"on_handoff", "the call is handed over"},
    {"on_hangup", "the caller hangs up"},
};

auto effects_text(ir::Effects effects) -> std::string_view {
  switch (effects) {
    case ir::Effects::Pure: return "pure";
    case ir::Effects::Reads: return "reads";
    case ir::Effects::Writes: return "writes";
    case ir::Effects::WritesOnce: break;
  }
  return "writes once";
}

auto declared(const check::Checked& checked, const std::string& name) -> const ast::ToolDecl* {
  for (const auto& module : checked.modules) {
    for (const auto& tool : module->tree.tools) {
      if (tool.name.text == name) return &tool;
    }
  }
  return nullptr;
}

// Follows a tool's policy from its own block to the last parent.
class Chain {
 public:
  Chain(const check::Checked& checked, const ast::ToolDecl& tool) : checked_(checked) {
    const auto* clause = check::clause(tool.block, "policy");
    ast::Path name{{{"background", tool.name.at}}, tool.name.at};
    if (clause) {
      if (const auto* path = check::Args{*clause}.path()) name = *path;
      if (clause->block) own_ = clause->block.get();
    }
    name_ = name.text();
    constexpr int ParentsMax = 60;
    for (const auto* policy = checked.scope.policy(name); policy && static_cast<int>(policies_.size()) < ParentsMax;) {
      policies_.push_back(policy);
      auto parent = policy->parent;
      if (parent.missing() && policy->name.text != "background") parent = {{{"background", policy->name.at}}, policy->name.at};
      const auto* next = parent.missing() ? nullptr : checked.scope.policy(parent);
      policy = next == policy ? nullptr : next;
    }
  }

  auto name() const -> const std::string& { return name_; }

  void fill(PolicyCell& cell) const {
    if (own_) {
      if (const auto* clause = check::clause(*own_, cell.name)) {
        cell.origin = Origin::Own;
        cell.at = clause->at;
        return;
      }
    }
    for (const auto* policy : policies_) {
      const auto* clause = check::clause(policy->block, cell.name);
      if (!clause) continue;
      const auto* module = checked_.scope.module_of(policy->name.at.file);
      cell.origin = module && module->standard ? Origin::Standard : Origin::Named;
      cell.from = policy->name.text;
      cell.at = clause->at;
      return;
    }
  }

 private:
  const check::Checked& checked_;
  const ast::Block* own_ = nullptr;
  std::string name_;
  std::vector<const ast::PolicyDecl*> policies_;  // the tool's own first
};

}  // namespace

auto tool_policies(const check::Checked& checked, const ir::Program& program) -> std::vector<ToolPolicy> {
  std::vector<ToolPolicy> out;
  for (const auto& tool : program.tools) {
    const auto* source = declared(checked, tool.name);
    if (!source) continue;
    const Chain chain{checked, *source};
    ToolPolicy row{.tool = tool.name, .effects = effects_text(tool.effects), .policy = chain.name(), .cells = {}};
    const auto values = cells(program, program.policies[tool.policy]);
    for (const auto& [name, event] : Events) {
      const auto value = std::ranges::find(values, name, &Cell::name);
      PolicyCell cell{.event = event, .name = name, .value = value->value, .origin = Origin::Language, .from = {}, .at = {}};
      chain.fill(cell);
      row.cells.push_back(std::move(cell));
    }
    out.push_back(std::move(row));
  }
  return out;
}

auto origin_text(const PolicyCell& cell) -> std::string {
  switch (cell.origin) {
    case Origin::Own: return "own";
    case Origin::Named: return cell.from;
    case Origin::Standard: return "std " + cell.from;
    case Origin::Language: break;
  }
  return "default";
}

}  // namespace flow::view
