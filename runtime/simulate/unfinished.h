#pragma once
// Whether somebody who has fallen silent was going to say more, judged by the words so far. What semantic turn detection
// asks; a wrong yes costs the caller seconds, a wrong no cuts them off.

#include <string_view>

namespace flow::simulate {

// `words`: as they were written, or recognised, then without case and marks. None: nothing speaks for more.
//
// A sentence without a verb is not held against the caller: "the red boots" answers a question.
auto sounds_unfinished(std::string_view words) -> bool;

}  // namespace flow::simulate
