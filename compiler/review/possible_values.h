#pragma once
// The state of a call as far as conditions look at it: each field stands for the few values that make a difference, so
// that all states can be gone through. A field that takes too many is left open, and conditions on it may come out
// either way.

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/ir/eval.h"

namespace flow::review {

enum class Truth { No, Maybe, Yes };

class PossibleValues {
 public:
  // The number of the value of each field that is followed; 0 of one that is not.
  using State = std::vector<std::uint8_t>;

  // Follows the fields that `first` reads; with `guards`, also those that any condition reads, as many as there is room for.
  PossibleValues(const ir::Program& program, Id<ir::Expr> first, bool guards);

  // False: some field that `first` reads takes too many values.
  auto whole() const -> bool { return whole_; }
  auto at_start() const -> State;
  // How `condition` comes out. `locals` are names that are known, a record.
  auto truth(Id<ir::Expr> condition, const State& state, const Value& locals = Value::Record{}) const -> Truth;
  // What the state may be after `field = value`. `none`: whether the value may be none.
  auto after_set(const State& state, Id<ir::StateField> field, Id<ir::Expr> value, bool may_be_none) const -> std::vector<State>;
  // ... and after the field was set to anything that fits.
  auto after_any(const State& state, Id<ir::StateField> field, bool may_be_none) const -> std::vector<State>;
  auto follows(Id<ir::StateField> field) const -> bool { return followed_[field.index]; }
  // What an expression gives, if all that it reads is followed.
  auto value(Id<ir::Expr> expr, const State& state, const Value& locals) const -> std::optional<Value>;

 private:
  auto known(Id<ir::Expr> expr, const Value& locals) const -> bool;
  auto of(const ir::Type& type, const std::vector<std::vector<std::string>>& paths, const std::vector<Value>& compared, int depth) const -> std::vector<Value>;
  auto values_of(Id<ir::StateField> field) const -> std::vector<Value>;

  const ir::Program& program_;
  std::vector<std::vector<Value>> values_;  // by StateField; one: not followed
  std::vector<bool> followed_;
  bool whole_ = true;
  mutable State last_;                // the state asked about last, and its values: many questions are asked of one
  mutable std::vector<Value> world_;
};

// Every field of the state that the expression reads.
void each_state(const ir::Program& program, Id<ir::Expr> expr, const auto& visit) {
  if (!expr) return;
  const auto& row = program.exprs[expr];
  if (row.op == ir::Expr::Op::State) visit(row.state);
  for (const auto arg : row.args) each_state(program, arg, visit);
}

}  // namespace flow::review
