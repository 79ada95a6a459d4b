#pragma once
// Where the calls of a flow come from, as far as `flowc run` is concerned.

#include <string>

#include "compiler/base/result.h"
#include "compiler/ir/ir.h"

namespace flow::cli {

// The channel that a call stands for: that of this name, whether it takes calls or not; without a name the first one that
// does: by `device` a microphone, else a phone, else a page. Null: a call like none of them. R0521, R0522.
auto channel_of(const ir::Program& program, const std::string& name, bool device) -> Result<const ir::Channel*>;

// "`line` is the phone +15550100, `room` is a microphone and takes no calls".
auto channels_in_words(const ir::Program& program) -> std::string;

// What a call that comes from nowhere real stands for; empty if there is nothing to say.
auto rehearsal_of(const ir::Channel* channel) -> std::string;

}  // namespace flow::cli
