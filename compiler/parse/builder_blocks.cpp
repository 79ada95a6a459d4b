#include "compiler/parse/builder.h"

namespace flow::parse {

auto Builder::block(Grammar::BlockContext* node) -> ast::Block {
  ast::Block out;
  if (!node) return out;
  out.at = span(node);
  for (auto* item : node->item()) {
    if (auto* n = item->clause())
      out.clauses.push_back(clause(*n));
    else if (auto* n1 = item->handoff())
      out.handoffs.push_back(handoff(*n1));
    else if (auto* n2 = item->handler())
      out.handlers.push_back(handler(*n2));
    else if (auto* n3 = item->form())
      out.forms.push_back(form(*n3));
    else if (auto* n4 = item->failsClause())
      out.clauses.push_back(fails(*n4));
    else if (auto* n5 = item->setsClause()) {
      for (auto* each : n5->assignment()) out.sets.push_back(assignment(each));
    } else if (auto* n6 = item->carryClause()) {
      for (auto* each : n6->field()) out.carries.push_back(field(*each));
    }
  }
  return out;
}

auto Builder::clauses(Grammar::ClausesContext* node) -> std::vector<ast::Clause> {
  std::vector<ast::Clause> out;
  if (!node) return out;
  for (auto* each : node->clause()) out.push_back(clause(*each));
  return out;
}

auto Builder::clause(Grammar::ClauseContext& node) -> ast::Clause {
  ast::Clause out{.doc = doc(node),
                  .name = name(node.word()),
                  .args = args(node.args()),
                  .actions = {},
                  .condition = {},
                  .otherwise = or_else(node.orElse()),
                  .has_else = node.orElse() != nullptr,
                  .block = {},
                  .at = span(&node)};
  if (auto* condition = node.expr()) out.condition = expr(condition);
  if (auto* inner = node.block()) out.block = block(inner);
  return out;
}

auto Builder::fails(Grammar::FailsClauseContext& node) -> ast::Clause {
  ast::Clause out{.doc = doc(node),
                  .name = {"fails", span(*node.getStart())},
                  .args = {},
                  .actions = actions(node.actions()),
                  .condition = {},
                  .otherwise = {},
                  .has_else = false,
                  .block = {},
                  .at = span(&node)};
  if (auto* one = node.action()) out.actions.push_back(action(one));
  return out;
}

auto Builder::form(Grammar::FormContext& node) -> ast::Form {
  ast::Form out{.doc = doc(node), .name = name(node.name()), .fields = {}, .clauses = {}, .at = span(&node)};
  for (auto* item : node.formItem()) {
    if (auto* n = item->field())
      out.fields.push_back(field(*n));
    else if (auto* n1 = item->clause())
      out.clauses.push_back(clause(*n1));
    else if (auto* n2 = item->failsClause())
      out.clauses.push_back(fails(*n2));
  }
  return out;
}

auto Builder::handoff(Grammar::HandoffContext& node) -> ast::Handoff {
  ast::Handoff out{.doc = doc(node),
                   .target = path(node.path()),
                   .trigger = {},
                   .guard = {},
                   .block = block(node.block()),
                   .at = span(&node)};
  for (auto* each : node.trigger()) {
    if (out.trigger.kind == ast::Trigger::Kind::None)
      out.trigger = trigger(*each);
    else
      report_.add(span(each), diag::SecondTrigger);
  }
  for (auto* each : node.expr()) {
    if (!out.guard)
      out.guard = expr(each);
    else
      report_.add(span(each), diag::SecondTrigger);
  }
  return out;
}

auto Builder::trigger(Grammar::TriggerContext& node) -> ast::Trigger {
  ast::Trigger out{.kind = ast::Trigger::Kind::None, .when = {}, .event = {}, .after = {}, .at = span(&node)};
  if (node.WHEN()) {
    out.kind = ast::Trigger::Kind::When;
    out.when = text(node.string());
  } else if (node.ON()) {
    out.kind = ast::Trigger::Kind::On;
    out.event = event(node.event());
  } else if (node.AFTER()) {
    out.kind = ast::Trigger::Kind::After;
    out.after = expr(node.expr());
  }
  return out;
}

auto Builder::handler(Grammar::HandlerContext& node) -> ast::Handler {
  ast::Handler out{.doc = doc(node),
                   .event = event(node.event()),
                   .guard = {},
                   .actions = actions(node.actions()),
                   .at = span(&node)};
  if (auto* guard = node.expr()) out.guard = expr(guard);
  return out;
}

auto Builder::event(Grammar::EventContext* node) -> ast::Event {
  if (!node) return {};
  return {name(node->name()), args(node->args()), span(node)};
}

auto Builder::actions(Grammar::ActionsContext* node) -> std::vector<ast::Action> {
  std::vector<ast::Action> out;
  if (!node) return out;
  for (auto* each : node->action()) out.push_back(action(each));
  return out;
}

auto Builder::action(Grammar::ActionContext* node) -> ast::Action {
  if (!node) return {};
  if (auto* n = node->branch()) return branch(*n);
  if (node->HANDOFF()) return {ast::Goto{path(node->path())}, span(node)};
  if (node->SET()) return {assignment(node->assignment()), span(node)};
  if (auto* verb = node->word()) return {ast::Do{name(verb), args(node->args())}, span(node)};
  return {ast::Missing{}, span(node)};
}

auto Builder::branch(Grammar::BranchContext& node) -> ast::Action {
  ast::Branch out{.condition = expr(node.expr()), .then = {}, .otherwise = {}};
  const auto both = node.actions();
  if (!both.empty()) out.then = actions(both[0]);
  if (both.size() > 1)
    out.otherwise = actions(both[1]);
  else if (auto* chained = node.branch())
    out.otherwise.push_back(branch(*chained));
  else if (auto* one = node.action())
    out.otherwise.push_back(action(one));
  return {std::move(out), span(&node)};
}

auto Builder::or_else(Grammar::OrElseContext* node) -> std::vector<ast::Action> {
  std::vector<ast::Action> out;
  if (!node) return out;
  if (auto* many = node->actions()) return actions(many);
  if (auto* one = node->action()) out.push_back(action(one));
  return out;
}

auto Builder::assignment(Grammar::AssignmentContext* node) -> ast::Assignment {
  if (!node) return {};
  return {path(node->path()), expr(node->expr()), span(node)};
}

auto Builder::args(Grammar::ArgsContext* node) -> std::vector<ast::Arg> {
  std::vector<ast::Arg> out;
  if (!node) return out;
  bool comma = false;
  for (auto* child : node->children) {
    if (auto* value = dynamic_cast<Grammar::ExprContext*>(child)) out.push_back({expr(value), comma});
    comma = dynamic_cast<antlr4::tree::TerminalNode*>(child) != nullptr;
  }
  return out;
}

}  // namespace flow::parse
