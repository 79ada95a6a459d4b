#pragma once
// Types of the source to rows of the program, and what fits where.

#include <optional>
#include <string>

#include "compiler/lower/context.h"

namespace flow::lower {

// Declared enums and records of all modules, in the order of the files, and the state.
void lower_types(Context& context);

// Nothing if the type is missing or its name unknown, which somebody else has reported.
auto lower_type(Context& context, const ast::TypeRef& type) -> std::optional<Id<ir::Type>>;

// One row for equal types.
auto type_row(ir::Program& program, const ir::Type& type) -> Id<ir::Type>;

// Parameters, carried values, fields of a record. Defaults must be constants of the field's type.
auto lower_fields(Context& context, const std::vector<ast::Field>& fields) -> std::vector<ir::Field>;

// Whether a value of type `from` may always stand where `to` is asked for. That `from` may be none and `to` may not is
// another question (`may_be_none`), because its answer has another message.
auto fits(const ir::Program& program, const ir::Type& from, const ir::Type& to) -> bool;

auto is_number(const ir::Type& type) -> bool;
auto is_text(const ir::Type& type) -> bool;  // string and every kind that is text of some shape
auto comparable(const ir::Program& program, const ir::Type& left, const ir::Type& right) -> bool;
auto orderable(const ir::Type& left, const ir::Type& right) -> bool;

}  // namespace flow::lower
