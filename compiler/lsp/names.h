#pragma once
// Every name of a program, and what it stands for there: for definitions, references, renaming, hover and colours.
//
// The tree is walked by reflection and the values of clauses are read with the attribute table, so that a construct that
// is added to the language is found as soon as it is in the tree, and a clause as soon as it is in the table.

#include <map>
#include <string_view>
#include <variant>
#include <vector>

#include "compiler/check/clauses.h"
#include "compiler/check/load.h"
#include "compiler/check/steps.h"

namespace flow::lsp {

// What a name stands for.
struct Thing {
  enum class Kind {
    Flow, Agent, Transfer, Tool, Policy, Type, Enum, EnumValue, State, Field, Parameter, Carried, FormField, Form, Realtime, Service, Channel, Rule,
    Module,  // an import, or what qualifies a name
    Clause,  // a word of the attribute table
    Step,    // the first word of a test's step
  };
  // Not every kind has a node of its own: an enum's value is its name alone.
  using Node = std::variant<std::monostate, const ast::FlowDecl*, const ast::AgentDecl*, const ast::TransferDecl*, const ast::ToolDecl*, const ast::PolicyDecl*,
                            const ast::TypeDecl*, const ast::EnumDecl*, const ast::EnumValue*, const ast::Field*, const ast::Form*, const ast::RealtimeDecl*,
                            const ast::ServiceDecl*, const ast::ChannelDecl*, const ast::RuleDecl*, const check::Module*, const check::ClauseInfo*>;
  Kind kind = Kind::Clause;
  std::string_view name;
  Span declared;  // its name where it is declared; of a module: the file's begin; of a clause and a step: none
  Node node;

  auto same(const Thing& other) const -> bool { return kind == other.kind && declared == other.declared && name == other.name; }
};
// "agent", "state field": as a reader is told.
auto describe(Thing::Kind kind) -> std::string_view;

struct Occurrence {
  Span at;
  Thing thing;
  bool declares = false;
};

class Names {
 public:
  explicit Names(const check::Checked& checked);

  // What stands at a byte, or right before it; the narrowest. Null if there is no name.
  auto at(FileId file, std::uint32_t byte) const -> const Occurrence*;
  // Where the thing is named, in the order of files and places.
  auto all_of(const Thing& thing) const -> std::vector<const Occurrence*>;
  auto all() const -> const std::vector<Occurrence>& { return all_; }

 private:
  std::vector<Occurrence> all_;
};

auto thing_of(const check::Symbol& symbol) -> Thing;
// The record whose fields a value of this type has, or null.
auto record_of(const check::Checked& checked, const ast::TypeRef& type) -> const ast::TypeDecl*;

}  // namespace flow::lsp
