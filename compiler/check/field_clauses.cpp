#include "compiler/check/field_clauses.h"

#include <algorithm>

namespace flow::check {
namespace {

auto begun(const ast::Name& name) -> ast::Clause {
  ast::Clause out;
  out.name = name;
  out.at = name.at;
  return out;
}

// `check (a or b)` reads like a call of `check`.
auto as_call_of_clause(Where where, const ast::Expr& value) -> const ast::Call* {
  const auto* call = value.as<ast::Call>();
  const bool fits = call && call->callee.simple() && call->args.size() == 1 && call->args[0].name.missing();
  return fits && clauses::find(where, call->callee.parts[0].text) ? call : nullptr;
}

}  // namespace

auto field_clauses(Where where, const ast::Field& field) -> std::vector<ast::Clause> {
  std::vector<ast::Clause> out;
  bool needs_value = false;  // the first value of a clause is never the name of another
  for (const auto& arg : field.args) {
    const auto word = arg.value.word();
    const auto* call = needs_value ? nullptr : as_call_of_clause(where, arg.value);
    if (call) {
      out.push_back(begun(call->callee.parts[0]));
      out.back().args.push_back({call->args[0].value, false});
      needs_value = false;
    } else if (out.empty() || (!needs_value && clauses::find(where, word))) {
      out.push_back(begun({std::string{word.empty() ? "…" : word}, arg.value.at}));
      needs_value = true;
    } else {
      out.back().args.push_back(arg);
      needs_value = false;
    }
    out.back().at.end = arg.value.at.end;
  }
  if (field.otherwise.empty() || out.empty()) return out;
  const auto check = std::ranges::find(out, std::string{"check"}, [](const ast::Clause& each) { return each.name.text; });
  auto& owner = check == out.end() ? out.back() : *check;
  owner.otherwise = field.otherwise;
  owner.has_else = true;
  return out;
}

auto clause(const std::vector<ast::Clause>& clauses, std::string_view name) -> const ast::Clause* {
  const auto found = std::ranges::find_if(clauses, [&](const ast::Clause& each) { return each.name.text == name; });
  return found == clauses.end() ? nullptr : &*found;
}

}  // namespace flow::check
