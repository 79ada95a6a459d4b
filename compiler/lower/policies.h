#pragma once
// Policies: inheritance cell by cell down to `background`, and what one cell may not say beside another.

#include "compiler/lower/expressions.h"

namespace flow::lower {

// `background` as the language has it, for files that do not import std.policies; a test compares the two.
auto background() -> ir::Policy;

// The row of a declared policy, made when it is first asked for.
auto policy_row(Context& context, const ast::PolicyDecl& policy) -> Id<ir::Policy>;

// The row of the policy that a tool names, with the cells of its block changed; without a clause, `background`'s.
// `params`: what the templates of that block may name.
auto tool_policy(Context& context, const ast::ToolDecl& tool, const Locals& params) -> Id<ir::Policy>;

}  // namespace flow::lower
