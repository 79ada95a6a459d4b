// Conditions, and what is known to be set on either side of them; templates, whose conditions use that.

#include <algorithm>

#include "compiler/base/match.h"
#include "compiler/check/text_key.h"
#include "compiler/lower/expressions.h"

namespace flow::lower {
namespace {

using Kind = ir::Type::Kind;
using Op = ir::Expr::Op;
using State = Typed::State;

// If `caller.address` is set, so is `caller`.
void add_path(Facts& facts, const ast::Expr& expr) {
  const auto* path = expr.as<ast::Path>();
  if (!path) return;
  std::string text;
  for (const auto& part : path->parts) facts.insert(text += (text.empty() ? "" : ".") + part.text);
}

auto is_none(const ast::Expr& expr) -> bool { return expr.as<ast::None>() != nullptr; }

// What a comparison that came out true or false says about its sides.
void learn(const ast::Binary& binary, Condition& condition) {
  using enum ast::Binary::Op;
  const bool with_none = is_none(*binary.left) || is_none(*binary.right);
  if ((binary.op == Eq || binary.op == Ne) && with_none) {
    auto& set = binary.op == Eq ? condition.when_false : condition.when_true;
    add_path(set, *binary.left);
    add_path(set, *binary.right);
    return;
  }
  // Ordered values are both there.
  if (binary.op == Lt || binary.op == Le || binary.op == Gt || binary.op == Ge) {
    add_path(condition.when_true, *binary.left);
    add_path(condition.when_true, *binary.right);
  }
}

}  // namespace

auto Expressions::condition(const ast::Expr& expr, const Facts& facts) -> Condition {
  Condition out{.expr = {}, .when_true = facts, .when_false = facts};
  if (const auto* negation = expr.as<ast::Not>()) {
    if (!negation->operand) return out;
    auto inner = condition(*negation->operand, facts);
    if (!inner.expr) return out;
    return {made({.op = Op::Not, .args = {inner.expr}}, {.kind = Kind::Bool}).expr, std::move(inner.when_false), std::move(inner.when_true)};
  }
  const auto* binary = expr.as<ast::Binary>();
  if (binary && (binary->op == ast::Binary::Op::And || binary->op == ast::Binary::Op::Or)) return junction(*binary, facts);

  const auto typed = value(expr, facts, nullptr);
  if (typed.state == State::Wrong) return out;
  const bool yes_or_no = typed.state == State::Known && typed.type.kind == Kind::Bool;
  if (typed.state == State::None || !(yes_or_no || typed.type.optional || !typed.perhaps.empty())) {
    auto added = context_.report().add(expr.at, diag::NotACondition, diag::Text{shown(typed)});
    const auto* nothing = typed.state != State::Known ? nullptr : typed.type.kind == Kind::List ? " != []" : typed.type.kind == Kind::String ? " != \"\"" : typed.type.kind == Kind::Int ? " > 0" : nullptr;
    if (nothing && expr.as<ast::Path>()) added.fix({expr.at.file, expr.at.end, expr.at.end}, nothing);
    return out;
  }
  out.expr = typed.expr;
  add_path(out.when_true, expr);
  if (binary) {
    learn(*binary, out);
    // What equals a constant is there.
    const auto constant = [&](const ast::Expr& side) { return !is_variable(side) && !is_none(side); };
    if (binary->op == ast::Binary::Op::Eq && constant(*binary->right)) add_path(out.when_true, *binary->left);
    if (binary->op == ast::Binary::Op::Eq && constant(*binary->left)) add_path(out.when_true, *binary->right);
  }
  return out;
}

auto Expressions::junction(const ast::Binary& binary, const Facts& facts) -> Condition {
  if (!binary.left || !binary.right) return {.expr = {}, .when_true = facts, .when_false = facts};
  const bool both = binary.op == ast::Binary::Op::And;
  const auto left = condition(*binary.left, facts);
  const auto right = condition(*binary.right, both ? left.when_true : left.when_false);
  Condition out{.expr = {}, .when_true = both ? right.when_true : facts, .when_false = both ? facts : right.when_false};
  if (left.expr && right.expr) out.expr = made({.op = both ? Op::And : Op::Or, .args = {left.expr, right.expr}}, {.kind = Kind::Bool}).expr;
  return out;
}

// ── Templates ──

auto Expressions::text(const ast::Template& source, const Facts& facts) -> ir::Template {
  ir::Template out;
  parts(source.parts, facts, out);
  if (context_.translations.empty()) return out;
  // Translations are looked at whichever language is spoken: what they insert must be there, too.
  const auto known = context_.translations.find(check::text_key(context_.checked.sources, source));
  if (known == context_.translations.end()) return out;
  for (const auto& [tag, text] : known->second) {
    ir::Template instead;
    parts(text->parts, facts, instead);
    if (tag == context_.locale) out = std::move(instead);
  }
  return out;
}

auto Expressions::line(const check::LineArg& source, const Facts& facts) -> ir::Line {
  ir::Line out{.kind = source.hint ? ir::Line::Kind::Hint : ir::Line::Kind::Words, .text = {}, .is_protected = source.is_protected};
  if (source.text) out.text = text(*source.text, facts);
  return out;
}

void Expressions::parts(const std::vector<ast::TemplatePart>& source, const Facts& facts, ir::Template& out) {
  for (const auto& part : source) {
    match(
        part.node,
        [&](const ast::Chars& chars) {
          if (!chars.text.empty()) out.push_back({.kind = ir::TemplatePart::Kind::Text, .text = chars.text});
        },
        [&](const ast::Hole& hole) {
          const auto typed = value(hole.value, facts, nullptr);
          if (typed.state == State::None) context_.report().add(hole.value.at, diag::NoValue, diag::Text{"`none`"});
          if (typed.state != State::Known) return;
          if (!typed.perhaps.empty()) {
            context_.report().add(hole.value.at, diag::MayBeNone, diag::Name{typed.perhaps});
          } else {
            out.push_back({.kind = ir::TemplatePart::Kind::Hole, .expr = typed.expr});
          }
        },
        [&](const ast::Conditional& conditional) {
          auto lowered = this->conditional(conditional, facts);
          if (lowered.expr) out.push_back(std::move(lowered));
        });
  }
}

auto Expressions::conditional(const ast::Conditional& source, const Facts& facts) -> ir::TemplatePart {
  ir::TemplatePart out{.kind = ir::TemplatePart::Kind::If};
  const auto condition = this->condition(source.condition, facts);
  out.expr = condition.expr;
  parts(source.then, condition.when_true, out.then);
  parts(source.otherwise, condition.when_false, out.otherwise);
  return out;
}

}  // namespace flow::lower
