#pragma once
// Can a rule be broken? Every call that the program allows is gone through, as far as the rule can tell them apart: who
// has the call, what the state holds, which tools were started, and how far the rule's own condition has come.
//
// What the model asks for the runtime refuses while the rule forbids it (runtime/core/rules.cpp). So a rule is broken by
// what the program does by itself: a handler or a policy that runs the tool, an edge that needs no model.

#include <string>
#include <vector>

#include "compiler/ir/ir.h"

namespace flow::review {

struct RuleStep {
  std::string text;
  Span at;
};

struct RuleVerdict {
  std::vector<RuleStep> breach;  // the shortest call that breaks the rule; empty: none does
  bool complete = true;          // false: there is too much to go through, and nothing else here counts
  bool offered = false;          // somebody has what the rule is about, or does it
  bool asked_for = false;        // ... and but for the rule it could come about
  bool happens = false;          // ... and it does in some call that keeps the rule
  bool forbids = false;          // there are moments at which the rule would forbid it, whether or not it is asked for
};

// Of rules that are enforced; `Reaches` is a matter of the graph.
auto search(const ir::Program& program, const ir::Rule& rule) -> RuleVerdict;

// What a rule speaks of, as its author would: `cancel_order`, `fraud`, "these words".
auto shown(const ir::Program& program, const ir::Deed& deed) -> std::string;

}  // namespace flow::review
