#pragma once
// The keys of a phone.

#include <optional>

namespace flow::channels {

// 0 to 9, *, # and the rare A to D; small letters are taken for large ones.
constexpr auto as_digit(char key) -> std::optional<char> {
  if (key >= 'a' && key <= 'd') return static_cast<char>(key - 'a' + 'A');
  const bool known = (key >= '0' && key <= '9') || (key >= 'A' && key <= 'D') || key == '*' || key == '#';
  return known ? std::optional{key} : std::nullopt;
}

}  // namespace flow::channels
