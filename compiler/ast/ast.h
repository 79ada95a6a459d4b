#pragma once
// One source file as a tree of plain values, in the order of the source within each list. Nothing here is checked but
// the syntax: clauses are generic (name, values, `if`, `else`, block), and compiler/check/clauses says which there are.

#include <string>
#include <variant>
#include <vector>

#include "compiler/ast/expr.h"

namespace flow::ast {

// The lines of `///` right above, without the slashes; empty if there are none.
struct Doc {
  std::string text;
  Span at;
};

struct TypeRef {
  enum class Kind { Missing, Named, List };
  Kind kind = Kind::Missing;
  Path name;               // of Named
  Boxed<TypeRef> element;  // of List
  bool optional = false;   // `T?`
  Span at;
  auto missing() const -> bool { return kind == Kind::Missing; }
};

// ── Actions ──────────────────────────────────────────────────────────────────────────────────────────────────

struct Action;

struct Assignment {  // `verified = true`
  Path target;
  Expr value;
  Span at;
};
struct Do {  // `say "…"`, `run TOOL(…)`, `end_call "…"`: a verb of the clause table and its values
  Name verb;
  std::vector<Arg> args;
};
struct Goto {  // `handoff human`
  Path target;
};
struct Branch {  // `if EXPR { … } else { … }`
  Expr condition;
  std::vector<Action> then;
  std::vector<Action> otherwise;
};
struct Action {
  std::variant<Missing, Do, Goto, Assignment, Branch> node;
  Span at;
};

// ── What stands in blocks ────────────────────────────────────────────────────────────────────────────────────

struct Block;

// `name value, value if EXPR else ACTION { … }`. `fails` alone has its action as value: `actions`.
struct Clause {
  Doc doc;
  Name name;
  std::vector<Arg> args;
  std::vector<Action> actions;
  Boxed<Expr> condition;
  std::vector<Action> otherwise;
  bool has_else = false;
  Boxed<Block> block;
  Span at;
};

// `name: type marker = default "description"`; also of state (`persist …`) and of forms (`ask …`): then `args`
// holds the values after the type and the default, the description and the markers taken out.
struct Field {
  Doc doc;
  Name name;
  TypeRef type;
  std::optional<Span> pii;
  std::optional<Span> secret;
  Boxed<Expr> fallback;
  std::optional<Template> description;
  std::vector<Arg> args;
  std::vector<Action> otherwise;
  Span at;
};

struct Event {  // `silence 8s count 3`
  Name name;
  std::vector<Arg> args;
  Span at;
};

struct Trigger {
  enum class Kind { None, When, On, After };
  Kind kind = Kind::None;
  Template when;  // of When
  Event event;    // of On
  Expr after;     // of After
  Span at;
};

struct Form {
  Doc doc;
  Name name;
  std::vector<Field> fields;
  std::vector<Clause> clauses;
  Span at;
};

struct Handoff;
struct Handler;

// Everything between `{` and `}` of a declaration or a clause.
struct Block {
  std::vector<Clause> clauses;
  std::vector<Handoff> handoffs;
  std::vector<Handler> handlers;
  std::vector<Form> forms;
  std::vector<Assignment> sets;  // of all `sets`
  std::vector<Field> carries;    // of all `carry`
  Span at;
};

struct Handoff {
  Doc doc;
  Path target;  // an agent, a transfer, or `back`
  Trigger trigger;
  Boxed<Expr> guard;  // `if`
  Block block;
  Span at;
};

struct Handler {
  Doc doc;
  Event event;
  Boxed<Expr> guard;
  std::vector<Action> actions;
  Span at;
};

// ── Declarations ─────────────────────────────────────────────────────────────────────────────────────────────

struct FlowDecl {
  Doc doc;
  Name name;
  Block block;
  Span at;
};

struct Import {
  Path module;       // `std.policies`; missing if it is a file
  std::string file;  // "orders.flow", as written
  Span at;           // of the path or the text
};

struct EnumValue {
  Doc doc;
  Name name;
};
struct EnumDecl {
  Doc doc;
  Name name;
  std::vector<EnumValue> values;
  Span at;
};
struct TypeDecl {
  Doc doc;
  Name name;
  std::vector<Field> fields;
  Span at;
};
struct StateDecl {
  Doc doc;
  std::vector<Field> fields;
  Span at;
};

struct RealtimeDecl {
  Doc doc;
  Name name;
  Block block;
  Span at;
};
struct ServiceDecl {
  Doc doc;
  Name name;
  Block block;
  Span at;
};
struct TransferDecl {
  Doc doc;
  Name name;
  Block block;
  Span at;
};
struct ChannelDecl {
  Doc doc;
  Name name;
  Block block;
  Span at;
};

struct PolicyDecl {
  Doc doc;
  Name name;
  Path parent;
  Block block;
  Span at;
};  // a missing parent: none given

enum class EffectClass { Missing, Pure, Reads, Writes, WritesOnce };

struct ToolDecl {
  Doc doc;
  Name name;
  std::vector<Field> params;
  TypeRef result;  // missing: gives nothing
  EffectClass effect = EffectClass::Missing;
  Span effect_at;
  Block block;
  Span at;
};

struct AgentDecl {
  Doc doc;
  Name name;
  Path parent;
  Block block;
  Span at;
};

// Clauses of a rule and steps of a test are clauses like others; their order is that of the source.
struct RuleDecl {
  Doc doc;
  Name name;
  std::vector<Clause> clauses;
  Span at;
};
// What is said, in another language: each text of the program as it stands there, and what is said instead.
struct Translation {
  Template from;
  Template to;
  Span at;
};
struct LocaleDecl {
  Doc doc;
  std::string tag;  // `de-DE`
  Span tag_at;
  std::vector<Translation> texts;
  Span at;
};
struct TestDecl {
  Doc doc;
  std::string title;
  Span title_at;
  std::vector<Clause> steps;
  Span at;
};

struct File {
  FileId id;
  bool complete = true;  // false: a declaration was not understood, so that names may be missing
  std::vector<FlowDecl> flows;
  std::vector<Import> imports;
  std::vector<EnumDecl> enums;
  std::vector<TypeDecl> types;
  std::vector<StateDecl> states;
  std::vector<RealtimeDecl> realtimes;
  std::vector<ServiceDecl> services;
  std::vector<TransferDecl> transfers;
  std::vector<ChannelDecl> channels;
  std::vector<PolicyDecl> policies;
  std::vector<ToolDecl> tools;
  std::vector<AgentDecl> agents;
  std::vector<Handoff> handoffs;  // of every agent
  std::vector<Handler> handlers;  // of the program
  std::vector<RuleDecl> rules;
  std::vector<LocaleDecl> locales;
  std::vector<TestDecl> tests;
};

}  // namespace flow::ast
