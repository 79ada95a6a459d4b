#pragma once
// What a line typed at a terminal means. Pure.

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/core/event.h"

namespace flow::channels {

// For the person at the terminal: what could not be done with a line, or what can be typed.
struct Notice {
  std::string text;
  auto operator==(const Notice&) const -> bool = default;
};
using Typed = std::variant<core::TextTyped, core::DigitPressed, core::CallerHungUp, Notice>;

// One line without its end. Words are the caller's; `/dtmf 12#`, `/hangup`, `/say words` and `/help` are commands.
// Nothing for a line of spaces.
auto read_typed_line(std::string_view line) -> std::vector<Typed>;

// Longer lines are refused: nobody says that much in one breath.
inline constexpr std::size_t TypedLineMax = 4000;

// Cuts a stream of bytes into lines.
class Lines {
 public:
  // Appends the lines that `bytes` complete, without `\n` or `\r\n`. Of a line that is too long only the first
  // TypedLineMax + 1 bytes are kept.
  void add(std::string_view bytes, std::vector<std::string>& lines);
  // What came after the last line's end.
  auto rest() -> std::string;

 private:
  std::string line_;
};

}  // namespace flow::channels
