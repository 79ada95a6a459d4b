#pragma once
// Where the calls of a flow come from, as far as `flowc run` is concerned.

#include <string>

#include "compiler/ir/ir.h"

namespace flow::cli {

// The first microphone that takes calls; null: there is none.
auto microphone_of(const ir::Program& program) -> const ir::Channel*;

// "`line` is the phone +15550100, `room` is a microphone and takes no calls".
auto channels_in_words(const ir::Program& program) -> std::string;

// What a call that comes from nowhere real stands for; empty if there is nothing to say.
auto rehearsal_of(const ir::Program& program) -> std::string;

}  // namespace flow::cli
