#pragma once
// Every part of a tree, the outer before the inner, in the order in which nodes are declared. Fields are found by
// reflection: one that is added to a node is walked by itself, and nobody who moves or searches trees can forget it.
//
//   struct Counter {
//     int names = 0;
//     auto enter(const ast::Name& name) -> bool { ++names; return false; }
//     template <class Part> auto enter(const Part&) -> bool { return true; }   // false: what is in it is left out
//     template <class Part> void leave(const Part&) {}
//   };
//   ast::walk(counter, file);
//
// Lists, boxes and alternatives are no parts of their own; texts, numbers and the like are not walked.

#include <boost/pfr/core.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "compiler/ast/ast.h"

namespace flow::ast {

namespace walking {
template <class T, template <class...> class Of>
inline constexpr bool is = false;
template <template <class...> class Of, class... Args>
inline constexpr bool is<Of<Args...>, Of> = true;

template <class T>
inline constexpr bool is_leaf = std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, std::string> ||
                                std::is_same_v<T, std::chrono::milliseconds> || std::is_same_v<T, FileId>;
}  // namespace walking

template <class Visitor, class Part>
void walk(Visitor& visitor, Part& part) {
  using T = std::remove_const_t<Part>;
  if constexpr (walking::is_leaf<T>) {
  } else if constexpr (walking::is<T, std::vector>) {
    for (auto& each : part) walk(visitor, each);
  } else if constexpr (walking::is<T, Boxed> || walking::is<T, std::optional>) {
    if (part) walk(visitor, *part);
  } else if constexpr (walking::is<T, std::variant>) {
    std::visit([&](auto& each) { walk(visitor, each); }, part);
  } else {
    if (!visitor.enter(part)) return;
    if constexpr (!std::is_empty_v<T>) boost::pfr::for_each_field(part, [&](auto& each) { walk(visitor, each); });
    visitor.leave(part);
  }
}

}  // namespace flow::ast
