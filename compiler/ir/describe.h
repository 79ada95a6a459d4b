#pragma once
// Types, expressions, times and events as an author writes them, for comments in the text form and for messages.

#include <string>

#include "compiler/ir/ir.h"

namespace flow::ir {

// `[Order]`, `Customer?`, `string`.
auto describe(const Program& program, Id<Type> type) -> std::string;

// `caller.tier == "gold"`. What goes on for long is cut off with `…`.
auto describe(const Program& program, Id<Expr> expr) -> std::string;

// `400ms`, `2.9s`, `8s`, `2m`
auto describe(Millis time) -> std::string;

// `silence 8s count 3`
auto describe(const EventPattern& event) -> std::string;

}  // namespace flow::ir
