#include "compiler/review/possible_values.h"

#include <algorithm>

namespace flow::review {
namespace {

using ir::Expr;
using ir::Type;

constexpr std::size_t ValuesMax = 24;   // of one field
constexpr std::size_t StatesMax = 200;  // of all fields together
constexpr int DepthMax = 3;             // of records in records

// The field of the state that a path begins with, and the names after it.
struct Path {
  Id<ir::StateField> state;
  std::vector<std::string> names;
};
auto path_of(const ir::Program& program, Id<Expr> id) -> std::optional<Path> {
  const auto& expr = program.exprs[id];
  if (expr.op == Expr::Op::State) return Path{expr.state, {}};
  if (expr.op != Expr::Op::Field) return std::nullopt;
  auto path = path_of(program, expr.args[0]);
  if (path) path->names.push_back(expr.name);
  return path;
}

auto is_number(const Value& value) -> bool { return std::holds_alternative<std::int64_t>(value.data) || std::holds_alternative<double>(value.data); }

void add(std::vector<Value>& list, Value value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(std::move(value));
}

// A literal, and what is just beside it: `tries < 3` differs at 2, 3 and 4.
void add_around(std::vector<Value>& list, const Value& literal) {
  if (const auto* whole = std::get_if<std::int64_t>(&literal.data)) {
    for (const auto beside : {*whole - 1, *whole, *whole + 1}) add(list, beside);
  } else if (const auto* real = std::get_if<double>(&literal.data)) {
    for (const auto beside : {*real - 0.5, *real, *real + 0.5}) add(list, beside);
  } else {
    add(list, literal);
  }
}

}  // namespace

PossibleValues::PossibleValues(const ir::Program& program, Id<Expr> first, bool guards) : program_(program), values_(program.state.size()), followed_(program.state.size()) {
  std::vector<Id<ir::StateField>> wanted;
  const auto want = [&](Id<ir::StateField> field) {
    if (std::ranges::find(wanted, field) == wanted.end()) wanted.push_back(field);
  };
  each_state(program, first, want);
  const auto needed = wanted.size();
  if (guards) {
    for (const auto& edge : program.handoffs) each_state(program, edge.guard, want);
    for (const auto& handler : program.handlers) each_state(program, handler.guard, want);
    for (const auto& tool : program.tools) each_state(program, tool.available_if, want);
  }
  const auto start = ir::initial_state(program);
  for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = {start[i]};
  std::size_t states = 1;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto values = values_of(wanted[i]);
    const bool fits = !values.empty() && values.size() <= ValuesMax && states * values.size() <= StatesMax;
    if (!fits && i < needed) whole_ = false;
    if (!fits) continue;
    states *= values.size();
    followed_[wanted[i].index] = true;
    values_[wanted[i].index] = std::move(values);
  }
}

auto PossibleValues::values_of(Id<ir::StateField> field) const -> std::vector<Value> {
  // What the program compares the field, or its parts, with.
  std::vector<std::vector<std::string>> paths;
  std::vector<Value> compared;
  for (std::size_t i = 0; i < program_.exprs.size(); ++i) {
    const auto id = program_.exprs.id_at(i);
    const auto& expr = program_.exprs[id];
    if (const auto path = path_of(program_, id); path && path->state == field && std::ranges::find(paths, path->names) == paths.end()) paths.push_back(path->names);
    bool mine = false;
    for (const auto arg : expr.args) {
      const auto path = path_of(program_, arg);
      mine = mine || (path && path->state == field);
    }
    if (!mine) continue;
    for (const auto arg : expr.args) {
      const auto& other = program_.exprs[arg];
      if (other.op == Expr::Op::Literal) add_around(compared, other.literal);
      if (other.op == Expr::Op::List) {
        for (const auto item : other.args) {
          if (program_.exprs[item].op == Expr::Op::Literal) add_around(compared, program_.exprs[item].literal);
        }
      }
    }
  }
  auto values = of(program_.types[program_.state[field].type], paths, compared, 0);
  auto start = ir::initial_state(program_)[field.index];
  std::erase(values, start);
  values.insert(values.begin(), std::move(start));  // number 0
  return values;
}

// Values of a type that differ where `paths` and `compared` look.
auto PossibleValues::of(const Type& type, const std::vector<std::vector<std::string>>& paths, const std::vector<Value>& compared, int depth) const -> std::vector<Value> {
  std::vector<Value> out;
  if (type.optional) out.emplace_back();
  switch (type.kind) {
    case Type::Kind::Bool:
      out.emplace_back(false);
      out.emplace_back(true);
      break;
    case Type::Kind::Enum:
      for (const auto& value : program_.enums[type.enumeration].values) out.emplace_back(value);
      break;
    case Type::Kind::Int:
    case Type::Kind::Float:
    case Type::Kind::Duration:
      for (const auto& value : compared) {
        if (is_number(value)) add(out, value);
      }
      add(out, std::int64_t{0});
      break;
    case Type::Kind::List: out.emplace_back(Value::List{}); break;
    case Type::Kind::Record: {
      std::vector<Value::Record> records{{}};
      for (const auto& field : program_.records[type.record].fields) {
        std::vector<std::vector<std::string>> below;
        for (const auto& path : paths) {
          if (!path.empty() && path.front() == field.name) below.emplace_back(path.begin() + 1, path.end());
        }
        if (below.empty() || depth >= DepthMax) continue;  // nobody looks at it
        const auto values = of(program_.types[field.type], below, compared, depth + 1);
        std::vector<Value::Record> wider;
        for (const auto& record : records) {
          for (const auto& value : values) {
            if (wider.size() > ValuesMax) return {};
            wider.push_back(record);
            wider.back().emplace_back(field.name, value);
          }
        }
        records = std::move(wider);
      }
      for (auto& record : records) out.emplace_back(std::move(record));
      break;
    }
    default:
      for (const auto& value : compared) {
        if (value.text()) add(out, value);
      }
      out.emplace_back("\x01");  // some other text
      break;
  }
  return out;
}

auto PossibleValues::at_start() const -> State { return State(values_.size(), 0); }

auto PossibleValues::known(Id<Expr> id, const Value& locals) const -> bool {
  const auto& expr = program_.exprs[id];
  if (expr.op == Expr::Op::State) return followed_[expr.state.index];
  if (expr.op == Expr::Op::Call || expr.op == Expr::Op::Form) return false;
  if (expr.op == Expr::Op::Local) return locals.field(expr.name) != nullptr;
  return std::ranges::all_of(expr.args, [&](Id<Expr> arg) { return known(arg, locals); });
}

auto PossibleValues::value(Id<Expr> expr, const State& state, const Value& locals) const -> std::optional<Value> {
  if (!known(expr, locals)) return std::nullopt;
  if (world_.empty() || last_ != state) {
    world_.clear();
    for (std::size_t i = 0; i < values_.size(); ++i) world_.push_back(values_[i][state[i]]);
    last_ = state;
  }
  return ir::evaluate(program_, expr, {&world_, &locals, nullptr});
}

auto PossibleValues::truth(Id<Expr> condition, const State& state, const Value& locals) const -> Truth {
  if (!condition) return Truth::Yes;
  const auto& expr = program_.exprs[condition];
  const auto inner = [&](std::size_t i) { return truth(expr.args[i], state, locals); };
  if (expr.op == Expr::Op::Not) {
    const auto it = inner(0);
    return it == Truth::Yes ? Truth::No : it == Truth::No ? Truth::Yes : Truth::Maybe;
  }
  if (expr.op == Expr::Op::And) return std::min(inner(0), inner(1));
  if (expr.op == Expr::Op::Or) return std::max(inner(0), inner(1));
  const auto found = value(condition, state, locals);
  return !found ? Truth::Maybe : found->truthy() ? Truth::Yes : Truth::No;
}

auto PossibleValues::after_set(const State& state, Id<ir::StateField> field, Id<Expr> expr, bool may_be_none) const -> std::vector<State> {
  if (!followed_[field.index]) return {state};
  const auto& values = values_[field.index];
  if (const auto exact = value(expr, state, Value::Record{})) {
    const auto found = std::ranges::find(values, *exact);
    if (found != values.end()) {
      auto next = state;
      next[field.index] = static_cast<std::uint8_t>(found - values.begin());
      return {std::move(next)};
    }
  }
  return after_any(state, field, may_be_none);
}

auto PossibleValues::after_any(const State& state, Id<ir::StateField> field, bool may_be_none) const -> std::vector<State> {
  std::vector<State> out;
  const auto& values = values_[field.index];
  for (std::size_t i = 0; followed_[field.index] && i < values.size(); ++i) {
    if (values[i].is_none() && !may_be_none) continue;
    out.push_back(state);
    out.back()[field.index] = static_cast<std::uint8_t>(i);
  }
  if (out.empty()) out.push_back(state);
  return out;
}

}  // namespace flow::review
