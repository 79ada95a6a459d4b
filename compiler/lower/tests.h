#pragma once
// `test` blocks to steps: names resolved, constants computed. Every file of the program may have tests.

#include "compiler/ir/test.h"
#include "compiler/lower/context.h"

namespace flow::lower {

// After the program is whole; `context.program` may get more expressions and types, and nothing else.
auto lower_tests(Context& context) -> std::vector<ir::Test>;

}  // namespace flow::lower
