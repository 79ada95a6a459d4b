#include "cli/raw_terminal.h"

#include <unistd.h>

namespace flow::cli {

RawTerminal::RawTerminal(int input) : input_(input) {
  termios settings{};
  if (::tcgetattr(input, &settings) != 0) return;
  before_ = settings;
  settings.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  ::tcsetattr(input, TCSANOW, &settings);
}

RawTerminal::~RawTerminal() {
  if (before_) ::tcsetattr(input_, TCSANOW, &*before_);
}

}  // namespace flow::cli
