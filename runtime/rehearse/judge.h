#pragma once
// Did what was expected happen? Reads the record of a call that is over.

#include "runtime/rehearse/script.h"

namespace flow::rehearse {

// The expectations that did not hold, in the order of the test, with what happened instead.
auto judge(const ir::Program& program, const Script& script) -> std::vector<Failure>;

}  // namespace flow::rehearse
