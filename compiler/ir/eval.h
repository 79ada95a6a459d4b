#pragma once
// What expressions and templates of a verified program mean. Pure; never fails: a path through none is none, and
// values of different kinds are unequal and unordered. One meaning for the session, the tests and the checks.

#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/ir/ir.h"

namespace flow::ir {

// Where names are looked up. Null pointers mean: nothing there.
struct Scope {
  const std::vector<Value>* state = nullptr;  // by StateField
  const Value* locals = nullptr;              // a record: parameters, carried values, `result`
  const Value* call = nullptr;                // a record: `from`, `id`, ...
  const std::vector<Value>* forms = nullptr;  // by Form: a record of its fields, `done` and `result`
};

auto evaluate(const Program& program, Id<Expr> expr, const Scope& scope) -> Value;
auto render(const Program& program, const Template& text, const Scope& scope) -> std::string;

// The state at the start of a call, in the order of `program.state`.
auto initial_state(const Program& program) -> std::vector<Value>;

// Whether a value may stand where `type` is asked for. Whole numbers count as floats.
auto conforms(const Program& program, const Value& value, Id<Type> type) -> bool;

// One value as the model or a caller's keys give it, in the form in which `type` is kept: `14:5` is no time, `"5"` is the
// whole number 5. The error is a sentence for the model that calls the value `name`.
auto fit_value(const Program& program, const Value& given, Id<Type> type, const std::string& name) -> Result<Value>;

// The arguments as declared: in order, defaults filled in, every type right. The error is a sentence for the model.
auto complete_arguments(const Program& program, const std::vector<Field>& params, const Value& arguments) -> Result<Value>;

}  // namespace flow::ir
