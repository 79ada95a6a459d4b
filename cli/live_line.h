#pragma once
// The last line of a terminal, which changes in place while the call's lines go by above it.

#include <string>
#include <string_view>

#include "cli/console.h"

namespace flow::cli {

class LiveLine {
 public:
  explicit LiveLine(const Console& console) : console_(console) {}

  // One line. Nothing is shown where there is no terminal, or one too narrow for it.
  void show(std::string text);
  // Prints `text`, whole lines, above it.
  void print_above(std::string_view text);
  // Takes it away until it is shown again.
  void clear();

 private:
  const Console& console_;
  std::string text_;  // empty: it is not on the screen
};

}  // namespace flow::cli
