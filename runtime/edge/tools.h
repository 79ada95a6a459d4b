#pragma once
// The tools of a program, run beside the loop.

#include "runtime/edge/call.h"
#include "runtime/tools/runner.h"

namespace flow::edge {

// `setup.report` is filled in for each call.
auto run_tools(tools::Setup setup) -> MakeTools;

}  // namespace flow::edge
