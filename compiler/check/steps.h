#pragma once
// The steps of `test` blocks, from one list (steps.def), which the check, lowering and the reference read.

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"

namespace flow::check {

struct StepInfo {
  std::string_view clause;  // `caller`; empty: an EVENT of an expectation
  std::string_view shape;
  std::string_view doc;
};

struct StateInfo {
  std::string_view word;  // what an EVENT says of a tool
  std::string_view doc;
};

namespace steps {

auto all() -> const std::vector<StepInfo>&;
auto states() -> const std::vector<StateInfo>&;
// The clauses that begin a step, each once.
auto clauses() -> const std::vector<std::string_view>&;
// Every way to write a step of this clause, as one shape; empty if there is no such clause.
auto shape_of(std::string_view clause) -> const std::string&;
// The values of a step. `not X …` of an expectation is read as the word `not` and what follows it.
auto values_of(const ast::Clause& step) -> std::vector<ast::Arg>;
// grammar/README.md between its table's marks.
auto as_markdown() -> std::string;

}  // namespace steps
}  // namespace flow::check
