#pragma once
// A call that was met in an exploration, as a test: the same things at the same times. Then as few and as simple ones as
// still break the law.

#include <string>

#include "runtime/prove/branch.h"

namespace flow::prove {

// `caller waits …`, for so long that whatever is owed to them must have come.
auto long_silence() -> ir::TestStep;

auto script_of(const ir::Program& program, const std::vector<Done>& path) -> ir::Test;

// Adds `tool … never returns` for every tool that runs and of which nothing is said, and `transfer … never answers`.
void complete_script(const ir::Program& program, ir::Test& test);

// The law that `flowc test` sees broken in this test; empty: none.
auto broken_law(const ir::Program& program, const ir::Test& test) -> std::string;
// Whether it is this one.
auto breaks(const ir::Program& program, const ir::Test& test, const std::string& law) -> bool;

// The smallest test that was found which tells the call that broke the law, named by it; nothing if no test does: times of
// tests are those of people.
auto told(const ir::Program& program, const std::vector<Done>& path, const std::string& law) -> std::optional<ir::Test>;

// The smallest test that was found which breaks the law; `test` must.
auto shrunk(const ir::Program& program, ir::Test test, const std::string& law) -> ir::Test;

}  // namespace flow::prove
