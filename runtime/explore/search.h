#pragma once
// Runs of a session in its world: every one in a small scope, or one from a seed.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "runtime/explore/laws.h"
#include "runtime/explore/world.h"

namespace flow::explore {

// One branch: a session, its world, and who watches.
struct Branch {
  core::Session session;
  World world;
  Laws laws;

  Branch(const ir::Program& program, std::vector<std::string> functions) : session(program), world(std::move(functions)), laws(program) {}
  // Makes one move. Empty, or the law it broke.
  auto make(const Move& move) -> std::string;
};

// A run that broke a law: what to read, and what to paste.
struct Broken {
  std::string law;
  std::vector<std::string> moves;  // one line each, with its time
};

using Scope = std::function<bool(const Move&)>;

struct Searched {
  std::uint64_t runs = 0;   // moves made in all
  std::vector<Broken> broken;
};

// Every run of at most `depth` moves from `start`, as far as `scope` allows the moves; stops at the first broken law.
auto search(const Branch& start, const Scope& scope, int depth) -> Searched;

// One run of `moves` random moves, then a world that behaves until the caller hangs up and all has ended.
auto simulate(const Branch& start, std::uint64_t seed, int moves) -> std::optional<Broken>;

}  // namespace flow::explore
