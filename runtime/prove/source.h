#pragma once
// A test as its author would have written it: the `test` block that gives these steps when it is read.

#include <string>

#include "compiler/ir/test.h"

namespace flow::prove {

// As the formatter lays it out, a line end last.
auto source_of(const ir::Program& program, const ir::Test& test) -> std::string;
// One step, without its line end.
auto source_of(const ir::Program& program, const ir::TestStep& step) -> std::string;

}  // namespace flow::prove
