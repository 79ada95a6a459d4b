#pragma once
// Calls that go through a flow without haste: one thing happens, and all of it comes to rest before the next. So every
// agent is reached that a call can reach so; where calls are searched closely, and tests are proposed, they begin here.

#include <functional>
#include <vector>

#include "runtime/prove/branch.h"

namespace flow::prove {

// Goes on until nobody has spoken for a second and no tool runs, which return after a second, the `variant`th of what
// they may return. Gives up after minutes, and at the end of the call.
void settle(Branch& branch, const Deeds& deeds, int variant);

// Calls at rest, in the order of their length: `visit` sees each and says whether to go on from it. At most `calls_max`.
void walk(const ir::Program& program, const Deeds& deeds, std::size_t calls_max, const std::function<bool(const Branch&)>& visit);

}  // namespace flow::prove
