#pragma once
// Values that stand for a type where any will do: what a tool is called with and returns in a call that nobody wrote.

#include "compiler/ir/ir.h"

namespace flow::prove {

// `nth`: different numbers give different values, as far as the type has that many. An enum's values are tried in turn.
auto sample(const ir::Program& program, Id<ir::Type> type, int nth = 0) -> Value;

// A record of the fields that have no default and are not optional.
auto sample_of(const ir::Program& program, const std::vector<ir::Field>& fields, int nth = 0) -> Value;

}  // namespace flow::prove
