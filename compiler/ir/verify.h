#pragma once
// What the runtime relies on and therefore does not check again. The compiler asserts it of its own output; a program
// that comes from a file must pass before it is run.
//
//  - every id points into its table; ids that may point nowhere are those that ir.h calls optional
//  - expressions and types point backwards only; an expression is part of at most one other; records end
//  - every operation has its operands; what a `kind` does not use is empty
//  - names are there and unique where they are looked up; numbers are in range; a start agent exists
//  - nesting of conditions and expressions is limited, so that recursion over a program is safe

#include <string>
#include <vector>

#include "compiler/ir/ir.h"

namespace flow::ir {

// One sentence a problem, with the place: "tool #2 `pay`: policy: there is no policy #9". Empty: the program is good.
// At most `ProblemsMax` are given.
inline constexpr std::size_t ProblemsMax = 100;
auto verify(const Program& program) -> std::vector<std::string>;

inline constexpr int ExprDepthMax = 700;
inline constexpr int TypeDepthMax = 24;
inline constexpr int ConditionDepthMax = 220;

}  // namespace flow::ir
