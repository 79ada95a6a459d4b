#include <cstdio>

#include "cli/commands.h"
#include "compiler/base/match.h"

int main(int argc, char** argv) {
  using namespace flow;
  const auto line = cli::read_command_line({argv + 1, argv + argc});
  if (!line) {
    std::fputs(line.error().c_str(), stderr);
    return 2;
  }
  const auto console = cli::this_console(line->colour, line->quiet);
  return match(line->command, [&](const auto& command) { return cli::perform(command, console); });
}
