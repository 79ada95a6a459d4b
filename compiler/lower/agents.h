#pragma once
// Agents with what they inherit: a child's clause wins over its parent's, handoffs and handlers are added.

#include "compiler/lower/expressions.h"

namespace flow::lower {

// A row for every agent of the files, with its name alone: handoffs go anywhere.
void declare_agents(Context& context);

// An agent and its parents, the child first.
auto lineage(Context& context, const ast::AgentDecl& agent) -> std::vector<const ast::AgentDecl*>;

// `carried`: what handoffs may leave for an agent's prompt and greetings.
using Carried = std::map<std::uint32_t, Locals>;  // by the agent's index
void lower_agents(Context& context, const Carried& carried);

// Templates that may come from a file: `instructions`.
auto lower_instructions(Context& context, const ast::Clause& clause, const Locals& locals) -> ir::Template;

}  // namespace flow::lower
