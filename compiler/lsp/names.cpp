#include "compiler/lsp/names.h"

#include <algorithm>
#include <tuple>

#include "compiler/ast/walk.h"
#include "compiler/base/match.h"
#include "compiler/check/shape.h"

namespace flow::lsp {
namespace {

using check::NameKind;
using check::Where;
using Kind = Thing::Kind;

template <class Node>
auto thing(Kind kind, const ast::Name& name, const Node* node) -> Thing {
  return {kind, name.text, name.at, node};
}

// Whether a shape has this very word, or asks for a value that is an expression.
auto has_word(std::string_view shape, std::string_view word) -> bool {
  const auto part = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  for (auto at = shape.find(word); at != shape.npos; at = shape.find(word, at + 1)) {
    const bool begins = at == 0 || !part(shape[at - 1]);
    const auto end = at + word.size();
    if (begins && (end == shape.size() || !part(shape[end]))) return true;
  }
  return false;
}

// Goes through one file. What is in scope is a stack, as are the clauses whose values are being read.
class Collector {
 public:
  Collector(const check::Checked& checked, const check::Module& module, std::vector<Occurrence>& out) : checked_(checked), module_(module), out_(out) {
    diag::Report unheard;
    for (auto& each : check::check_clauses(module.tree, checked.sources[module.tree.id], unheard)) references_.emplace(each.path.at, each.kind);
    ast::walk(*this, module.tree);
  }

  // ── Declarations ─────────────────────────────────────────────────────────────────────────────────────────────

  auto enter(const ast::FlowDecl& node) -> bool { return declare(Kind::Flow, node, Where::Flow); }
  auto enter(const ast::RealtimeDecl& node) -> bool { return declare(Kind::Realtime, node, Where::Realtime); }
  auto enter(const ast::ServiceDecl& node) -> bool { return declare(Kind::Service, node, Where::Service); }
  auto enter(const ast::TransferDecl& node) -> bool { return declare(Kind::Transfer, node, Where::Transfer); }
  auto enter(const ast::ChannelDecl& node) -> bool { return declare(Kind::Channel, node, Where::Channel); }
  auto enter(const ast::RuleDecl& node) -> bool {
    declare(Kind::Rule, node, Where::Rule);
    where_.push_back(Where::Rule);
    return true;
  }
  void leave(const ast::RuleDecl&) { where_.pop_back(); }
  auto enter(const ast::TestDecl&) -> bool {
    where_.push_back(Where::Test);
    return true;
  }
  void leave(const ast::TestDecl&) { where_.pop_back(); }

  auto enter(const ast::EnumDecl& node) -> bool {
    declare(Kind::Enum, node, Where::Nowhere);
    for (const auto& value : node.values) put(value.name.at, thing(Kind::EnumValue, value.name, &value), true);
    return false;
  }
  auto enter(const ast::TypeDecl& node) -> bool {
    fields_are_.push_back(Kind::Field);
    return declare(Kind::Type, node, Where::Nowhere);
  }
  void leave(const ast::TypeDecl&) { fields_are_.pop_back(); }
  auto enter(const ast::StateDecl&) -> bool {
    fields_are_.push_back(Kind::State);
    where_.push_back(Where::State);
    return true;
  }
  void leave(const ast::StateDecl&) {
    fields_are_.pop_back();
    where_.pop_back();
  }
  auto enter(const ast::PolicyDecl& node) -> bool {
    scopes_.push_back(locals_.size());
    // A policy's lines may say the parameters of the tools that use it.
    for (const auto& module : checked_.modules) {
      for (const auto& tool : module->tree.tools) add_locals(Kind::Parameter, tool.params);
    }
    name(NameKind::Policy, node.parent);
    return declare(Kind::Policy, node, Where::Policy);
  }
  void leave(const ast::PolicyDecl&) { close_scope(); }
  auto enter(const ast::ToolDecl& node) -> bool {
    scopes_.push_back(locals_.size());
    add_locals(Kind::Parameter, node.params);
    tool_ = &node;
    fields_are_.push_back(Kind::Parameter);
    return declare(Kind::Tool, node, Where::Tool);
  }
  void leave(const ast::ToolDecl&) {
    tool_ = nullptr;
    fields_are_.pop_back();
    close_scope();
  }
  auto enter(const ast::AgentDecl& node) -> bool {
    scopes_.push_back(locals_.size());
    add_carried(node);
    for (const auto& form : node.block.forms) locals_.push_back(thing(Kind::Form, form.name, &form));
    name(NameKind::Target, node.parent);
    return declare(Kind::Agent, node, Where::Agent);
  }
  void leave(const ast::AgentDecl&) { close_scope(); }

  auto enter(const ast::Form& node) -> bool {
    declare(Kind::Form, node, Where::Form);
    where_.push_back(Where::Form);
    scopes_.push_back(locals_.size());
    add_locals(Kind::FormField, node.fields);
    fields_are_.push_back(Kind::FormField);
    return true;
  }
  void leave(const ast::Form&) {
    where_.pop_back();
    fields_are_.pop_back();
    close_scope();
  }
  auto enter(const ast::Handoff& node) -> bool {
    scopes_.push_back(locals_.size());
    add_locals(Kind::Carried, node.block.carries);
    fields_are_.push_back(Kind::Carried);
    target(node.target);
    next_block_ = Where::Handoff;
    return true;
  }
  void leave(const ast::Handoff&) {
    fields_are_.pop_back();
    close_scope();
  }
  auto enter(const ast::Import& node) -> bool {
    for (const auto* imported : module_.imports) {
      const bool is_this = node.file.empty() ? imported->name == (node.module.missing() ? "" : node.module.parts.back().text) && imported->standard
                                             : imported->path.ends_with(node.file.substr(node.file.find_last_of('/') + 1));
      if (is_this) return put(node.at, module_thing(*imported), false), false;
    }
    return false;
  }

  // ── What stands in blocks ────────────────────────────────────────────────────────────────────────────────────

  auto enter(const ast::Block&) -> bool {
    where_.push_back(next_block_);
    return true;
  }
  void leave(const ast::Block&) { where_.pop_back(); }

  auto enter(const ast::Clause& node) -> bool {
    const auto where = where_.empty() ? Where::Nowhere : where_.back();
    const auto* info = check::clauses::find(where, node.name.text);
    if (info) put(node.name.at, {Kind::Clause, info->name, {}, info}, false);
    if (where == Where::Test && !check::steps::shape_of(node.name.text).empty()) put(node.name.at, {Kind::Step, node.name.text, {}, {}}, false);
    shapes_.push_back(info ? info->shape : where == Where::Test ? std::string_view{check::steps::shape_of(node.name.text)} : std::string_view{});
    next_block_ = info ? info->block : Where::Nowhere;
    return true;
  }
  void leave(const ast::Clause&) { shapes_.pop_back(); }
  auto enter(const ast::Do& node) -> bool { return word(Where::Action, node.verb); }
  void leave(const ast::Do&) { shapes_.pop_back(); }
  auto enter(const ast::Event& node) -> bool { return word(Where::Event, node.name); }
  void leave(const ast::Event&) { shapes_.pop_back(); }
  auto enter(const ast::Goto& node) -> bool {
    target(node.target);
    return false;
  }
  auto enter(const ast::Assignment& node) -> bool {
    variable(node.target);
    hints_.push_back(enum_of(node.target));
    return true;
  }
  void leave(const ast::Assignment&) { hints_.pop_back(); }

  auto enter(const ast::Field& node) -> bool {
    const auto kind = fields_are_.empty() ? Kind::Field : fields_are_.back();
    if (!node.name.missing()) put(node.name.at, thing(kind, node.name, &node), true);
    hints_.push_back(enum_of(node.type));
    shapes_.push_back(kind == Kind::State ? std::string_view{} : "EXPR");
    const auto where = kind == Kind::State ? Where::State : Where::FormField;
    if (kind != Kind::State && kind != Kind::FormField) return true;
    for (const auto& arg : node.args) {
      const auto* info = check::clauses::find(where, arg.value.word());
      if (info) put(arg.value.at, {Kind::Clause, info->name, {}, info}, false);
    }
    return true;
  }
  void leave(const ast::Field&) {
    hints_.pop_back();
    shapes_.pop_back();
  }
  auto enter(const ast::TypeRef& node) -> bool {
    if (node.kind != ast::TypeRef::Kind::Named) return true;
    name(NameKind::Type, node.name);
    return false;
  }

  // ── Expressions ──────────────────────────────────────────────────────────────────────────────────────────────

  // Values of clauses are words unless the shape asks for more; what is inserted into texts is always an expression.
  auto enter(const ast::Arg&) -> bool {
    values_.push_back(true);
    return true;
  }
  void leave(const ast::Arg&) { values_.pop_back(); }
  auto enter(const ast::TemplatePart&) -> bool { return expression(); }
  void leave(const ast::TemplatePart&) { values_.pop_back(); }
  auto enter(const ast::List&) -> bool { return expression(); }
  void leave(const ast::List&) { values_.pop_back(); }
  auto enter(const ast::Binary& node) -> bool {
    const auto* left = node.left ? node.left->as<ast::Path>() : nullptr;
    hints_.push_back(left ? enum_of(*left) : nullptr);
    return expression();
  }
  void leave(const ast::Binary&) {
    hints_.pop_back();
    values_.pop_back();
  }
  auto enter(const ast::Call& node) -> bool {
    callee(node);
    return expression();
  }
  void leave(const ast::Call&) { values_.pop_back(); }
  auto enter(const ast::AllOf& node) -> bool {
    for (const auto* imported : module_.imports) {
      if (!node.group.missing() && imported->name == node.group.parts[0].text) put(node.group.parts[0].at, module_thing(*imported), false);
    }
    return false;
  }
  // Comes from an expression alone: all others go through their parents.
  auto enter(const ast::Expr& node) -> bool {
    const auto* path = node.as<ast::Path>();
    if (!path) return true;
    if (const auto found = references_.find(path->at); found != references_.end()) {
      reference(found->second, *path);
    } else if (values_.empty() || !values_.back()) {
      variable(*path);
    } else {
      value(*path);
    }
    return false;
  }
  auto enter(const ast::Path&) -> bool { return false; }

  template <class Part>
  auto enter(const Part&) -> bool {
    return true;
  }
  template <class Part>
  void leave(const Part&) {}

 private:
  void put(Span at, Thing what, bool declares) { out_.push_back({at, std::move(what), declares}); }
  auto expression() -> bool {
    values_.push_back(false);
    return true;
  }
  void close_scope() {
    locals_.resize(scopes_.back());
    scopes_.pop_back();
  }

  template <class Node>
  auto declare(Kind kind, const Node& node, Where block) -> bool {
    if (!node.name.missing()) put(node.name.at, thing(kind, node.name, &node), true);
    next_block_ = block;
    return true;
  }
  auto word(Where where, const ast::Name& written) -> bool {
    const auto* info = check::clauses::find(where, written.text);
    if (info) put(written.at, {Kind::Clause, info->name, {}, info}, false);
    shapes_.push_back(info ? info->shape : std::string_view{});
    return true;
  }
  auto module_thing(const check::Module& module) const -> Thing { return {Kind::Module, module.name, {module.tree.id, 0, 0}, &module}; }

  template <class Fields>
  void add_locals(Kind kind, const Fields& fields) {
    for (const auto& field : fields) locals_.push_back(thing(kind, field.name, &field));
  }
  void add_carried(const ast::AgentDecl& agent) {
    const auto take = [&](const ast::Handoff& handoff) {
      if (!handoff.block.carries.empty() && checked_.scope.agent(handoff.target) == &agent) add_locals(Kind::Carried, handoff.block.carries);
    };
    for (const auto& module : checked_.modules) {
      for (const auto& handoff : module->tree.handoffs) take(handoff);
      for (const auto& each : module->tree.agents) {
        for (const auto& handoff : each.block.handoffs) take(handoff);
      }
    }
  }

  // ── What names mean ──────────────────────────────────────────────────────────────────────────────────────────

  void target(const ast::Path& path) {
    if (!path.is("back")) name(NameKind::Target, path);
  }
  void reference(check::Reference::Kind kind, const ast::Path& path) {
    using R = check::Reference::Kind;
    switch (kind) {
      case R::Agent:
      case R::Target: target(path); break;
      case R::Tool: name(NameKind::Tool, path); break;
      case R::Policy: name(NameKind::Policy, path); break;
      case R::Realtime: name(NameKind::Realtime, path); break;
      case R::Service: name(NameKind::Service, path); break;
      case R::Deed:
        if (!name(NameKind::Tool, path)) target(path);
        break;
    }
  }

  // A name of this kind, perhaps with its file's name before it. Gives the part that was it.
  auto name(NameKind kind, const ast::Path& path) -> const check::Symbol* {
    const auto* symbol = path.missing() ? nullptr : checked_.scope.look_up(kind, path).symbol;
    if (!symbol) return nullptr;
    const auto last = path.parts.size() == 1 || path.parts[0].text == symbol->name->text ? 0u : 1u;
    if (last == 1) qualifier(path.parts[0]);
    put(path.parts[last].at, thing_of(*symbol), false);
    return symbol;
  }
  void qualifier(const ast::Name& part) {
    for (const auto* imported : module_.imports) {
      if (imported->name == part.text) return put(part.at, module_thing(*imported), false);
    }
  }

  // A value of a clause that nothing refers to: a parameter, or what the shape calls an expression.
  void value(const ast::Path& path) {
    const auto shape = shapes_.empty() ? std::string_view{} : shapes_.back();
    if (path.simple() && !path.missing() && has_word(shape, path.parts[0].text)) return;
    if (has_word(shape, "EXPR") || has_word(shape, "PARAMETER") || has_word(shape, "CALL")) {
      variable(path);
    } else if (has_word(shape, "PATH")) {
      target(path);
    }
  }

  void callee(const ast::Call& call) {
    const std::vector<ast::Field>* fields = nullptr;
    auto kind = Kind::Parameter;
    if (const auto* tool = checked_.scope.tool(call.callee)) {
      name(NameKind::Tool, call.callee);
      fields = &tool->params;
    } else if (const auto* record = checked_.scope.record(call.callee)) {
      name(NameKind::Type, call.callee);
      fields = &record->fields;
      kind = Kind::Field;
    } else {
      target(call.callee);
    }
    for (const auto& arg : call.args) {
      if (!fields || arg.name.missing()) continue;
      const auto found = std::ranges::find_if(*fields, [&](const ast::Field& field) { return field.name.text == arg.name.text; });
      if (found != fields->end()) put(arg.name.at, thing(kind, found->name, &*found), false);
    }
  }

  auto local(std::string_view text) const -> const Thing* {
    const auto found = std::find_if(locals_.rbegin(), locals_.rend(), [&](const Thing& each) { return each.name == text; });
    return found == locals_.rend() ? nullptr : &*found;
  }

  void variable(const ast::Path& path) {
    if (path.parts.empty() || path.parts[0].missing()) return;
    std::size_t next = 1;
    const ast::TypeRef* type = nullptr;
    if (const auto* found = local(path.parts[0].text)) {
      put(path.parts[0].at, *found, false);
      if (const auto* field = std::get_if<const ast::Field*>(&found->node)) type = &(*field)->type;
    } else if (path.parts[0].text == "result" && tool_) {
      type = &tool_->result;
    } else if (const auto* symbol = name(NameKind::State, path)) {
      if (path.parts[0].text != symbol->name->text) next = 2;
      type = &std::get<const ast::Field*>(symbol->declaration)->type;
    } else {
      return constant(path);
    }
    members(path, next, type);
  }
  void members(const ast::Path& path, std::size_t next, const ast::TypeRef* type) {
    for (; next < path.parts.size() && type; ++next) {
      const auto* record = record_of(checked_, *type);
      if (!record) return;
      const auto found = std::ranges::find_if(record->fields, [&](const ast::Field& field) { return field.name.text == path.parts[next].text; });
      if (found == record->fields.end()) return;
      put(path.parts[next].at, thing(Kind::Field, found->name, &*found), false);
      type = &found->type;
    }
  }

  // A value of an enum: the one that is asked for here, if it has such a value, else any that is visible.
  void constant(const ast::Path& path) {
    const auto take = [&](const ast::EnumDecl& node, const ast::Name& part) {
      for (const auto& each : node.values) {
        if (each.name.text == part.text) return put(part.at, thing(Kind::EnumValue, each.name, &each), false), true;
      }
      return false;
    };
    if (path.parts.size() == 2) {
      const auto* node = checked_.scope.enumeration({{path.parts[0]}, path.parts[0].at});
      if (!node) return;
      name(NameKind::Type, {{path.parts[0]}, path.parts[0].at});
      take(*node, path.parts[1]);
    }
    if (!path.simple()) return;
    if (!hints_.empty() && hints_.back() && take(*hints_.back(), path.parts[0])) return;
    for (const auto* symbol : checked_.scope.visible(NameKind::Type, module_.tree.id)) {
      const auto* node = std::get_if<const ast::EnumDecl*>(&symbol->declaration);
      if (node && take(**node, path.parts[0])) return;
    }
  }

  auto enum_of(const ast::TypeRef& type) const -> const ast::EnumDecl* {
    return type.kind == ast::TypeRef::Kind::Named ? checked_.scope.enumeration(type.name) : nullptr;
  }
  auto enum_of(const ast::Path& path) const -> const ast::EnumDecl* {
    if (!path.simple() || path.missing()) return nullptr;
    const auto* found = local(path.parts[0].text);
    const auto* const* field = found ? std::get_if<const ast::Field*>(&found->node) : nullptr;
    const auto* state = field ? *field : checked_.scope.state(path);
    return state ? enum_of(state->type) : nullptr;
  }

  const check::Checked& checked_;
  const check::Module& module_;
  std::vector<Occurrence>& out_;
  std::map<Span, check::Reference::Kind> references_;
  std::vector<Thing> locals_;
  std::vector<std::size_t> scopes_;
  std::vector<Where> where_;
  Where next_block_ = Where::Nowhere;
  std::vector<std::string_view> shapes_;
  std::vector<bool> values_;
  std::vector<Kind> fields_are_;
  std::vector<const ast::EnumDecl*> hints_;
  const ast::ToolDecl* tool_ = nullptr;
};

}  // namespace

auto describe(Kind kind) -> std::string_view {
  switch (kind) {
    case Kind::Flow: return "flow";
    case Kind::Agent: return "agent";
    case Kind::Transfer: return "transfer";
    case Kind::Tool: return "tool";
    case Kind::Policy: return "policy";
    case Kind::Type: return "type";
    case Kind::Enum: return "enum";
    case Kind::EnumValue: return "value";
    case Kind::State: return "state field";
    case Kind::Field: return "field";
    case Kind::Parameter: return "parameter";
    case Kind::Carried: return "carried value";
    case Kind::FormField: return "field of a form";
    case Kind::Form: return "form";
    case Kind::Realtime: return "realtime connection";
    case Kind::Service: return "service";
    case Kind::Channel: return "channel";
    case Kind::Rule: return "rule";
    case Kind::Module: return "module";
    case Kind::Clause: return "clause";
    case Kind::Step: return "step";
  }
  return {};
}

auto thing_of(const check::Symbol& symbol) -> Thing {
  const auto as = [&](Kind kind, const auto* node) { return thing(kind, *symbol.name, node); };
  return match(
      symbol.declaration, [&](const ast::EnumDecl* node) { return as(Kind::Enum, node); }, [&](const ast::TypeDecl* node) { return as(Kind::Type, node); },
      [&](const ast::Field* node) { return as(Kind::State, node); }, [&](const ast::RealtimeDecl* node) { return as(Kind::Realtime, node); },
      [&](const ast::ServiceDecl* node) { return as(Kind::Service, node); }, [&](const ast::PolicyDecl* node) { return as(Kind::Policy, node); },
      [&](const ast::ToolDecl* node) { return as(Kind::Tool, node); }, [&](const ast::AgentDecl* node) { return as(Kind::Agent, node); },
      [&](const ast::TransferDecl* node) { return as(Kind::Transfer, node); }, [&](const ast::ChannelDecl* node) { return as(Kind::Channel, node); },
      [&](const ast::RuleDecl* node) { return as(Kind::Rule, node); }, [&](const ast::FlowDecl* node) { return as(Kind::Flow, node); });
}

auto record_of(const check::Checked& checked, const ast::TypeRef& type) -> const ast::TypeDecl* {
  return type.kind == ast::TypeRef::Kind::Named ? checked.scope.record(type.name) : nullptr;
}

Names::Names(const check::Checked& checked) {
  for (const auto& module : checked.modules) Collector{checked, *module, all_};
  const auto order = [](const Occurrence& a, const Occurrence& b) { return std::tie(a.at, b.declares) < std::tie(b.at, a.declares); };
  std::stable_sort(all_.begin(), all_.end(), order);
  const auto same_place = [](const Occurrence& a, const Occurrence& b) { return a.at == b.at; };
  all_.erase(std::unique(all_.begin(), all_.end(), same_place), all_.end());
}

auto Names::at(FileId file, std::uint32_t byte) const -> const Occurrence* {
  const Occurrence* best = nullptr;
  const auto begin = std::ranges::lower_bound(all_, Span{file, 0, 0}, {}, &Occurrence::at);
  for (auto each = begin; each != all_.end() && each->at.file == file && each->at.begin <= byte; ++each) {
    if (byte <= each->at.end && (!best || each->at.end - each->at.begin <= best->at.end - best->at.begin)) best = &*each;
  }
  return best;
}

auto Names::all_of(const Thing& wanted) const -> std::vector<const Occurrence*> {
  std::vector<const Occurrence*> out;
  for (const auto& each : all_) {
    if (each.thing.same(wanted)) out.push_back(&each);
  }
  return out;
}

}  // namespace flow::lsp
