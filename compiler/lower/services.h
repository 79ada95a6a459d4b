#pragma once
// Services, and the work of tools that a service or a program does: what is written, checked against what it needs.

#include "compiler/lower/expressions.h"

namespace flow::lower {

// A row for every service that says where it is.
void lower_services(Context& context);

// What the tool's `http`, `mcp`, `exec`, `sql` or `batch` says; sets the row's body. Nothing to do for other tools.
// What is wrong is reported. Comes after the tool's parameters and its result.
void lower_work(Context& context, const ast::ToolDecl& tool, Id<ir::Tool> row);

}  // namespace flow::lower
