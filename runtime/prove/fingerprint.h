#pragma once
// When two moments of two calls are one: the number by which an exploration knows that it has been here.
//
// In it is all that the session decides by. Left out are texts, the history, and how long ago or ahead things are: only
// their order counts. Ids are numbered by their place, so that the third lookup of one call is the first of another.
// What a session learns to decide by must be added here, or calls that differ in nothing else count as explored.

#include <cstdint>

#include "runtime/rehearse/stage.h"

namespace flow::prove {

auto fingerprint(const rehearse::Stage& stage) -> std::uint64_t;

}  // namespace flow::prove
