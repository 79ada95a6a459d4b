#pragma once
// Where the commands print: what the terminal can do, and how an error looks.

#include <cstddef>
#include <string_view>

#include "compiler/base/result.h"

namespace flow::cli {

struct Console {
  bool quiet = false;
  bool terminal = false;    // both input and output are one: somebody is there to type and read
  bool colour = false;      // of the output
  bool colour_errors = false;
  std::size_t width = 0;    // columns of the output; 0: it is no terminal

  // To the output, at once.
  void print(std::string_view text) const;
  // `flowc: R0501 what went wrong`, what to do about it, and where to read more.
  void fail(const Error& error) const;
};

// `colour_allowed`: no `--no-color`. NO_COLOR in the environment and a dumb terminal count too.
auto this_console(bool colour_allowed, bool quiet) -> Console;

}  // namespace flow::cli
