#pragma once
// What a helpful model says that nobody has scripted.

#include <string>

#include "runtime/rehearse/stage.h"

namespace flow::rehearse {

// `last_words`: what it said last, to go on with.
auto helpful_answer(const ir::Program& program, const core::Session::State& state, const Asked& asked, const std::string& last_words) -> Answer;

}  // namespace flow::rehearse
