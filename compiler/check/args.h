#pragma once
// Reads the values of a clause that has passed the clause check, from left to right. Each reader takes the next value
// if it is of its kind and else takes nothing, so that lowering reads as the shape is written:
//
//   Args args{clause};
//   if (args.word("none")) return;
//   auto line = args.line();
//   if (args.word("after")) policy.ack_after = args.duration().value_or(400ms);

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/ast/ast.h"

namespace flow::check {

// Something to be said: `"these words"`, `protected "these words"`, `model "a hint"`.
struct LineArg {
  bool hint = false;
  bool is_protected = false;
  const ast::Template* text = nullptr;
};

class Args {
 public:
  explicit Args(const std::vector<ast::Arg>& args) : args_(&args) {}
  explicit Args(const ast::Clause& clause) : args_(&clause.args) {}

  auto done() const -> bool { return next_ >= args_->size(); }
  auto peek() const -> const ast::Expr* { return done() ? nullptr : &(*args_)[next_].value; }

  // Takes this very word.
  auto word(std::string_view expected) -> bool;
  // Takes any single name; empty if there is none.
  auto word() -> std::string_view;
  auto path() -> const ast::Path*;
  auto text() -> const ast::Template*;
  auto constant() -> std::optional<std::string>;  // a text into which nothing is inserted
  auto line() -> std::optional<LineArg>;
  auto integer() -> std::optional<std::int64_t>;
  auto number() -> std::optional<double>;   // whole or not
  auto percent() -> std::optional<double>;  // 80 of `80%`
  auto duration() -> std::optional<std::chrono::milliseconds>;
  auto durations() -> std::optional<std::pair<std::chrono::milliseconds, std::chrono::milliseconds>>;  // `1s..8s`
  auto call(std::string_view callee) -> std::optional<std::string>;  // the text of `secret("X")`, `file("x.md")`
  auto expr() -> const ast::Expr*;                                   // whatever comes next

 private:
  template <class T>
  auto take() -> const T*;

  const std::vector<ast::Arg>* args_;
  std::size_t next_ = 0;
};

// The first clause of this name, or null; and all of them.
auto clause(const ast::Block& block, std::string_view name) -> const ast::Clause*;
auto clauses_named(const ast::Block& block, std::string_view name) -> std::vector<const ast::Clause*>;

}  // namespace flow::check
