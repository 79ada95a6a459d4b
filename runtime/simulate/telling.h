#pragma once
// Data as people say it.

#include <optional>
#include <string>
#include <string_view>

#include "compiler/ir/value.h"

namespace flow::simulate {

// A tool's result in one or two plain sentences: {"id": "42", "status": "shipped"} is "For 42, it is shipped."
// Long lists are cut and counted. Never empty.
auto tell(const Value& result) -> std::string;

// A text that may be JSON, have JSON in it, or be plain words. None: there is nothing in it to tell.
auto data_in(std::string_view text) -> std::optional<Value>;

// A result that only says that the real one is still to come.
auto is_pending(const Value& result) -> bool;

// What in `result` the words ask for: {"status": …, "eta_days": 2} and "when does the order arrive, what is the ETA".
// Empty: nothing.
auto tell_about(const Value& result, std::string_view asked) -> std::string;

}  // namespace flow::simulate
