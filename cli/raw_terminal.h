#pragma once
// A terminal that gives every key at once and shows none of them, as long as this lives. Ctrl-C stays Ctrl-C.

#include <termios.h>

#include <optional>

namespace flow::cli {

class RawTerminal {
 public:
  explicit RawTerminal(int input);  // what is no terminal stays as it is
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  auto operator=(const RawTerminal&) -> RawTerminal& = delete;

 private:
  int input_;
  std::optional<termios> before_;
};

}  // namespace flow::cli
