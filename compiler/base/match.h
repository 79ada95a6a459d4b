#pragma once
// `match` over a variant: a new alternative does not compile until every place has answered.

#include <utility>
#include <variant>

namespace flow {

template <class... Arms>
struct Overloaded : Arms... {
  using Arms::operator()...;
};

template <class Variant, class... Arms>
decltype(auto) match(Variant&& value, Arms&&... arms) {
  return std::visit(Overloaded<std::decay_t<Arms>...>{std::forward<Arms>(arms)...}, std::forward<Variant>(value));
}

}  // namespace flow
