#pragma once
// What Lua gives back, brought into the shape of the declared type where Lua cannot say the difference: an empty table
// is a list or a record, 3.0 is the whole number 3, and a missing name is an optional field that is none. Everything
// else stays, for ir::conforms to judge.

#include <string>

#include "compiler/ir/ir.h"

namespace flow::tools {

auto shape(const ir::Program& program, Value value, Id<ir::Type> type) -> Value;

// How a type is written in a flow: `[Order]?`.
auto type_text(const ir::Program& program, Id<ir::Type> type) -> std::string;

}  // namespace flow::tools
