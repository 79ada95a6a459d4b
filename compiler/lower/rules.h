#pragma once
// Rules: each clause becomes a row, with the words it is written in, so that people and the model can be told of it.

#include "compiler/lower/context.h"

namespace flow::lower {

// After tools, agents and their edges: rules name them.
void lower_rules(Context& context);

}  // namespace flow::lower
