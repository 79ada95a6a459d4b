#include "cli/console.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace flow::cli {
namespace {

auto columns_of_output() -> std::size_t {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

auto wants_colour(bool allowed) -> bool {
  const auto* refused = std::getenv("NO_COLOR");
  const auto* kind = std::getenv("TERM");
  return allowed && !(refused && *refused) && !(kind && std::string_view(kind) == "dumb");
}

}  // namespace

void Console::print(std::string_view text) const {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void Console::fail(const Error& error) const {
  const auto* red = colour_errors ? "\x1b[31m" : "";
  const auto* plain = colour_errors ? "\x1b[0m" : "";
  auto text = fmt::format("flowc: {}{} {}{}\n", red, error.code, error.text, plain);
  if (!error.hint.empty()) text += fmt::format("  {}\n", error.hint);
  text += fmt::format("  more: flowc explain {}\n", error.code);
  std::fflush(stdout);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

auto this_console(bool colour_allowed, bool quiet) -> Console {
  const bool output = isatty(STDOUT_FILENO) != 0;
  const bool colour = wants_colour(colour_allowed);
  return {
      .quiet = quiet,
      .terminal = output && isatty(STDIN_FILENO) != 0,
      .colour = colour && output,
      .colour_errors = colour && isatty(STDERR_FILENO) != 0,
      .width = output ? columns_of_output() : 0,
  };
}

}  // namespace flow::cli
