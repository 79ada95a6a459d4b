#pragma once
// Services, and the work of tools that a service or a program does: what is written, checked against what it needs.

#include "compiler/lower/expressions.h"

namespace flow::lower {

// A text, `env("NAME")` or `secret("NAME")`; an empty text where there is nothing.
auto setting(check::Args& args) -> ir::Setting;

// A row for every service that says where it is.
void lower_services(Context& context);

// The row of a service of this kind, which `clause` needs, or nothing, which was reported.
auto service_row(Context& context, const ast::Path& path, const ast::Clause& clause, ir::Service::Kind kind) -> Id<ir::Service>;

// What the tool's `http`, `mcp`, `exec`, `sql` or `batch` says; sets the row's body. Nothing to do for other tools.
// What is wrong is reported. Comes after the tool's parameters and its result.
void lower_work(Context& context, const ast::ToolDecl& tool, Id<ir::Tool> row);

}  // namespace flow::lower
