#pragma once
// The tests of a flow, disturbed: at every moment of each something breaks in that its author did not think of, a caller
// who interrupts or is gone, a result, a lost connection; then at two moments at once. What must follow then is only
// what must follow in every call: the laws.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "compiler/ir/test.h"

namespace flow::prove {

struct Fuzzed {
  std::uint64_t tried = 0;     // calls
  std::string law;             // of the first that broke one; empty: none did
  ir::Test test;               // ... made as small as it goes
};

// Singles first, then `pairs` of two that `seed` chooses. `still_wanted` is asked before each call.
auto fuzz(const ir::Program& program, const ir::Test& test, int pairs, std::uint64_t seed, const std::function<bool(std::uint64_t tried)>& still_wanted) -> Fuzzed;

}  // namespace flow::prove
