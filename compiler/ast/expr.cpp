#include "compiler/ast/expr.h"

namespace flow::ast {

auto Path::text() const -> std::string {
  std::string out;
  for (const auto& part : parts) {
    if (!out.empty()) out += '.';
    out += part.text;
  }
  return out;
}

auto Template::constant() const -> std::optional<std::string> {
  std::string out;
  for (const auto& part : parts) {
    const auto* chars = std::get_if<Chars>(&part.node);
    if (!chars) return std::nullopt;
    out += chars->text;
  }
  return out;
}

auto Expr::word() const -> std::string_view {
  const auto* path = as<Path>();
  return path && path->simple() ? std::string_view{path->parts[0].text} : std::string_view{};
}

}  // namespace flow::ast
