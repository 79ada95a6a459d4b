#pragma once
// Nothing, or one `T` of its own, which may be a type that is not complete yet. Copying copies the `T`: a tree of
// boxes is a value like any other.

#include <memory>
#include <utility>

namespace flow::ast {

template <class T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(T value) : held_(std::make_unique<T>(std::move(value))) {}
  Boxed(const Boxed& other) : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  auto operator=(const Boxed& other) -> Boxed& { return *this = Boxed{other}; }
  auto operator=(Boxed&&) noexcept -> Boxed& = default;
  ~Boxed() = default;

  explicit operator bool() const { return held_ != nullptr; }
  auto operator*() const -> const T& { return *held_; }
  auto operator*() -> T& { return *held_; }
  auto operator->() const -> const T* { return held_.get(); }
  auto operator->() -> T* { return held_.get(); }
  // The value, or null.
  auto get() const -> const T* { return held_.get(); }

 private:
  std::unique_ptr<T> held_;
};

}  // namespace flow::ast
