#pragma once
// What a model or a caller's keys give, in the one way in which a value of a type is written: `9:30` is the time 09:30,
// `+1 (555) 010-0123` the phone number +15550100123, `12.5 eur` the amount 12.50 EUR. Whether the result is a value of
// the type is another question (eval.h); what has no such form comes back as it was.

#include "compiler/ir/ir.h"

namespace flow::ir {

auto normal(const Program& program, const Value& given, const Type& type) -> Value;

}  // namespace flow::ir
