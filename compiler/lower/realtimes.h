#pragma once
// Connections to services.

#include "compiler/lower/context.h"

namespace flow::lower {

void lower_realtimes(Context& context);

// The row of a connection that is named; none, if nothing is called so.
auto realtime_row(Context& context, const ast::Path& path) -> Id<ir::Realtime>;

// The connection that `flow` names, else the only one, else the simulated service.
auto default_realtime(Context& context, const ast::FlowDecl& flow) -> Id<ir::Realtime>;

}  // namespace flow::lower
