#pragma once
// What `flowc check` finds by exploring the calls of a flow: broken laws as messages with a test, and what was covered.

#include <string>
#include <vector>

#include "compiler/check/load.h"
#include "compiler/diag/diag.h"
#include "runtime/prove/exploration.h"

namespace flow::cli {

struct FlowExplored {
  std::string flow;         // its name
  prove::Explored found;
  std::vector<diag::Diagnostic> broken;  // R0606; the last argument is the test
};

// `checked`: what the program was made of.
auto explore_flow(const ir::Program& program, const check::Checked& checked, const prove::Bound& bound) -> FlowExplored;

// The tests of the broken laws, as they may be written into a flow; then what was explored, a line a flow.
auto explored_as_text(const std::vector<FlowExplored>& flows) -> std::string;
// The same numbers, as the value of `explored` in the JSON of a check.
auto explored_as_json(const std::vector<FlowExplored>& flows) -> std::string;

}  // namespace flow::cli
