#pragma once
// Source files to a program that verifies: load, check, type check, lower.
//
//   auto compiled = lower::compile("support.flow");
//   for (const auto& d : compiled.checked.report.sorted()) …   // diag/render.h shows them
//   if (compiled.program) …                                     // no error was reported, and it is a flow
//
// Reads files and nothing else. Never throws; any thread.

#include <optional>
#include <string>
#include <vector>

#include "compiler/check/load.h"
#include "compiler/ir/ir.h"
#include "compiler/ir/test.h"

namespace flow::lower {

struct Compiled {
  check::Checked checked;              // the sources and the report, for messages
  std::optional<ir::Program> program;  // set unless there are errors
  ir::Tests tests;                     // with a program: what `flowc test` runs
};

// One entry file, which must declare a `flow`.
auto compile(const std::string& path, const check::LoadOptions& options = {}) -> Compiled;

// All that can be said about several files; one without a `flow` is a library and only checked.
auto check_files(const std::vector<std::string>& paths, const check::LoadOptions& options = {}) -> check::Checked;

// The same, with the program of every file that declares a `flow` and has no error, nor has any file that it imports.
struct CompiledFiles {
  check::Checked checked;
  std::vector<ir::Program> programs;  // in the order of the paths
};
auto compile_files(const std::vector<std::string>& paths, const check::LoadOptions& options = {}) -> CompiledFiles;

// The second half alone, for a root that is loaded. Nothing if there are errors or it declares no `flow`. What comments
// allow (check/allowed.h) is still in the report.
auto lower(check::Checked& checked, const check::Module& root, const check::LoadOptions& options = {}) -> std::optional<ir::Program>;

}  // namespace flow::lower
