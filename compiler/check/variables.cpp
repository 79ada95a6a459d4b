// Names in expressions and in the holes of texts: state, parameters, carried values, values of enums, facts of the
// call.

#include <map>
#include <set>

#include "compiler/check/field_clauses.h"
#include "compiler/check/names.h"
#include "compiler/diag/nearest.h"

namespace flow::check {
namespace {

using Locals = std::set<std::string_view>;

class Variables {
 public:
  Variables(const Module& module, Checked& program) : module_(module), program_(program) {
    const auto& scope = program.scope;
    const auto file = module.tree.id;
    for (const auto* symbol : scope.visible(NameKind::State, file)) values_.insert(symbol->name->text);
    for (const auto* symbol : scope.visible(NameKind::Type, file)) {
      known_.insert(symbol->name->text);
      const auto* enumeration = std::get_if<const ast::EnumDecl*>(&symbol->declaration);
      if (!enumeration) continue;
      for (const auto& value : (*enumeration)->values) values_.insert(value.name.text);
    }
    for (const auto* imported : module.imports) known_.insert(imported->name);
    known_.insert("call");
    collect_carried();
  }

  void run() {
    const auto& file = module_.tree;
    for (const auto& flow : file.flows) block(flow.block, {});
    for (const auto& type : file.types) fields(type.fields, {});
    for (const auto& state : file.states) fields(state.fields, {});
    // A policy's lines may say the parameters of the tools that use it.
    const auto parameters = all_parameters();
    for (const auto& policy : file.policies) block(policy.block, parameters);
    for (const auto& each : file.tools) tool(each);
    for (const auto& each : file.agents) agent(each);
    for (const auto& each : file.transfers) block(each.block, {});
    for (const auto& each : file.handoffs) handoff(each, {});
    for (const auto& each : file.handlers) handler(each, {});
  }

 private:
  // ── Where names come from ──────────────────────────────────────────────────────────────────────────────────

  // What a handoff carries may be named by the agent that gets the call, wherever the handoff stands.
  void collect_carried() {
    const auto take = [&](const ast::Handoff& handoff) {
      const auto* target = program_.scope.agent(handoff.target);
      for (const auto& field : handoff.block.carries) {
        if (target) carried_[target].insert(field.name.text);
      }
    };
    for (const auto& module : program_.modules) {
      for (const auto& handoff : module->tree.handoffs) take(handoff);
      for (const auto& each : module->tree.agents) {
        for (const auto& handoff : each.block.handoffs) take(handoff);
      }
    }
  }

  auto all_parameters() const -> Locals {
    Locals out{"result"};
    for (const auto& module : program_.modules) {
      for (const auto& each : module->tree.tools) {
        for (const auto& param : each.params) out.insert(param.name.text);
      }
    }
    return out;
  }

  // ── Where names stand ──────────────────────────────────────────────────────────────────────────────────────

  void tool(const ast::ToolDecl& tool) {
    fields(tool.params, {});
    Locals locals;
    for (const auto& param : tool.params) locals.insert(param.name.text);
    locals.insert("result");
    block(tool.block, locals);
  }

  void agent(const ast::AgentDecl& agent) {
    const auto found = carried_.find(&agent);
    Locals locals = found == carried_.end() ? Locals{} : found->second;
    for (const auto& form : agent.block.forms) locals.insert(form.name.text);
    block(agent.block, locals);
    for (const auto& each : agent.block.forms) form(each, locals);
    for (const auto& each : agent.block.handoffs) handoff(each, locals);
    for (const auto& each : agent.block.handlers) handler(each, locals);
  }

  // Its fields are names in everything it says and asks.
  void form(const ast::Form& form, Locals locals) {
    fields(form.fields, locals);
    for (const auto& field : form.fields) locals.insert(field.name.text);
    for (const auto& field : form.fields) {
      for (const auto& clause : field_clauses(Where::FormField, field)) {
        for (const auto& arg : clause.args) {
          if (clause.name.text == "check") expr(arg.value, locals);
          else texts_in(arg.value, locals);
        }
      }
      actions(field.otherwise, locals);
    }
    for (const auto& clause : form.clauses) {
      for (const auto& arg : clause.args) {
        if (const auto* call = arg.value.as<ast::Call>()) {
          for (const auto& each : call->args) expr(each.value, locals);
        }
        texts_in(arg.value, locals);
      }
      actions(clause.otherwise, locals);
    }
  }

  void handoff(const ast::Handoff& handoff, Locals locals) {
    if (handoff.guard) expr(*handoff.guard, locals);
    fields(handoff.block.carries, locals);
    for (const auto& field : handoff.block.carries) locals.insert(field.name.text);
    block(handoff.block, locals);
  }

  void handler(const ast::Handler& handler, const Locals& locals) {
    if (handler.guard) expr(*handler.guard, locals);
    actions(handler.actions, locals);
  }

  void fields(const std::vector<ast::Field>& list, const Locals& locals) {
    for (const auto& field : list) {
      if (field.fallback) expr(*field.fallback, locals);
    }
  }

  void block(const ast::Block& block, const Locals& locals) {
    for (const auto& clause : block.clauses) {
      for (const auto& arg : clause.args) texts_in(arg.value, locals);
      if (clause.condition) expr(*clause.condition, locals);
      actions(clause.actions, locals);
      actions(clause.otherwise, locals);
      if (clause.block) this->block(*clause.block, locals);
    }
    for (const auto& set : block.sets) expr(set.value, locals);
  }

  void actions(const std::vector<ast::Action>& list, const Locals& locals) {
    for (const auto& each : list) {
      if (const auto* set = std::get_if<ast::Assignment>(&each.node)) expr(set->value, locals);
      if (const auto* verb = std::get_if<ast::Do>(&each.node)) {
        for (const auto& arg : verb->args) verb_value(verb->verb, arg.value, locals);
      }
      if (const auto* branch = std::get_if<ast::Branch>(&each.node)) {
        expr(branch->condition, locals);
        actions(branch->then, locals);
        actions(branch->otherwise, locals);
      }
    }
  }

  void verb_value(const ast::Name& verb, const ast::Expr& value, const Locals& locals) {
    const auto* call = value.as<ast::Call>();
    if (verb.text != "run" || !call) return texts_in(value, locals);
    for (const auto& arg : call->args) expr(arg.value, locals);
  }

  // Values of clauses are words and names of other things; only what is inserted into their texts is an expression.
  void texts_in(const ast::Expr& value, const Locals& locals) {
    if (const auto* text = value.as<ast::Template>()) parts(text->parts, locals);
  }

  void parts(const std::vector<ast::TemplatePart>& list, const Locals& locals) {
    for (const auto& part : list) {
      if (const auto* hole = std::get_if<ast::Hole>(&part.node)) expr(hole->value, locals);
      if (const auto* condition = std::get_if<ast::Conditional>(&part.node)) {
        expr(condition->condition, locals);
        parts(condition->then, locals);
        parts(condition->otherwise, locals);
      }
    }
  }

  void expr(const ast::Expr& value, const Locals& locals) {
    if (const auto* text = value.as<ast::Template>()) parts(text->parts, locals);
    if (const auto* path = value.as<ast::Path>()) variable(*path, locals);
    if (const auto* list = value.as<ast::List>()) {
      for (const auto& item : list->items) expr(item, locals);
    }
    if (const auto* negated = value.as<ast::Not>(); negated && negated->operand) expr(*negated->operand, locals);
    if (const auto* binary = value.as<ast::Binary>()) {
      if (binary->left) expr(*binary->left, locals);
      if (binary->right) expr(*binary->right, locals);
    }
    if (const auto* call = value.as<ast::Call>()) {
      callee(call->callee);
      for (const auto& arg : call->args) expr(arg.value, locals);
    }
  }

  // ── The names ──────────────────────────────────────────────────────────────────────────────────────────────

  void callee(const ast::Path& path) {
    if (path.missing() || program_.scope.tool(path)) return;
    const auto found = program_.scope.look_up(NameKind::Type, path);
    // `today()` asks for something to be computed: no type of that name would help.
    const bool like_a_type = path.parts.back().text.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 0;
    if (found.state == Lookup::State::Unknown && !like_a_type && !program_.scope.nearest(NameKind::Type, path)) {
      program_.report.add(path.at, diag::NoValue, diag::Text{"a call of `" + path.text() + "`"});
      return;
    }
    report_lookup(found, NameKind::Type, path, program_);
  }

  void variable(const ast::Path& path, const Locals& locals) {
    if (path.missing() || path.parts[0].missing()) return;
    const std::string_view name = path.parts[0].text;
    if (locals.contains(name) || values_.contains(name) || known_.contains(name) ||
        program_.scope.incomplete(module_.tree.id))
      return;
    std::vector<std::string_view> candidates{locals.begin(), locals.end()};
    candidates.insert(candidates.end(), values_.begin(), values_.end());
    candidates.insert(candidates.end(), {"true", "false", "none"});
    auto added = program_.report.add(path.parts[0].at, diag::UnknownVariable, diag::Name{std::string{name}});
    if (const auto near = diag::nearest(name, candidates)) added.fix(path.parts[0].at, std::string{*near});
  }

  const Module& module_;
  Checked& program_;
  Locals values_;  // of the state, and of enums
  Locals known_;   // what may begin a longer path: types, files, `call`
  std::map<const ast::AgentDecl*, Locals> carried_;
};

}  // namespace

void check_variables(const Module& module, Checked& program) { Variables{module, program}.run(); }

}  // namespace flow::check
