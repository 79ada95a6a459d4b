#pragma once
// What a caller may answer to a form: what does, something else that does, and what does not; by voice or on the keys.

#include <string>
#include <vector>

#include "compiler/ir/ir.h"

namespace flow::prove {

struct FieldAnswers {
  Value good, other;              // both do; `other` is none if there is no second one
  Value bad;                      // does not; none: whatever is of its type does
  std::vector<std::string> keys;  // as the caller types them: enough of them, then too few; empty: not typed
};

// By field. Values are looked for among samples of the type and around the literals of the field's own condition; those
// of a field are weighed with the good ones of all others.
auto answers_of(const ir::Program& program, const ir::Form& form) -> std::vector<FieldAnswers>;

// Whether there is something that the caller has to say yes to.
auto is_read_back(const ir::Program& program, const ir::Form& form) -> bool;

// What the model may set in the state, one value each.
auto what_is_learned(const ir::Program& program) -> Value;

}  // namespace flow::prove
