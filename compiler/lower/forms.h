#pragma once
// Forms: their fields as names, and what is asked, checked and submitted.

#include "compiler/lower/agents.h"

namespace flow::lower {

// A row for every form of an agent and of those it inherits from, with names and types alone: conditions may name them.
void declare_forms(Context& context);

// The names that an agent's forms are known by.
auto form_names(Context& context, Id<ir::Agent> agent) -> Locals;
// `request.done` in a test: the forms whose name no other agent's form has.
auto form_names(Context& context) -> Locals;

// Everything else, when tools and state have their rows.
void lower_forms(Context& context, const Carried& carried);

// The parameters of a form's function: what the caller may have said. `confirmed` is one of them if there is something
// to say yes to.
auto form_parameters(ir::Program& program, const ir::Form& form) -> std::vector<ir::Field>;

// What the model may set in the state, as the parameters of `remember`.
auto extracted_fields(ir::Program& program) -> std::vector<ir::Field>;

}  // namespace flow::lower
