#pragma once
// Tests that nobody has written: for each agent, edge, handler and policy cell that no test of a flow is in, a call that
// is. Every proposal was played and passes; what no call was found for is said.

#include <string>
#include <vector>

#include "compiler/ir/test.h"
#include "runtime/rehearse/coverage.h"

namespace flow::prove {

struct Generated {
  std::vector<ir::Test> tests;
  std::vector<std::string> open;   // what is left, a name each: `lookup: escalate`, `on provider_lost`
  rehearse::Covered covered;       // by these tests alone
};

// `covered`: what needs no more tests. `wanted`: what there is to cover, in the author's own files.
auto generate(const ir::Program& program, const rehearse::Covered& wanted, const rehearse::Covered& covered) -> Generated;

}  // namespace flow::prove
