#pragma once
// Calls that go through a flow without haste: one thing happens, and all of it comes to rest before the next. So every
// agent is reached that a call can reach so; where calls are searched closely, and tests are proposed, they begin here.

#include <functional>
#include <vector>

#include "runtime/prove/branch.h"

namespace flow::prove {

// Goes on until nobody has spoken for a second and no tool runs, which return after a second, the `variant`th of what
// they may return. Whom the call is to be given to is busy. Gives up after minutes, and at the end of the call.
void settle(Branch& branch, const Deeds& deeds, int variant);

// What is new of a call at rest: who has it, how far the forms are, and whether the caller may type an answer.
auto landmark(const Branch& call) -> std::vector<std::uint32_t>;

// Calls at rest, at most `calls_max`: those that come to a new landmark first, then in the order of their length. `visit`
// sees each and says whether to go on from it.
void walk(const ir::Program& program, const Deeds& deeds, std::size_t calls_max, const std::function<bool(const Branch&)>& visit);

}  // namespace flow::prove
