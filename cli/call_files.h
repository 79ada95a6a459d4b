#pragma once
// Where a call leaves its files.

#include <string>

#include "cli/command_line.h"
#include "compiler/base/result.h"

namespace flow::cli {

struct CallFiles {
  std::string record, journal;  // empty: none is wanted
};

// `calls/<time>-<flow>.wav` and `.journal` for what the command line does not name; `none` wants none. Creates the
// folder `calls` if it is used. `time` is local, as 20261120-221500. R0504 if the folder cannot be made.
auto call_files(const Run& run, const std::string& time) -> Result<CallFiles>;

// Local time, as file names have it.
auto time_for_names() -> std::string;

// R0502 with the system's reason if it cannot be read.
auto read_file(const std::string& path) -> Result<std::string>;

// R0504 with the system's reason if it cannot be written.
auto write_file(const std::string& path, const std::string& text) -> Result<void>;

}  // namespace flow::cli
