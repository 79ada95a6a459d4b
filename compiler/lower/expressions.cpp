#include "compiler/lower/expressions.h"

#include <algorithm>

#include "compiler/base/match.h"
#include "compiler/diag/nearest.h"
#include "compiler/ir/describe.h"
#include "compiler/ir/eval.h"
#include "compiler/lower/types.h"

namespace flow::lower {
namespace {

using Kind = ir::Type::Kind;
using Op = ir::Expr::Op;
using State = Typed::State;

auto operation(ast::Binary::Op op) -> Op {
  switch (op) {
    case ast::Binary::Op::And: return Op::And;
    case ast::Binary::Op::Or: return Op::Or;
    case ast::Binary::Op::Eq: return Op::Eq;
    case ast::Binary::Op::Ne: return Op::Ne;
    case ast::Binary::Op::Lt: return Op::Lt;
    case ast::Binary::Op::Le: return Op::Le;
    case ast::Binary::Op::Gt: return Op::Gt;
    case ast::Binary::Op::Ge: return Op::Ge;
    case ast::Binary::Op::In: return Op::In;
  }
  return Op::Eq;
}

auto first_parts(const ast::Path& path, std::size_t count) -> std::string {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? "." : "") + path.parts[i].text;
  return text;
}

}  // namespace

// A type as a message shows it.
auto Expressions::shown(const Typed& typed) -> std::string {
  if (typed.state == State::None) return "none";
  if (typed.type.kind == Kind::List && !typed.type.element) return "[]";
  return ir::describe(context_.program, type_row(context_.program, typed.type));
}

auto Expressions::made(ir::Expr expr, const ir::Type& type) -> Typed {
  return {.state = State::Known, .type = type, .expr = context_.program.exprs.add(std::move(expr))};
}

auto Expressions::literal(Value value, Kind kind) -> Typed { return made({.literal = std::move(value)}, {.kind = kind}); }

auto Expressions::value_for(const ast::Expr& expr, Id<ir::Type> row, const Facts& facts) -> std::optional<Id<ir::Expr>> {
  const auto wanted = context_.program.types[row];
  const auto typed = value(expr, facts, &wanted);
  const bool takes_none = wanted.optional || wanted.kind == Kind::Json;
  if (typed.state == State::Wrong) return std::nullopt;
  if (typed.state == State::None ? !takes_none : !fits(context_.program, typed.type, wanted)) {
    const auto needed = ir::describe(context_.program, row);
    context_.report().add(expr.at, diag::TypeMismatch, diag::Text{shown(typed)}, diag::Text{needed});
    return std::nullopt;
  }
  if (!typed.perhaps.empty() && !takes_none) {
    context_.report().add(expr.at, diag::MayBeNone, diag::Name{typed.perhaps});
    return std::nullopt;
  }
  return typed.expr;
}

auto Expressions::value(const ast::Expr& expr, const Facts& facts, const ir::Type* hint) -> Typed {
  const auto no_value = [&](const char* what) {
    context_.report().add(expr.at, diag::NoValue, diag::Text{what});
    return Typed{};
  };
  return match(
      expr.node, [&](const ast::Missing&) { return Typed{}; }, [&](const ast::Int& e) { return literal(e.value, Kind::Int); },
      [&](const ast::Float& e) { return literal(e.value, Kind::Float); }, [&](const ast::Bool& e) { return literal(e.value, Kind::Bool); },
      [&](const ast::Duration& e) { return literal(static_cast<std::int64_t>(e.value.count()), Kind::Duration); },
      [&](const ast::None&) {
        auto none = literal({}, Kind::Json);
        none.state = State::None;
        return none;
      },
      [&](const ast::Template& e) { return constant_text(e, hint); }, [&](const ast::Path& e) { return path(e, facts, hint); },
      [&](const ast::List& e) { return list(e, facts, hint); }, [&](const ast::Call& e) { return construction(e, expr.at, facts); },
      [&](const ast::Not&) { return made_of(condition(expr, facts)); },
      [&](const ast::Binary& e) {
        const bool junction = e.op == ast::Binary::Op::And || e.op == ast::Binary::Op::Or;
        return junction ? made_of(condition(expr, facts)) : comparison(e, facts);
      },
      [&](const ast::Percent&) { return no_value("a percentage"); }, [&](const ast::Range&) { return no_value("a range"); },
      [&](const ast::AllOf&) { return no_value("a group"); }, [&](const ast::Star&) { return no_value("`*`"); },
      [&](const ast::Code&) { return no_value("a group of status codes"); });
}

auto Expressions::made_of(const Condition& condition) -> Typed {
  if (!condition.expr) return {};
  return {.state = State::Known, .type = {.kind = Kind::Bool}, .expr = condition.expr};
}

// ── Names ──

auto Expressions::path(const ast::Path& path, const Facts& facts, const ir::Type* hint) -> Typed {
  if (path.missing()) return {};
  auto at_root = root(path, facts);
  if (!at_root) {
    if (auto of_enum = enum_value(path, hint)) return *of_enum;
    unknown_name(path, hint);
    return {};
  }
  auto typed = *std::move(at_root);
  // `call.from` and `request.done` took two parts.
  const auto op = typed.state == State::Known ? context_.program.exprs[typed.expr].op : Op::Literal;
  const std::size_t taken = op == Op::Call || op == Op::Field ? 2 : 1;
  if (taken == 1 && facts.contains(path.parts[0].text)) typed.perhaps.clear();
  for (std::size_t part = taken; part < path.parts.size() && typed.state == State::Known; ++part) {
    typed = member(std::move(typed), path, part, facts);
  }
  return typed;
}

// What the first name of a path means, if it is a variable.
auto Expressions::root(const ast::Path& path, const Facts& facts) -> std::optional<Typed> {
  const auto& name = path.parts[0];
  if (const auto local = std::ranges::find(locals_, name.text, &Local::name); local != locals_.end()) {
    if (local->form) return of_form(*local, path, facts);
    auto typed = made({.op = Op::Local, .name = local->name}, context_.program.types[local->type]);
    typed.type.optional = typed.type.optional || local->perhaps;
    if (typed.type.optional) typed.perhaps = name.text;
    return typed;
  }
  if (constant_) return std::nullopt;
  if (const auto* field = context_.scope().state(ast::Path{{name}, name.at})) {
    const auto row = context_.state.find(field);
    if (row == context_.state.end()) return Typed{};  // its type is wrong, which was said
    auto typed = made({.op = Op::State, .state = row->second}, context_.program.types[context_.program.state[row->second].type]);
    if (typed.type.optional) typed.perhaps = name.text;
    return typed;
  }
  if (name.text != "call" || path.parts.size() < 2) return std::nullopt;
  const auto& fact = path.parts[1];
  if (fact.text == "from" || fact.text == "id") return made({.op = Op::Call, .name = fact.text}, {.kind = Kind::String});
  context_.report().add(fact.at, diag::NoField, diag::Text{"`call`"}, diag::Name{fact.text});
  return Typed{};
}

// `request.done`, `request.result`, `request.order`. What is asked for is there when the form is done.
auto Expressions::of_form(const Local& local, const ast::Path& path, const Facts& facts) -> Typed {
  const auto& form = context_.program.forms[local.form];
  if (path.parts.size() < 2) {
    context_.report().add(path.at, diag::BareForm, diag::Name{local.name});
    return {};
  }
  const auto& name = path.parts[1];
  const auto done = facts.contains(local.name + ".done");
  ir::Type type{.kind = Kind::Bool};
  bool sure = true;
  if (name.text == "result" && form.submit && context_.program.tools[form.submit].result) {
    type = context_.program.types[context_.program.tools[form.submit].result];
    sure = done && !type.optional;
  } else if (name.text != "done") {
    const auto field = std::ranges::find(form.fields, name.text, &ir::FormField::name);
    if (field == form.fields.end()) {
      std::vector<std::string_view> known{"done"};
      for (const auto& each : form.fields) known.push_back(each.name);
      auto added = context_.report().add(name.at, diag::NoField, diag::Text{"form `" + local.name + "`"}, diag::Name{name.text});
      if (const auto near = diag::nearest(name.text, known)) added.fix(name.at, std::string(*near));
      return {};
    }
    type = context_.program.types[field->type];
    sure = done && !type.optional;
  }
  type.optional = type.optional || !sure;
  const auto record = context_.program.exprs.add({.op = Op::Form, .form = local.form});
  auto typed = made({.op = Op::Field, .name = name.text, .args = {record}}, type);
  const auto whole = first_parts(path, 2);
  if (!sure && !facts.contains(whole)) typed.perhaps = whole;
  return typed;
}

auto Expressions::is_variable(const ast::Expr& expr) -> bool {
  const auto* path = expr.as<ast::Path>();
  if (!path || path->missing()) return false;
  const auto& name = path->parts[0];
  return std::ranges::find(locals_, name.text, &Local::name) != locals_.end() ||
         (!constant_ && (context_.scope().state(ast::Path{{name}, name.at}) || (name.text == "call" && path->parts.size() > 1)));
}

// `gold` where a `Tier` is asked for, or `Tier.gold` anywhere.
auto Expressions::enum_value(const ast::Path& path, const ir::Type* hint) -> std::optional<Typed> {
  std::optional<Id<ir::Enum>> wanted;
  if (path.simple() && hint && hint->kind == Kind::Enum) wanted = hint->enumeration;
  if (path.parts.size() > 1) {
    auto of = path;
    of.parts.pop_back();
    const auto* declared = context_.scope().enumeration(of);
    if (declared && context_.enums.contains(declared)) wanted = context_.enums.at(declared);
  }
  if (!wanted) return std::nullopt;
  const auto& values = context_.program.enums[*wanted].values;
  const auto& name = path.parts.back().text;
  if (std::ranges::find(values, name) == values.end()) {
    if (path.simple()) return std::nullopt;
    unknown_name(path, hint);
    return Typed{};
  }
  return made({.literal = name}, {.kind = Kind::Enum, .enumeration = *wanted});
}

void Expressions::unknown_name(const ast::Path& path, const ir::Type* hint) {
  const auto& name = path.simple() || !hint ? path.parts[0] : path.parts.back();
  if (context_.report().has_error_in(name.at) || context_.scope().incomplete(name.at.file)) return;
  std::vector<std::string_view> known;
  const bool of_enum = hint && hint->kind == Kind::Enum;
  if (of_enum) {
    const auto& values = context_.program.enums[hint->enumeration].values;
    known.assign(values.begin(), values.end());
  }
  for (const auto& local : locals_) known.push_back(local.name);
  if (!constant_) {
    for (const auto& field : context_.program.state) known.push_back(field.name);
  }
  auto& report = context_.report();
  auto added = of_enum ? report.add(name.at, diag::UnknownEnumValue, diag::Name{name.text}, diag::Name{context_.program.enums[hint->enumeration].name})
                       : report.add(name.at, diag::UnknownVariable, diag::Name{name.text});
  if (const auto near = diag::nearest(name.text, known)) added.fix(name.at, std::string(*near));
}

auto Expressions::member(Typed of, const ast::Path& path, std::size_t part, const Facts& facts) -> Typed {
  const auto& name = path.parts[part];
  auto& program = context_.program;
  ir::Type type{.kind = Kind::Json, .optional = true};
  if (of.type.kind == Kind::Record) {
    const auto& fields = program.records[of.type.record].fields;
    const auto field = std::ranges::find(fields, name.text, &ir::Field::name);
    if (field == fields.end()) {
      std::vector<std::string_view> known;
      for (const auto& each : fields) known.push_back(each.name);
      auto added = context_.report().add(name.at, diag::NoField, diag::Text{"`" + program.records[of.type.record].name + "`"}, diag::Name{name.text});
      if (const auto near = diag::nearest(name.text, known)) added.fix(name.at, std::string(*near));
      return {};
    }
    type = program.types[field->type];
  } else if (of.type.kind != Kind::Json) {
    context_.report().add(name.at, diag::NoField, diag::Text{"`" + shown(of) + "`"}, diag::Name{name.text});
    return {};
  }
  auto typed = made({.op = Op::Field, .name = name.text, .args = {of.expr}}, type);
  typed.perhaps = of.perhaps;
  const auto so_far = first_parts(path, part + 1);
  if (typed.perhaps.empty() && type.optional) typed.perhaps = so_far;
  if (facts.contains(so_far)) typed.perhaps.clear();
  return typed;
}

// ── Values ──

auto Expressions::constant_text(const ast::Template& text, const ir::Type* hint) -> Typed {
  const auto constant = text.constant();
  if (!constant) {
    context_.report().add(text.at, diag::ConstantText);
    return {};
  }
  auto type = ir::Type{.kind = Kind::String};
  if (hint && (is_text(*hint) || hint->kind == Kind::Enum)) {
    auto shape = *hint;
    shape.optional = false;
    if (ir::conforms(context_.program, *constant, type_row(context_.program, shape))) {
      type = shape;
    } else if (hint->kind == Kind::Enum) {
      context_.report().add(text.at, diag::UnknownEnumValue, diag::Name{*constant}, diag::Name{context_.program.enums[hint->enumeration].name});
      return {};
    }
  }
  return made({.literal = *constant}, type);
}

auto Expressions::list(const ast::List& list, const Facts& facts, const ir::Type* hint) -> Typed {
  ir::Expr expr{.op = Op::List};
  std::optional<ir::Type> element;
  const bool known = hint && hint->kind == Kind::List && hint->element;
  if (known) element = context_.program.types[hint->element];
  bool wrong = false;
  for (const auto& item : list.items) {
    if (element) {
      const auto lowered = value_for(item, type_row(context_.program, *element), facts);
      if (lowered) expr.args.push_back(*lowered);
      wrong = wrong || !lowered;
      continue;
    }
    const auto typed = value(item, facts, nullptr);
    if (typed.state == State::Known) {
      element = typed.type;
      expr.args.push_back(typed.expr);
    }
    wrong = wrong || typed.state != State::Known;
  }
  if (wrong) return {};
  ir::Type type{.kind = Kind::List};
  if (element) type.element = type_row(context_.program, *element);
  return made(std::move(expr), type);
}

// `Order(id: "A1")`.
auto Expressions::construction(const ast::Call& call, Span at, const Facts& facts) -> Typed {
  const auto* declared = context_.scope().record(call.callee);
  if (!declared) {
    if (!context_.scope().tool(call.callee)) {
      unknown(context_, "type", call.callee);
    } else if (!context_.report().has_error_in(at)) {
      context_.report().add(at, diag::NoValue, diag::Text{"a call of `" + call.callee.text() + "`"});
    }
    return {};
  }
  if (!context_.records.contains(declared)) return {};
  const auto record = context_.records.at(declared);
  const auto fields = context_.program.records[record].fields;
  ir::Expr expr{.op = Op::Record};
  bool wrong = false;
  std::size_t place = 0;
  for (const auto& arg : call.args) {
    const auto name = arg.name.missing() && place < fields.size() ? fields[place++].name : arg.name.text;
    const auto field = std::ranges::find(fields, name, &ir::Field::name);
    if (field == fields.end()) {
      context_.report().add(arg.at, diag::NoField, diag::Text{"`" + declared->name.text + "`"}, diag::Name{name});
      wrong = true;
      continue;
    }
    const auto lowered = value_for(arg.value, field->type, facts);
    wrong = wrong || !lowered;
    if (!lowered) continue;
    expr.names.push_back(field->name);
    expr.args.push_back(*lowered);
  }
  for (const auto& field : fields) {
    if (wrong || std::ranges::find(expr.names, field.name) != expr.names.end()) continue;
    if (field.fallback) {
      expr.names.push_back(field.name);
      expr.args.push_back(literal(ir::evaluate(context_.program, field.fallback, {}), Kind::Json).expr);
    } else if (!context_.program.types[field.type].optional) {
      context_.report().add(at, diag::MissingField, diag::Name{declared->name.text}, diag::Name{field.name});
      wrong = true;
    }
  }
  if (wrong) return {};
  return made(std::move(expr), {.kind = Kind::Record, .record = record});
}

// ── Comparisons ──

// The side that says what it is gives the other its meaning: `topic == send_back`, `gold == caller.tier`.
auto Expressions::operands(const ast::Binary& binary, const Facts& facts) -> std::pair<Typed, Typed> {
  if (!binary.left || !binary.right) return {};
  const bool in = binary.op == ast::Binary::Op::In;
  const bool bare = binary.left->as<ast::Path>() && !is_variable(*binary.left);
  const auto hint_of = [](const Typed& typed) { return typed.state == State::Known ? &typed.type : nullptr; };
  if (bare) {
    auto right = value(*binary.right, facts, nullptr);
    auto hint = hint_of(right);
    if (right.state == State::Wrong) return {Typed{}, right};
    if (in && hint && hint->kind == Kind::List && hint->element) {
      const auto element = context_.program.types[hint->element];
      return {value(*binary.left, facts, &element), right};
    }
    return {value(*binary.left, facts, hint), right};
  }
  auto left = value(*binary.left, facts, nullptr);
  if (left.state == State::Wrong) return {left, Typed{}};
  if (in && left.state == State::Known) {
    auto element = left.type;
    element.optional = true;
    const ir::Type wanted{.kind = Kind::List, .element = type_row(context_.program, element)};
    return {left, value(*binary.right, facts, &wanted)};
  }
  return {left, value(*binary.right, facts, hint_of(left))};
}

auto Expressions::comparison(const ast::Binary& binary, const Facts& facts) -> Typed {
  const auto [left, right] = operands(binary, facts);
  if (left.state == State::Wrong || right.state == State::Wrong) return {};
  auto& program = context_.program;
  const bool none = left.state == State::None || right.state == State::None;
  bool good = false;
  switch (binary.op) {
    case ast::Binary::Op::Eq:
    case ast::Binary::Op::Ne: good = none || comparable(program, left.type, right.type); break;
    case ast::Binary::Op::In:
      good = !none && right.type.kind == Kind::List && (!right.type.element || comparable(program, left.type, program.types[right.type.element]));
      break;
    default: good = !none && orderable(left.type, right.type);
  }
  if (!good) {
    context_.report().add(binary.op_at, diag::NotComparable, diag::Text{shown(left)}, diag::Text{shown(right)});
    return {};
  }
  return made({.op = operation(binary.op), .args = {left.expr, right.expr}}, {.kind = Kind::Bool});
}

}  // namespace flow::lower
