#include "compiler/review/walk.h"

#include <algorithm>
#include <array>

#include "compiler/check/args.h"
#include "compiler/check/field_clauses.h"

namespace flow::review {
namespace {

// Clauses and actions whose text the caller hears.
constexpr std::array Spoken{"greet", "say", "ack", "progress", "announce", "confirm", "end_call", "ask", "brief"};

auto use_of(std::string_view clause) -> Use {
  if (std::ranges::find(Spoken, clause) != Spoken.end()) return Use::Words;
  if (clause == "instructions") return Use::Prompt;
  if (clause == "http" || clause == "url") return Use::Address;
  if (clause == "sql") return Use::Query;
  if (clause == "extract") return Use::Guide;
  return Use::Setting;
}

auto sets_anything(const std::vector<ast::Action>& actions) -> bool {
  return std::ranges::any_of(actions, [](const ast::Action& each) {
    const auto* branch = std::get_if<ast::Branch>(&each.node);
    return std::holds_alternative<ast::Assignment>(each.node) || (branch && (sets_anything(branch->then) || sets_anything(branch->otherwise)));
  });
}

auto with(Given given, const ast::Expr& condition, bool held) -> Given {
  given.emplace_back(&condition, held);
  return given;
}

}  // namespace

void Walk::module(const check::Module& module) {
  const auto& file = module.tree;
  for (const auto& each : file.flows) block(each.block, {});
  for (const auto& each : file.types) fields(each.fields, {});
  for (const auto& each : file.states) fields(each.fields, {});
  for (const auto& each : file.realtimes) block(each.block, {});
  for (const auto& each : file.services) block(each.block, {});
  for (const auto& each : file.transfers) block(each.block, {});
  for (const auto& each : file.channels) block(each.block, {});
  for (const auto& each : file.policies) block(each.block, {.policy = &each});
  for (const auto& each : file.tools) {
    fields(each.params, {.tool = &each});
    block(each.block, {.tool = &each});
  }
  for (const auto& each : file.agents) block(each.block, {.agent = &each});
  for (const auto& each : file.handoffs) handoff(each, {});
  for (const auto& each : file.handlers) handler(each, {});
  for (const auto& each : file.rules) rule(each);
}

// What stands after `unless` is asked whenever the rule matters.
void Walk::rule(const ast::RuleDecl& rule) {
  for (const auto& part : rule.clauses) {
    const Place place{.clause = part.name.text};
    clause(part, place);
    for (std::size_t i = 1; i < part.args.size(); ++i) {
      if (part.args[i - 1].value.word() == "unless") condition(part.args[i].value, {}, place);
    }
  }
}

void Walk::block(const ast::Block& block, const Place& place, const Given& given) {
  for (const auto& each : block.clauses) one(each, place, given);
  for (const auto& each : block.sets) {
    set(each, place);
    value(each.value, place);
  }
  fields(block.carries, place);
  for (const auto& each : block.forms) form(each, place);
  for (const auto& each : block.handoffs) handoff(each, place);
  for (const auto& each : block.handlers) handler(each, place);
}

void Walk::one(const ast::Clause& clause, Place place, const Given& given) {
  place.clause = clause.name.text;
  this->clause(clause, place);
  args(clause.args, place, given);
  if (clause.condition) condition(*clause.condition, given, place);
  actions(clause.actions, place, given);
  actions(clause.otherwise, place, given);
  if (clause.block) block(*clause.block, place, given);
}

void Walk::form(const ast::Form& form, Place place) {
  place.form = &form;
  for (const auto& each : form.fields) {
    field(each, place);
    if (each.description) text(*each.description, Use::Guide, place);
    if (each.fallback) value(*each.fallback, place);
    for (const auto& clause : check::field_clauses(check::Where::FormField, each)) {
      auto here = place;
      here.clause = clause.name.text;
      if (clause.name.text != "check") args(clause.args, here, {});
      else if (!clause.args.empty()) answer_check(clause.args[0].value, here);
    }
    actions(each.otherwise, place, {});
  }
  for (const auto& each : form.clauses) one(each, place, {});
}

// A condition, in which a tool may be asked.
void Walk::answer_check(const ast::Expr& expr, const Place& place) {
  if (const auto* call = expr.as<ast::Call>()) {
    run(*call, place);
    for (const auto& each : call->args) value(each.value, place);
    return;
  }
  const auto* binary = expr.as<ast::Binary>();
  if (!binary || binary->op != ast::Binary::Op::And || !binary->left || !binary->right) return condition(expr, {}, place);
  answer_check(*binary->left, place);
  answer_check(*binary->right, place);
}

void Walk::fields(const std::vector<ast::Field>& fields, const Place& place) {
  for (const auto& each : fields) {
    field(each, place);
    if (each.description) text(*each.description, Use::Guide, place);
    if (each.fallback) value(*each.fallback, place);
    Place asked = place;
    asked.clause = !each.args.empty() ? each.args.front().value.word() : std::string_view{};
    args(each.args, asked, {});
  }
}

void Walk::args(const std::vector<ast::Arg>& args, const Place& place, const Given& given) {
  bool hint = false;
  for (const auto& arg : args) {
    if (const auto* words = arg.value.as<ast::Template>()) {
      const auto use = use_of(place.clause);
      said(*words, use == Use::Words && hint ? Use::Hint : use, place, given);
    } else if (const auto* call = arg.value.as<ast::Call>(); call && (place.clause == "run" || place.clause == "submit")) {
      run(*call, place);
      for (const auto& each : call->args) value(each.value, place);
    }
    hint = arg.value.word() == "model";
  }
}

void Walk::handoff(const ast::Handoff& handoff, Place place) {
  place.handoff = &handoff;
  if (handoff.trigger.kind == ast::Trigger::Kind::When) text(handoff.trigger.when, Use::Guide, place);
  Given given;
  if (handoff.guard) {
    condition(*handoff.guard, {}, place);
    given = with({}, *handoff.guard, true);
  }
  block(handoff.block, place, given);
}

void Walk::handler(const ast::Handler& handler, Place place) {
  place.clause = handler.event.name.text;
  Given given;
  if (handler.guard) {
    condition(*handler.guard, {}, place);
    given = with({}, *handler.guard, true);
  }
  actions(handler.actions, place, given);
}

void Walk::actions(const std::vector<ast::Action>& actions, const Place& place, const Given& given) {
  auto known = given;
  for (const auto& each : actions) {
    if (const auto* assignment = std::get_if<ast::Assignment>(&each.node)) {
      set(*assignment, place);
      value(assignment->value, place);
    }
    if (const auto* verb = std::get_if<ast::Do>(&each.node)) {
      auto here = place;
      here.clause = verb->verb.text;
      args(verb->args, here, known);
    }
    if (const auto* branch = std::get_if<ast::Branch>(&each.node)) {
      condition(branch->condition, known, place);
      this->actions(branch->then, place, with(known, branch->condition, true));
      this->actions(branch->otherwise, place, with(known, branch->condition, false));
    }
    if (sets_anything({each})) known.clear();  // what was known may be different now
  }
}

void Walk::said(const ast::Template& words, Use use, const Place& place, const Given& given) {
  text(words, use, place);
  parts(words.parts, place, given);
}

void Walk::parts(const std::vector<ast::TemplatePart>& parts, const Place& place, const Given& given) {
  for (const auto& part : parts) {
    if (const auto* hole = std::get_if<ast::Hole>(&part.node)) value(hole->value, place);
    if (const auto* choice = std::get_if<ast::Conditional>(&part.node)) {
      condition(choice->condition, given, place);
      this->parts(choice->then, place, with(given, choice->condition, true));
      this->parts(choice->otherwise, place, with(given, choice->condition, false));
    }
  }
}

void each_path(const ast::Expr& expr, const std::function<void(const ast::Path&)>& visit) {
  if (const auto* path = expr.as<ast::Path>()) visit(*path);
  if (const auto* list = expr.as<ast::List>()) {
    for (const auto& item : list->items) each_path(item, visit);
  }
  if (const auto* negated = expr.as<ast::Not>(); negated && negated->operand) each_path(*negated->operand, visit);
  if (const auto* binary = expr.as<ast::Binary>()) {
    if (binary->left) each_path(*binary->left, visit);
    if (binary->right) each_path(*binary->right, visit);
  }
  if (const auto* call = expr.as<ast::Call>()) {
    for (const auto& arg : call->args) each_path(arg.value, visit);
  }
}

}  // namespace flow::review
