#pragma once
// A member that may be absent, null or there. In this protocol the three differ: an update leaves alone what is absent
// and clears what is null.

#include <utility>
#include <variant>

namespace flow::wire::openai {

struct Null {
  auto operator==(const Null&) const -> bool = default;
};

template <class T>
class Sparse {
 public:
  Sparse() = default;  // absent
  Sparse(Null null) : state_(null) {}
  Sparse(T value) : state_(std::move(value)) {}

  auto is_absent() const -> bool { return state_.index() == 0; }
  auto is_null() const -> bool { return state_.index() == 1; }
  // The value, or nullptr.
  auto get() const -> const T* { return std::get_if<T>(&state_); }
  auto get() -> T* { return std::get_if<T>(&state_); }
  auto operator==(const Sparse&) const -> bool = default;

 private:
  std::variant<std::monostate, Null, T> state_;
};

}  // namespace flow::wire::openai
