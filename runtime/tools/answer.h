#pragma once
// What comes back from outside, as a value of the type that the tool declares.

#include <string_view>

#include "compiler/base/result.h"
#include "runtime/tools/doer.h"

namespace flow::tools {

inline constexpr std::size_t AnswerMax = std::size_t{1} << 20;  // bytes

// JSON, read for the tool's result: what is not declared is left out, and nothing at all is none where none may be. A
// tool whose result is text may also be given text that is no JSON. R0209 if it cannot be read; whether it is of the
// right type is for the runner to say.
auto read_answer(const ir::Program& program, const ir::Tool& tool, std::string_view text) -> Outcome;

// Without the fields that the type does not declare.
auto trimmed(const ir::Program& program, Value value, Id<ir::Type> type) -> Value;

// Whether it may go better next time: nobody was reached, or who was is busy.
auto worth_another_try(const Error& error) -> bool;

// The beginning of what somebody said, on one line, for a message.
auto shortened(std::string_view text, std::size_t length = 200) -> std::string;

}  // namespace flow::tools
