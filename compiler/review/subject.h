#pragma once
// What a review looks at: a whole program that means something, as it stands in the source and as it was lowered.
//
// Of a program that uses what this version cannot run (F0901) the tables lack that part; the tree is whole. So what
// can be asked of the tree is asked of the tree.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/check/args.h"
#include "compiler/check/load.h"
#include "compiler/ir/ir.h"

namespace flow::review {

struct Subject {
  const check::Checked& checked;
  const std::vector<const check::Module*>& modules;  // the root first, then what it imports
  const ast::FlowDecl& flow;
  const ir::Program& program;
  const std::map<const ast::AgentDecl*, Id<ir::Agent>>& agents;
  const std::map<const ast::ToolDecl*, Id<ir::Tool>>& tools;
  const std::map<const ast::PolicyDecl*, Id<ir::Policy>>& policies;

  auto scope() const -> const check::Scope& { return checked.scope; }
};

// An agent and those it inherits from, itself first; a circle ends where it closes.
auto lineage(const check::Scope& scope, const ast::AgentDecl& agent) -> std::vector<const ast::AgentDecl*>;

// The first clause of this name that the agent or one it inherits from has, or null.
auto clause_of(const check::Scope& scope, const ast::AgentDecl& agent, std::string_view name) -> const ast::Clause*;

// Agents and tools in the order of the files.
auto agents_of(const Subject& subject) -> std::vector<const ast::AgentDecl*>;
auto tools_of(const Subject& subject) -> std::vector<const ast::ToolDecl*>;
// Those that the model is offered when the agent has the call.
auto tools_of(const Subject& subject, const ast::AgentDecl& agent) -> std::vector<const ast::ToolDecl*>;

// A cell that a tool's policy got from its own block, from the policy it names or from the parents of that; null: from
// the language.
auto cell_of(const Subject& subject, const ast::ToolDecl& tool, std::string_view cell) -> const ast::Clause*;

// `250ms`, `8s`, `2m`: as an author writes it.
auto shown(ir::Millis duration) -> std::string;

}  // namespace flow::review
