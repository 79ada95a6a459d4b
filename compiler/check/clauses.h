#pragma once
// The attribute table: every clause of every block, every action and every event, from one list (clauses.def).
// The generic check, hints, documentation and lowering all read it. It says what may be written; what the written
// means is for lowering.

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/base/source.h"
#include "compiler/diag/diag.h"

namespace flow::check {

// Where a clause stands. `Nowhere` is the block of a clause that takes none.
enum class Where {
  Nowhere,
  Flow,
  Realtime,
  Service,
  Policy,
  Tool,
  Agent,
  Handoff,
  Transfer,
  Channel,
  Rule,
  Test,
  State,
  Form,
  FormField,  // `persist`, `extract`; clauses of a form; `ask`, `check` of its fields
  Action,
  Event,  // `say`, `end_call`; `silence`, `dtmf`
  TurnDetection,
  BargeIn,
  Http,
  Batch,
  Exec,
  OAuth,
  Telemetry,
  Price,  // blocks of clauses
};
// As a message says it: "an agent", "a policy".
auto describe(Where where) -> std::string_view;

enum class Times {
  Once,  // a second one is an error
  Each,  // once for each first word (`greet first`, `greet return`)
  Many,
};

struct ClauseInfo {
  Where where;
  std::string_view name;
  // How it is written, in a notation that is both shown and matched (shape.h).
  std::string_view shape;
  Where block;  // what stands in its `{ }`
  Times times;
  std::string_view fallback;  // the default as it would be written; empty: none
  int since;                  // edition
  bool runs;                  // whether this version runs it; if not, writing it is F0901
  std::string_view doc;       // one line
};

namespace clauses {
auto all() -> const std::vector<ClauseInfo>&;
// Null if `where` has no such clause.
auto find(Where where, std::string_view name) -> const ClauseInfo*;
auto names(Where where) -> std::vector<std::string_view>;
// The table of docs/reference/language.md between its marks: one row a clause.
auto as_markdown(Where where) -> std::string;
}  // namespace clauses

// What a value refers to; looked up when all files are known (names.h).
struct Reference {
  enum class Kind { Agent, Target, Tool, Policy, Realtime, Service, Deed /* a tool, or a target */ };
  Kind kind;
  ast::Path path;
};

// Checks every clause, action and event of a file against the table: unknown ones, wrong values, second ones, missing
// ones, and what this version cannot run. Gives what their values refer to.
auto check_clauses(const ast::File& file, const SourceFile& source, diag::Report& report) -> std::vector<Reference>;

}  // namespace flow::check
