#pragma once
// Flows as text that say everything the list of clauses says may be said: every clause, value and block of clauses.def, in
// any combination. They obey the syntax and the shapes; whether they make sense is another matter. The same seed gives the
// same text.

#include <cstdint>
#include <string>

namespace flow::test {

auto random_source(std::uint64_t seed) -> std::string;

}  // namespace flow::test
