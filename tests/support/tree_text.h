#pragma once
// A whole tree as text, spans and all: two trees are the same if and only if their texts are.

#include <fmt/format.h>

#include <boost/pfr/core.hpp>
#include <string>

#include "compiler/ast/walk.h"

namespace flow::test {

template <class Part>
void print_tree(const Part& part, std::string& out) {
  using namespace ast::walking;
  if constexpr (std::is_same_v<Part, Span>) {
    out += fmt::format("@{}:{}-{}", part.file.n, part.begin, part.end);
  } else if constexpr (std::is_same_v<Part, FileId>) {
    out += fmt::format("#{}", part.n);
  } else if constexpr (std::is_same_v<Part, std::string>) {
    out += '"' + part + '"';
  } else if constexpr (std::is_enum_v<Part>) {
    out += fmt::format("{}", static_cast<int>(part));
  } else if constexpr (std::is_same_v<Part, std::chrono::milliseconds>) {
    out += fmt::format("{}ms", part.count());
  } else if constexpr (std::is_arithmetic_v<Part>) {
    out += fmt::format("{}", part);
  } else if constexpr (is<Part, std::vector>) {
    out += '[';
    for (const auto& each : part) print_tree(each, out);
    out += ']';
  } else if constexpr (is<Part, ast::Boxed> || is<Part, std::optional>) {
    out += part ? '+' : '-';
    if (part) print_tree(*part, out);
  } else if constexpr (is<Part, std::variant>) {
    out += fmt::format("<{}>", part.index());
    std::visit([&](const auto& each) { print_tree(each, out); }, part);
  } else {
    out += '(';
    if constexpr (!std::is_empty_v<Part>) boost::pfr::for_each_field(part, [&](const auto& each) { print_tree(each, out); });
    out += ")\n";
  }
}

inline auto tree_text(const ast::File& file) -> std::string {
  std::string out;
  print_tree(file, out);
  return out;
}

}  // namespace flow::test
