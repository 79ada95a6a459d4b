#pragma once
// What names mean, seen from each file: its own names win over imported ones, an imported name that two files declare
// must be written with its file's name before it (`orders.Order`), and imports are not passed on.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "compiler/ast/ast.h"

namespace flow::check {

// Names of different kinds do not meet: a tool and an agent may have the same name. Enums and types are one kind, and
// so are agents and transfers.
enum class NameKind { Type, State, Realtime, Service, Policy, Tool, Target, Channel, Rule, Flow };
auto describe(NameKind kind) -> std::string_view;  // "agent", "tool"

using Declaration =
    std::variant<const ast::EnumDecl*, const ast::TypeDecl*, const ast::Field*, const ast::RealtimeDecl*,
                 const ast::ServiceDecl*, const ast::PolicyDecl*, const ast::ToolDecl*, const ast::AgentDecl*,
                 const ast::TransferDecl*, const ast::ChannelDecl*, const ast::RuleDecl*, const ast::FlowDecl*>;

struct Symbol {
  NameKind kind;
  const ast::Name* name = nullptr;
  Declaration declaration;
};

// One file of the program.
struct Module {
  ast::File tree;
  std::string path;  // as it was opened
  std::string name;  // what qualifies its names: the file's stem, or the last part of the module's name
  bool standard = false;
  bool root = false;  // named by the user, not imported
  std::vector<const Module*> imports;
};

// Whether a name was found, and if not, why. `Silent`: an error that was reported elsewhere explains it (a file that
// could not be read may have declared it), so nobody says more.
struct Lookup {
  enum class State { Found, Unknown, Ambiguous, Silent };
  State state = State::Unknown;
  const Symbol* symbol = nullptr;               // of Found
  std::vector<const Module*> declared_in = {};  // of Ambiguous
};

class Scope {
 public:
  // Declares everything in `module`. A second name of a kind in one file is not entered; `on_duplicate` hears of it.
  using OnDuplicate = std::function<void(const Symbol& second, const Symbol& first)>;
  void declare(const Module& module, const OnDuplicate& on_duplicate);
  // Names that are not found from this file may be in a file that could not be read.
  void mark_incomplete(FileId file) { incomplete_.push_back(file); }

  // As `path` is seen from the file in which it is written (its span says which).
  auto look_up(NameKind kind, const ast::Path& path) const -> Lookup;

  // The declaration if it is of this type, or null. `scope.find<ast::AgentDecl>(NameKind::Target, path)`
  template <class T>
  auto find(NameKind kind, const ast::Path& path) const -> const T* {
    const auto found = look_up(kind, path);
    if (!found.symbol) return nullptr;
    const auto* declaration = std::get_if<const T*>(&found.symbol->declaration);
    return declaration ? *declaration : nullptr;
  }
  auto agent(const ast::Path& p) const { return find<ast::AgentDecl>(NameKind::Target, p); }
  auto transfer(const ast::Path& p) const { return find<ast::TransferDecl>(NameKind::Target, p); }
  auto tool(const ast::Path& p) const { return find<ast::ToolDecl>(NameKind::Tool, p); }
  auto policy(const ast::Path& p) const { return find<ast::PolicyDecl>(NameKind::Policy, p); }
  auto enumeration(const ast::Path& p) const { return find<ast::EnumDecl>(NameKind::Type, p); }
  auto record(const ast::Path& p) const { return find<ast::TypeDecl>(NameKind::Type, p); }
  auto realtime(const ast::Path& p) const { return find<ast::RealtimeDecl>(NameKind::Realtime, p); }
  auto service(const ast::Path& p) const { return find<ast::ServiceDecl>(NameKind::Service, p); }
  auto state(const ast::Path& p) const { return find<ast::Field>(NameKind::State, p); }  // its first part is enough

  // Every symbol of a kind that the file sees, its own first.
  auto visible(NameKind kind, FileId from) const -> std::vector<const Symbol*>;
  // The one a typist most likely meant, or null.
  auto nearest(NameKind kind, const ast::Path& path) const -> const Symbol*;
  auto module_of(FileId file) const -> const Module*;
  auto incomplete(FileId file) const -> bool;

 private:
  using Table = std::map<std::pair<NameKind, std::string_view>, std::unique_ptr<Symbol>>;
  struct PerFile {
    const Module* module = nullptr;
    Table symbols;
    std::vector<const Symbol*> order;
  };

  auto own(const Module& module, NameKind kind, std::string_view name) const -> const Symbol*;

  std::map<FileId, PerFile> files_;
  std::vector<FileId> incomplete_;
};

// The scalar types of the language: string, int, ..., json.
auto is_builtin_type(std::string_view name) -> bool;
auto builtin_types() -> const std::vector<std::string_view>&;

}  // namespace flow::check
