#pragma once
// Every name that is used must be declared, and be declared once. One question a function; what an earlier error
// explains (a file that could not be read, a declaration that broke off) is not said again.

#include "compiler/check/clauses.h"
#include "compiler/check/load.h"

namespace flow::check {

// Second declarations of a name, and names that cannot be given. Enters everything into the scope.
void declare_all(Checked& program);

// What the values of clauses refer to: agents, tools, policies, ...
void check_references(const std::vector<Reference>& references, Checked& program);

// Types of fields, parents of policies and agents, targets of `set` and `sets`.
void check_declared_names(const Module& module, Checked& program);

// Names in expressions and in the holes of texts.
void check_variables(const Module& module, Checked& program);

// Reports a name that was not found, with the nearest one that is. Says nothing about one that was.
void report_lookup(const Lookup& found, NameKind kind, const ast::Path& path, Checked& program);

}  // namespace flow::check
