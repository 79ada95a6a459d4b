#pragma once
// The graph: edges in the order of the file, and what they carry.

#include "compiler/lower/agents.h"

namespace flow::lower {

// What every agent may find carried to it. A value that some way in does not bring is `perhaps` there.
auto carried_values(Context& context, Id<ir::Agent> start) -> Carried;

void lower_handoffs(Context& context, const Carried& carried);

}  // namespace flow::lower
