#include "compiler/check/args.h"

namespace flow::check {

template <class T>
auto Args::take() -> const T* {
  const auto* next = peek();
  const auto* found = next ? next->as<T>() : nullptr;
  if (found) ++next_;
  return found;
}

auto Args::word(std::string_view expected) -> bool {
  const auto* next = peek();
  if (!next) return false;
  const bool same = next->word() == expected || (expected == "none" && next->as<ast::None>());
  if (same) ++next_;
  return same;
}

auto Args::word() -> std::string_view {
  const auto* next = peek();
  const auto found = next ? next->word() : std::string_view{};
  if (!found.empty()) ++next_;
  return found;
}

auto Args::path() -> const ast::Path* { return take<ast::Path>(); }
auto Args::text() -> const ast::Template* { return take<ast::Template>(); }

auto Args::constant() -> std::optional<std::string> {
  const auto* next = peek();
  const auto* found = next ? next->as<ast::Template>() : nullptr;
  auto fixed = found ? found->constant() : std::nullopt;
  if (fixed) ++next_;
  return fixed;
}

auto Args::line() -> std::optional<LineArg> {
  const auto start = next_;
  LineArg out;
  out.is_protected = word("protected");
  out.hint = word("model");
  out.text = text();
  if (out.text) return out;
  next_ = start;
  return std::nullopt;
}

auto Args::integer() -> std::optional<std::int64_t> {
  const auto* found = take<ast::Int>();
  return found ? std::optional{found->value} : std::nullopt;
}

auto Args::number() -> std::optional<double> {
  if (const auto* whole = take<ast::Int>()) return static_cast<double>(whole->value);
  const auto* found = take<ast::Float>();
  return found ? std::optional{found->value} : std::nullopt;
}

auto Args::percent() -> std::optional<double> {
  const auto* found = take<ast::Percent>();
  return found ? std::optional{found->value} : std::nullopt;
}

auto Args::duration() -> std::optional<std::chrono::milliseconds> {
  const auto* found = take<ast::Duration>();
  return found ? std::optional{found->value} : std::nullopt;
}

auto Args::durations() -> std::optional<std::pair<std::chrono::milliseconds, std::chrono::milliseconds>> {
  const auto* next = peek();
  const auto* range = next ? next->as<ast::Range>() : nullptr;
  const auto* low = range && range->low ? range->low->as<ast::Duration>() : nullptr;
  const auto* high = range && range->high ? range->high->as<ast::Duration>() : nullptr;
  if (!low || !high) return std::nullopt;
  ++next_;
  return std::pair{low->value, high->value};
}

auto Args::call(std::string_view callee) -> std::optional<std::string> {
  const auto* next = peek();
  const auto* found = next ? next->as<ast::Call>() : nullptr;
  if (!found || found->callee.text() != callee || found->args.size() != 1) return std::nullopt;
  const auto* text = found->args[0].value.as<ast::Template>();
  auto fixed = text ? text->constant() : std::nullopt;
  if (fixed) ++next_;
  return fixed;
}

auto Args::expr() -> const ast::Expr* {
  const auto* next = peek();
  if (next) ++next_;
  return next;
}

auto clause(const ast::Block& block, std::string_view name) -> const ast::Clause* {
  for (const auto& each : block.clauses) {
    if (each.name.text == name) return &each;
  }
  return nullptr;
}

auto clauses_named(const ast::Block& block, std::string_view name) -> std::vector<const ast::Clause*> {
  std::vector<const ast::Clause*> out;
  for (const auto& each : block.clauses) {
    if (each.name.text == name) out.push_back(&each);
  }
  return out;
}

}  // namespace flow::check
