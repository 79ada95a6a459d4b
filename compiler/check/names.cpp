#include "compiler/check/names.h"

#include <fmt/format.h>
#include <map>
#include <set>

#include "compiler/diag/nearest.h"

namespace flow::check {
namespace {

using diag::Kind;
using diag::Name;
using diag::Text;

void second(const ast::Name& name, const ast::Name& first, std::string_view kind, diag::Report& report) {
  report.add(name.at, diag::DuplicateName, Kind{std::string{kind}}, Name{name.text})
      .note(first.at, "the first is here");
}

// Names of one list: fields, parameters, values.
template <class T>
void unique(const std::vector<T>& list, std::string_view kind, diag::Report& report) {
  std::map<std::string_view, const ast::Name*> seen;
  for (const auto& each : list) {
    if (each.name.missing()) continue;
    const auto [first, fresh] = seen.emplace(each.name.text, &each.name);
    if (!fresh) second(each.name, *first->second, kind, report);
  }
}

void unique_parts(const ast::File& file, diag::Report& report) {
  for (const auto& each : file.enums) unique(each.values, "value", report);
  for (const auto& each : file.types) unique(each.fields, "field", report);
  for (const auto& each : file.tools) unique(each.params, "parameter", report);
  for (const auto& each : file.handoffs) unique(each.block.carries, "carried value", report);
  for (const auto& each : file.agents) {
    for (const auto& handoff : each.block.handoffs) unique(handoff.block.carries, "carried value", report);
    unique(each.block.forms, "form", report);
    for (const auto& form : each.block.forms) unique(form.fields, "field", report);
  }
}

// Words that mean something where such a name is used.
void reserved_names(const ast::File& file, diag::Report& report) {
  const auto type_name = [&](const ast::Name& name) {
    if (is_builtin_type(name.text)) report.add(name.at, diag::BuiltinType, Name{name.text});
  };
  for (const auto& each : file.enums) type_name(each.name);
  for (const auto& each : file.types) type_name(each.name);
  for (const auto& each : file.agents) {
    if (each.name.text == "back")
      report.add(each.name.at, diag::ReservedName, Name{"back"},
                 Text{"an agent: `handoff back` goes to the agent before"});
  }
  for (const auto& agent : file.agents) {
    for (const auto& form : agent.block.forms) {
      if (form.name.text == "call") report.add(form.name.at, diag::ReservedName, Name{"call"}, Text{"a form: `call.from` and others tell about the call"});
      for (const auto& each : form.fields) {
        if (each.name.text == "done" || each.name.text == "result" || each.name.text == "confirmed") {
          report.add(each.name.at, diag::ReservedName, Name{each.name.text}, Text{"a field of a form: every form has one of that name"});
        }
      }
    }
  }
  for (const auto& state : file.states) {
    for (const auto& each : state.fields) {
      if (each.name.text == "call")
        report.add(each.name.at, diag::ReservedName, Name{"call"},
                   Text{"a state field: `call.from` and others tell about the call"});
    }
  }
}

// A call has one state: two files of a program cannot both declare a field of the same name.
void one_state(const Module& root, Checked& program) {
  std::map<std::string_view, const ast::Name*> seen;
  for (const auto* module : program.closure(root)) {
    for (const auto& state : module->tree.states) {
      for (const auto& field : state.fields) {
        if (field.name.missing()) continue;
        const auto [first, fresh] = seen.emplace(field.name.text, &field.name);
        const bool same_file = first->second->at.file == field.name.at.file;  // reported by Scope::declare
        if (!fresh && !same_file) second(*first->second, field.name, describe(NameKind::State), program.report);
      }
    }
  }
}

auto kind_of(Reference::Kind kind) -> NameKind {
  switch (kind) {
    case Reference::Kind::Agent:
    case Reference::Kind::Target: return NameKind::Target;
    case Reference::Kind::Tool: return NameKind::Tool;
    case Reference::Kind::Policy: return NameKind::Policy;
    case Reference::Kind::Realtime: return NameKind::Realtime;
    case Reference::Kind::Service: return NameKind::Service;
    case Reference::Kind::Deed: return NameKind::Tool;
  }
  return NameKind::Target;
}

class DeclaredNames {
 public:
  DeclaredNames(const Module& module, Checked& program) : file_(module.tree), program_(program) {}

  void run() {
    for (const auto& each : file_.types) types(each.fields);
    for (const auto& each : file_.states) types(each.fields);
    for (const auto& each : file_.tools) {
      types(each.params);
      type(each.result);
      targets(each.block.sets);
    }
    for (const auto& each : file_.handoffs) types(each.block.carries);
    for (const auto& each : file_.handlers) targets(each.actions);
    for (const auto& each : file_.policies) {
      look_up(NameKind::Policy, each.parent);
      cycle(each);
      targets(each.block);
    }
    for (const auto& each : file_.tools) targets(each.block);
    for (const auto& each : file_.transfers) targets(each.block);
    for (const auto& each : file_.agents) {
      look_up(NameKind::Target, each.parent);
      for (const auto& handoff : each.block.handoffs) types(handoff.block.carries);
      for (const auto& form : each.block.forms) {
        types(form.fields);
        for (const auto& field : form.fields) targets(field.otherwise);
        for (const auto& clause : form.clauses) targets(clause.otherwise);
      }
      for (const auto& handler : each.block.handlers) targets(handler.actions);
    }
  }

 private:
  void look_up(NameKind kind, const ast::Path& path) {
    if (!path.missing()) report_lookup(program_.scope.look_up(kind, path), kind, path, program_);
  }

  void types(const std::vector<ast::Field>& fields) {
    for (const auto& field : fields) type(field.type);
  }

  void type(const ast::TypeRef& ref) {
    if (ref.kind == ast::TypeRef::Kind::List && ref.element) return type(*ref.element);
    if (ref.kind != ast::TypeRef::Kind::Named || (ref.name.simple() && is_builtin_type(ref.name.text()))) return;
    const auto found = program_.scope.look_up(NameKind::Type, ref.name);
    // Only of an unknown name is a near one looked for: that compares it with every type there is.
    const bool unknown = found.state == Lookup::State::Unknown;
    const auto near = unknown ? diag::nearest(ref.name.text(), builtin_types()) : std::nullopt;
    if (near && !program_.scope.nearest(NameKind::Type, ref.name)) {
      program_.report.add(ref.name.at, diag::UnknownName, Kind{"type"}, Name{ref.name.text()})
          .fix(ref.name.at, std::string{*near});
      return;
    }
    report_lookup(found, NameKind::Type, ref.name, program_);
  }

  // Only state can be set, or a part of it.
  void target(const ast::Path& path) {
    if (!path.missing()) look_up(NameKind::State, ast::Path{{path.parts[0]}, path.parts[0].at});
  }
  void targets(const std::vector<ast::Assignment>& sets) {
    for (const auto& each : sets) target(each.target);
  }
  void targets(const std::vector<ast::Action>& actions) {
    for (const auto& each : actions) {
      if (const auto* set = std::get_if<ast::Assignment>(&each.node)) target(set->target);
      if (const auto* branch = std::get_if<ast::Branch>(&each.node)) {
        targets(branch->then);
        targets(branch->otherwise);
      }
    }
  }
  void targets(const ast::Block& block) {
    for (const auto& clause : block.clauses) {
      targets(clause.actions);
      targets(clause.otherwise);
      if (clause.block) targets(*clause.block);
    }
  }

  // Follows the parents; reported once, at the policy of the circle that comes first in its file.
  void cycle(const ast::PolicyDecl& start) {
    std::set<const ast::PolicyDecl*> seen;
    for (const auto* each = &start; each && !each->parent.missing(); each = program_.scope.policy(each->parent)) {
      if (!seen.insert(each).second) {
        if (each != &start) return;
        const auto first = std::min_element(seen.begin(), seen.end(), [](auto* a, auto* b) { return a->at < b->at; });
        if (*first == &start)
          program_.report.add(start.parent.at, diag::InheritanceCycle, Kind{"policy"}, Name{start.name.text});
        return;
      }
    }
  }

  const ast::File& file_;
  Checked& program_;
};

// The name stands in a file that this one imports by way of another.
auto not_imported(NameKind kind, const ast::Path& path, const Checked& program) -> const Symbol* {
  const auto* here = program.scope.module_of(path.at.file);
  if (!here) return nullptr;
  for (const auto* module : program.closure(*here)) {
    for (const auto* symbol : program.scope.visible(kind, module->tree.id)) {
      if (symbol->name->text == path.text()) return symbol;
    }
  }
  return nullptr;
}

}  // namespace

void report_lookup(const Lookup& found, NameKind kind, const ast::Path& path, Checked& program) {
  if (found.state == Lookup::State::Found || found.state == Lookup::State::Silent) return;
  if (found.state == Lookup::State::Ambiguous) {
    const auto qualified = found.declared_in.front()->name + "." + path.text();
    auto added = program.report.add(path.at, diag::AmbiguousName, Name{path.text()}, Name{qualified});
    for (const auto* module : found.declared_in)
      added.note({module->tree.id, 0, 0}, fmt::format("`{}.{}`", module->name, path.text()));
    return;
  }
  auto added = program.report.add(path.at, diag::UnknownName, Kind{std::string{describe(kind)}}, Name{path.text()});
  if (const auto* elsewhere = not_imported(kind, path, program)) {
    added.note(elsewhere->name->at, "this one? Its file is not imported here; imports are not passed on");
    return;
  }
  if (const auto* near = program.scope.nearest(kind, path))
    added.fix(path.at, near->name->text).note(near->name->at, "this one?");
}

void declare_all(Checked& program) {
  for (const auto& module : program.modules) {
    program.scope.declare(*module, [&](const Symbol& again, const Symbol& first) {
      second(*again.name, *first.name, describe(again.kind), program.report);
    });
    if (!module->tree.complete) program.scope.mark_incomplete(module->tree.id);
    unique_parts(module->tree, program.report);
    reserved_names(module->tree, program.report);
  }
  for (const auto* root : program.roots()) one_state(*root, program);
}

void check_references(const std::vector<Reference>& references, Checked& program) {
  for (const auto& each : references) {
    auto kind = kind_of(each.kind);
    auto found = program.scope.look_up(kind, each.path);
    if (each.kind == Reference::Kind::Deed && found.state == Lookup::State::Unknown) {
      const auto target = program.scope.look_up(NameKind::Target, each.path);
      if (target.state != Lookup::State::Unknown || !program.scope.nearest(kind, each.path)) found = target, kind = NameKind::Target;
    }
    // `background` is always there: it is what a policy is when nothing else is said.
    if (kind == NameKind::Policy && each.path.is("background") && !found.symbol) continue;
    const bool is_transfer =
        found.symbol && std::holds_alternative<const ast::TransferDecl*>(found.symbol->declaration);
    if (each.kind == Reference::Kind::Agent && is_transfer) {
      program.report.add(each.path.at, diag::UnknownName, Kind{"agent"}, Name{each.path.text()})
          .note(found.symbol->name->at, "this is a transfer");
      continue;
    }
    report_lookup(found, kind, each.path, program);
  }
}

void check_declared_names(const Module& module, Checked& program) { DeclaredNames{module, program}.run(); }

}  // namespace flow::check
