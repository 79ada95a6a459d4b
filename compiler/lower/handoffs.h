#pragma once
// The graph: edges in the order of the file, what they carry, and who can be reached.

#include "compiler/lower/agents.h"

namespace flow::lower {

// What every agent may find carried to it. A value that some way in does not bring is `perhaps` there.
auto carried_values(Context& context, Id<ir::Agent> start) -> Carried;

void lower_handoffs(Context& context, const Carried& carried);

// A warning for each agent that the call never comes to.
void check_reachable(Context& context);

}  // namespace flow::lower
