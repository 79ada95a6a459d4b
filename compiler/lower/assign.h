#pragma once
// `set x = …` and `sets x = …`.

#include <optional>
#include <utility>

#include "compiler/lower/expressions.h"

namespace flow::lower {

// The field of the state that is written to, in whole or in part.
auto assigned_field(Context& context, const ast::Path& target) -> std::optional<Id<ir::StateField>>;

// The field of the state that is written, and what the whole of it becomes: `set caller.name = "Ann"` makes the record
// anew. Nothing if it is wrong, which is reported; so is a record that may be none.
using Assigned = std::pair<Id<ir::StateField>, Id<ir::Expr>>;
auto lower_assignment(Expressions& names, const ast::Path& target, const ast::Expr& value, const Facts& facts = {}) -> std::optional<Assigned>;

}  // namespace flow::lower
