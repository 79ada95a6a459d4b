#pragma once
// The options of the commands that look at flows and hold no call: each fills its values.

#include "cli/command_line.h"

namespace CLI {
class App;
}

namespace flow::cli {

void add_options(CLI::App& command, Check& check);
void add_options(CLI::App& command, Fmt& fmt);
void add_options(CLI::App& command, Fix& fix);
void add_options(CLI::App& command, Policy& policy);
void add_options(CLI::App& command, Graph& graph);
void add_options(CLI::App& command, Docs& docs);
void add_options(CLI::App& command, Diff& diff);
void add_options(CLI::App& command, New& created);
void add_options(CLI::App& command, Completions& completions);
void add_options(CLI::App& command, Lsp& lsp);

// The rows of `command_table`.
auto row_of(const CLI::App& command) -> CommandRow;

}  // namespace flow::cli
