#pragma once
// A flow for people who do not read flows: who speaks, what they can do, when the call moves, what is said word for word,
// and what is remembered of the caller.

#include <string>

#include "compiler/ir/ir.h"
#include "compiler/view/document.h"

namespace flow::view {

// `about`: the flow's own doc comment, or empty.
auto reference_of(const ir::Program& program, const std::string& about) -> Document;

// Parts of it, for the pages of the graph.
void describe_agent(const ir::Program& program, Id<ir::Agent> agent, Document& out);
void describe_tool(const ir::Program& program, Id<ir::Tool> tool, Document& out);
void describe_transfer(const ir::Program& program, const ir::Transfer& transfer, Document& out);
void describe_handoff(const ir::Program& program, const ir::Handoff& handoff, Document& out);

// "the caller has said nothing for 8 s, the third time in a row".
auto in_words(const ir::EventPattern& event) -> std::string;

}  // namespace flow::view
