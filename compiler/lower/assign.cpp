// `set x = …` and `sets x = …`: a field of the state, or one field of a record in it, which makes the record anew.

#include "compiler/lower/assign.h"

#include <algorithm>

#include "compiler/ir/describe.h"
#include "compiler/lower/context.h"
#include "compiler/lower/types.h"

namespace flow::lower {
namespace {

using Kind = ir::Type::Kind;

auto first_of(const ast::Path& path, std::size_t count) -> ast::Expr {
  ast::Path first{{path.parts.begin(), path.parts.begin() + static_cast<std::ptrdiff_t>(count)}, path.at};
  first.at.end = first.parts.back().at.end;
  const auto at = first.at;
  return {std::move(first), at};
}

class Assigner {
 public:
  Assigner(Expressions& names, const ast::Path& target, const ast::Expr& value, const Facts& facts) : names_(names), target_(target), value_(value), facts_(facts) {}

  auto whole(Id<ir::StateField> field) -> std::optional<Id<ir::Expr>> { return replaced(program().state[field].type, 1); }

 private:
  // What stands at the first `parts` of the target, once the value is in its place.
  auto replaced(Id<ir::Type> row, std::size_t parts) -> std::optional<Id<ir::Expr>> {
    if (parts == target_.parts.size()) return names_.value_for(value_, row, facts_);
    auto type = program().types[row];
    type.optional = false;
    const auto& name = target_.parts[parts];
    const auto reject = [&](const std::string& of) {
      names_.context().report().add(name.at, diag::NoField, diag::Text{"`" + of + "`"}, diag::Name{name.text});
      return std::nullopt;
    };
    if (type.kind != Kind::Record) return reject(ir::describe(program(), row));
    const auto record = program().records[type.record];
    const auto field = std::ranges::find(record.fields, name.text, &ir::Field::name);
    if (field == record.fields.end()) return reject(record.name);
    const auto old = [&] { return names_.value_for(first_of(target_, parts), type_row(program(), type), facts_); };
    const auto changed = old() ? replaced(field->type, parts + 1) : std::nullopt;
    if (!changed) return std::nullopt;
    ir::Expr made{.op = ir::Expr::Op::Record};
    for (const auto& each : record.fields) {
      made.names.push_back(each.name);
      // Expressions are trees: each field reads the old record for itself.
      made.args.push_back(each.name == name.text ? *changed : program().exprs.add({.op = ir::Expr::Op::Field, .name = each.name, .args = {*old()}}));
    }
    return program().exprs.add(std::move(made));
  }

  auto program() -> ir::Program& { return names_.context().program; }

  Expressions& names_;
  const ast::Path& target_;
  const ast::Expr& value_;
  const Facts& facts_;
};

}  // namespace

auto assigned_field(Context& context, const ast::Path& target) -> std::optional<Id<ir::StateField>> {
  if (target.missing()) return std::nullopt;
  const ast::Path root{{target.parts[0]}, target.parts[0].at};
  const auto* field = context.scope().state(root);
  if (!field) unknown(context, "state field", root);
  const auto row = context.state.find(field);
  return field && row != context.state.end() ? std::optional{row->second} : std::nullopt;
}

auto lower_assignment(Expressions& names, const ast::Path& target, const ast::Expr& value, const Facts& facts) -> std::optional<Assigned> {
  const auto field = assigned_field(names.context(), target);
  const auto whole = field ? Assigner{names, target, value, facts}.whole(*field) : std::nullopt;
  return whole ? std::optional{Assigned{*field, *whole}} : std::nullopt;
}

}  // namespace flow::lower
