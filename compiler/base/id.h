#pragma once
// Typed indices into flat tables: an agent's id cannot be taken for a tool's.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace flow {

// The place of a `T` in its table. A default-made id points nowhere.
template <class T>
struct Id {
  static constexpr std::uint32_t Nowhere = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t index = Nowhere;

  constexpr explicit operator bool() const { return index != Nowhere; }
  auto operator<=>(const Id&) const = default;
};

// A vector that is indexed by the ids it gave out.
template <class T>
class Table {
 public:
  auto add(T value) -> Id<T> {
    rows_.push_back(std::move(value));
    return Id<T>{static_cast<std::uint32_t>(rows_.size() - 1)};
  }
  auto operator[](Id<T> id) const -> const T& { return rows_.at(id.index); }
  auto operator[](Id<T> id) -> T& { return rows_.at(id.index); }
  auto has(Id<T> id) const -> bool { return id.index < rows_.size(); }
  auto size() const -> std::size_t { return rows_.size(); }
  auto empty() const -> bool { return rows_.empty(); }
  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }
  auto begin() { return rows_.begin(); }
  auto end() { return rows_.end(); }
  auto id_at(std::size_t index) const -> Id<T> { return Id<T>{static_cast<std::uint32_t>(index)}; }
  auto operator==(const Table&) const -> bool = default;

 private:
  std::vector<T> rows_;
};

}  // namespace flow
