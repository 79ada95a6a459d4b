#pragma once
// The clauses of a field of the state or of a form. They stand on the field's line one after the other, each a word and
// its values: `order: string ask "Which order?" check order_exists(order) else say "I can't find that."`

#include "compiler/check/clauses.h"

namespace flow::check {

// In the order of the source. A word that begins no clause stands as one of its own, for the check to name it. What
// stands after `else` belongs to `check`, if there is one, else to the last.
auto field_clauses(Where where, const ast::Field& field) -> std::vector<ast::Clause>;

// The clause of this name, or null.
auto clause(const std::vector<ast::Clause>& clauses, std::string_view name) -> const ast::Clause*;

}  // namespace flow::check
