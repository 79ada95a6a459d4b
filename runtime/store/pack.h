#pragma once
// Events and effects as one line of text and back, field by field, without a line of code for any of them.
//
// A line is JSON: `["ToolFinished",3,1,{"id":"A1"}]` is the alternative's name and its fields in the order of the
// header. Enumerators are their names, ids and counts their numbers, durations whole milliseconds. The same value gives
// the same bytes, and reading gives the same value back, whatever bytes its texts hold.

#include <string>
#include <string_view>

#include "compiler/base/result.h"
#include "runtime/core/effect.h"
#include "runtime/core/event.h"

namespace flow::store {

// Appends to `out`. A number that is not finite becomes null; neither wire nor tools let one in.
void pack(const core::Event& event, std::string& out);
void pack(const core::Effect& effect, std::string& out);
void pack(const core::EffectList& effects, std::string& out);  // a list of them

// Any bytes may be given. R0402 names the place in bytes from the start.
auto unpack_event(std::string_view text) -> Result<core::Event>;
auto unpack_effect(std::string_view text) -> Result<core::Effect>;
auto unpack_effects(std::string_view text) -> Result<core::EffectList>;

// Nesting of a Value that can be read; deeper ones are refused, not followed.
inline constexpr int ValueDepthMax = 64;

}  // namespace flow::store
