#include "compiler/ir/eval.h"

#include <algorithm>
#include <compare>

#include "compiler/base/check.h"
#include "compiler/base/match.h"

namespace flow::ir {
namespace {

// Whole numbers are compared with floats by worth; nothing else is compared across kinds.
auto order(const Value& left, const Value& right) -> std::partial_ordering {
  const auto* a = std::get_if<std::int64_t>(&left.data);
  const auto* b = std::get_if<std::int64_t>(&right.data);
  if (a && b) return *a <=> *b;
  const auto* x = std::get_if<double>(&left.data);
  const auto* y = std::get_if<double>(&right.data);
  if ((a || x) && (b || y)) return (a ? static_cast<double>(*a) : *x) <=> (b ? static_cast<double>(*b) : *y);
  if (left.text() && right.text()) return *left.text() <=> *right.text();
  return std::partial_ordering::unordered;
}

auto equal(const Value& left, const Value& right) -> bool {
  if (left.list() && right.list()) return std::ranges::equal(*left.list(), *right.list(), equal);
  if (left.record() && right.record()) {
    return std::ranges::equal(*left.record(), *right.record(),
                              [](const auto& a, const auto& b) { return a.first == b.first && equal(a.second, b.second); });
  }
  return left == right || order(left, right) == 0;
}

auto contains(const Value& list, const Value& wanted) -> bool {
  return list.list() && std::ranges::any_of(*list.list(), [&](const Value& each) { return equal(each, wanted); });
}

auto copy_or_none(const Value* value) -> Value { return value ? *value : Value{}; }

struct Evaluation {
  const Program& program;
  const Scope& scope;

  auto of(Id<Expr> id) const -> Value;
  auto state(Id<StateField> field) const -> Value;
  auto list(const Expr& expr) const -> Value;
  auto record(const Expr& expr) const -> Value;
};

auto Evaluation::of(Id<Expr> id) const -> Value {
  const auto& expr = program.exprs[id];
  const auto arg = [&](std::size_t i) { return of(expr.args.at(i)); };
  using enum Expr::Op;
  switch (expr.op) {
    case Literal: return expr.literal;
    case State: return state(expr.state);
    case Form: return scope.forms && expr.form.index < scope.forms->size() ? (*scope.forms)[expr.form.index] : Value{};
    case Local: return copy_or_none(scope.locals ? scope.locals->field(expr.name) : nullptr);
    case Call: return copy_or_none(scope.call ? scope.call->field(expr.name) : nullptr);
    case Field: return copy_or_none(arg(0).field(expr.name));
    case List: return list(expr);
    case Record: return record(expr);
    case Not: return !arg(0).truthy();
    case And: return arg(0).truthy() && arg(1).truthy();
    case Or: return arg(0).truthy() || arg(1).truthy();
    case Eq: return equal(arg(0), arg(1));
    case Ne: return !equal(arg(0), arg(1));
    case Lt: return order(arg(0), arg(1)) < 0;
    case Le: return order(arg(0), arg(1)) <= 0;
    case Gt: return order(arg(0), arg(1)) > 0;
    case Ge: return order(arg(0), arg(1)) >= 0;
    case In: return contains(arg(1), arg(0));
  }
  FLOW_ASSERT(false, "an operation that verify does not know");
}

auto Evaluation::state(Id<StateField> field) const -> Value {
  if (!scope.state || field.index >= scope.state->size()) return {};
  return (*scope.state)[field.index];
}

auto Evaluation::list(const Expr& expr) const -> Value {
  Value::List values;
  for (const auto arg : expr.args) values.push_back(of(arg));
  return values;
}

auto Evaluation::record(const Expr& expr) const -> Value {
  Value::Record fields;
  for (std::size_t i = 0; i < expr.args.size(); ++i) fields.emplace_back(expr.names.at(i), of(expr.args[i]));
  return fields;
}

void render_parts(const Evaluation& evaluation, const Template& parts, std::string& out) {
  for (const auto& part : parts) {
    switch (part.kind) {
      case TemplatePart::Kind::Text: out += part.text; break;
      case TemplatePart::Kind::Hole: out += to_spoken(evaluation.of(part.expr)); break;
      case TemplatePart::Kind::If:
        render_parts(evaluation, evaluation.of(part.expr).truthy() ? part.then : part.otherwise, out);
        break;
    }
  }
}

}  // namespace

auto evaluate(const Program& program, Id<Expr> expr, const Scope& scope) -> Value { return Evaluation{program, scope}.of(expr); }

auto render(const Program& program, const Template& text, const Scope& scope) -> std::string {
  std::string out;
  render_parts(Evaluation{program, scope}, text, out);
  return out;
}

auto initial_state(const Program& program) -> std::vector<Value> {
  std::vector<Value> state;
  state.reserve(program.state.size());
  for (const auto& field : program.state) state.push_back(field.initial ? evaluate(program, field.initial, {}) : Value{});
  return state;
}

}  // namespace flow::ir
