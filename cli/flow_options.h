#pragma once
// The options of the commands that look at flows and hold no call: each fills its values.

#include "cli/command_line.h"

namespace CLI {
class App;
}

namespace flow::cli {

void add_options(CLI::App& command, Check& check);

}  // namespace flow::cli
