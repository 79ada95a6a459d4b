#pragma once
// Rows of two programs that are the same but for their names.

#include "compiler/ir/ir.h"

namespace flow::view {

// `before` with the names of `after` for what was only renamed: agents, tools, policies, state, types.
auto with_names_of(const ir::Program& after, ir::Program before) -> ir::Program;

}  // namespace flow::view
