#pragma once
// What the model must give, as JSON Schema: the `parameters` of a function.
//
// The schemas are strict: every property is listed as required and no other is taken; one that may be left out may be
// null instead. Descriptions say what the author wrote and the shape that a type asks for.

#include <string>

#include "compiler/ir/ir.h"

namespace flow::ir {

// One line of JSON. `fields` are a tool's parameters or a handoff's carried values. The types must verify.
auto parameters_schema(const Program& program, const std::vector<Field>& fields) -> std::string;

}  // namespace flow::ir
