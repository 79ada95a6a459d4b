#pragma once
// Tools: their signatures first, because actions anywhere may run them, then what is in their blocks.

#include "compiler/lower/context.h"

namespace flow::lower {

// A row for every tool of the files, with name, parameters and result.
void declare_tools(Context& context);
void lower_tools(Context& context);

// `lookup_orders, calendar.*, not calendar.delete`: the tools that an agent's clause names, each once.
auto tool_list(Context& context, const ast::Clause& clause) -> std::vector<Id<ir::Tool>>;

}  // namespace flow::lower
