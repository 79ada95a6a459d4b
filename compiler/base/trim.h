#pragma once

#include <string_view>

namespace flow {

// Without the blanks and line ends around it.
constexpr auto trimmed(std::string_view text) -> std::string_view {
  constexpr std::string_view Blank = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(Blank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(Blank) - first + 1);
}

}  // namespace flow
