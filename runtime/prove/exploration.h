#pragma once
// Every call of a flow in which so many things happen, at every moment that makes a difference, held by the session that
// holds live calls. Bounded by moments and never by the clock: the same flow gives the same search on every machine.

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/prove/branch.h"

namespace flow::prove {

struct Bound {
  int deeds = 3;                      // that happen in one call, beyond what brought it to where it begins
  std::uint64_t moments = 80'000;     // looked at in all; what is not looked at by then is not looked at
};

// A law that some call breaks, and the first such call that was met: none is shorter.
struct Broken {
  std::string law;
  std::vector<Done> path;
};

struct Explored {
  std::uint64_t moments = 0;          // different ones that were looked at
  std::uint64_t steps = 0;            // events that the session took
  int deeds = 0;                      // every call with so many was looked at ...
  bool complete = false;              // ... which is as many as was asked for
  std::size_t starts = 0;             // where calls began: at the first ring, whatever was so before it, and at rest with each
                                      // kind of agent, as far as each has come with its forms
  std::size_t tools = 0, tool_kinds = 0, agents = 0, agents_reached = 0;
  std::vector<Broken> broken;         // one for each law
};

// `deeds` must be of `program`; both must outlive what is found.
auto explore(const ir::Program& program, const Deeds& deeds, const Bound& bound = {}) -> Explored;

}  // namespace flow::prove
