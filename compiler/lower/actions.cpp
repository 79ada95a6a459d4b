#include "compiler/lower/actions.h"

#include <algorithm>

#include "compiler/base/match.h"
#include "compiler/ir/words.h"
#include "compiler/lower/assign.h"
#include "compiler/lower/types.h"

namespace flow::lower {
namespace {

// A chain of `else if` is as deep as it is long; `verify` follows no further.
constexpr int DepthMax = 200;

class Actions {
 public:
  Actions(Expressions& names, Context& context) : names_(names), context_(context) {}

  auto all(const std::vector<ast::Action>& actions, const Facts& facts, int depth) -> std::vector<ir::Action> {
    std::vector<ir::Action> rows;
    for (const auto& action : actions) {
      if (depth > DepthMax) {
        context_.report().add(action.at, diag::TooDeep, diag::Count{DepthMax});
        break;
      }
      if (auto row = one(action, facts, depth)) rows.push_back(*std::move(row));
    }
    return rows;
  }

 private:
  auto one(const ast::Action& action, const Facts& facts, int depth) -> std::optional<ir::Action> {
    using Row = std::optional<ir::Action>;
    return match(
        action.node, [](const ast::Missing&) { return Row{}; }, [&](const ast::Do& e) { return verb(e, action.at, facts); },
        [&](const ast::Goto& e) {
          const auto target = lower_target(context_, e.target);
          return target ? Row{{.kind = ir::Action::Kind::Handoff, .target = *target}} : Row{};
        },
        [&](const ast::Assignment& e) { return assignment(e, facts); },
        [&](const ast::Branch& e) {
          const auto condition = names_.condition(e.condition, facts);
          ir::Action row{.kind = ir::Action::Kind::If, .expr = condition.expr};
          row.then = all(e.then, condition.when_true, depth + 1);
          row.otherwise = all(e.otherwise, condition.when_false, depth + 1);
          return condition.expr ? Row{std::move(row)} : Row{};
        });
  }

  auto verb(const ast::Do& action, Span at, const Facts& facts) -> std::optional<ir::Action> {
    check::Args args{action.args};
    if (action.verb.text == "run") return run(args, at, facts);
    if (action.verb.text == "ask") return ask(args);
    if (action.verb.text != "say" && action.verb.text != "end_call") return std::nullopt;
    const bool say = action.verb.text == "say";
    ir::Action row{.kind = say ? ir::Action::Kind::Say : ir::Action::Kind::EndCall};
    if (const auto line = args.line()) row.line = names_.line(*line, facts);
    if (say && !row.line) return std::nullopt;
    return row;
  }

  auto assignment(const ast::Assignment& e, const Facts& facts) -> std::optional<ir::Action> {
    const auto assigned = lower_assignment(names_, e.target, e.value, facts);
    if (!assigned) return std::nullopt;
    return ir::Action{.kind = ir::Action::Kind::Set, .state = assigned->first, .expr = assigned->second};
  }

  // `run lookup_orders("boots", limit: 3)`.
  auto run(check::Args& args, Span at, const Facts& facts) -> std::optional<ir::Action> {
    const auto* expr = args.expr();
    const auto* call = expr ? expr->as<ast::Call>() : nullptr;
    if (!call) return std::nullopt;
    auto lowered = lower_call(names_, *call, at, facts);
    if (!lowered) return std::nullopt;
    return ir::Action{.kind = ir::Action::Kind::Run, .tool = lowered->first, .args = std::move(lowered->second)};
  }

  // `ask order`, or `ask request.order` where two forms have such a field.
  auto ask(check::Args& args) -> std::optional<ir::Action> {
    const auto* path = args.path();
    if (!path || path->missing()) return std::nullopt;
    const auto& name = path->parts.back();
    for (const auto& local : names_.locals()) {
      if (!local.form || path->parts.size() > 2 || (path->parts.size() == 2 && path->parts[0].text != local.name)) continue;
      const auto& fields = context_.program.forms[local.form].fields;
      if (std::ranges::find(fields, name.text, &ir::FormField::name) == fields.end()) continue;
      return ir::Action{.kind = ir::Action::Kind::Ask, .form = local.form, .field = name.text};
    }
    context_.report().add(path->at, diag::NotAsked, diag::Name{path->text()});
    return std::nullopt;
  }

  Expressions& names_;
  Context& context_;
};

}  // namespace

auto lower_call(Expressions& names, const ast::Call& call, Span at, const Facts& facts) -> std::optional<std::pair<Id<ir::Tool>, Arguments>> {
  auto& context = names.context();
  const auto* declared = context.scope().tool(call.callee);
  if (!declared || !context.tools.contains(declared)) {
    if (!declared) unknown(context, "tool", call.callee);
    return std::nullopt;
  }
  const auto tool = context.tools.at(declared);
  const auto params = context.program.tools[tool].params;
  Arguments out;
  std::size_t place = 0;
  for (const auto& arg : call.args) {
    const auto name = arg.name.missing() && place < params.size() ? params[place++].name : arg.name.text;
    const auto param = std::ranges::find(params, name, &ir::Field::name);
    if (param == params.end()) {
      context.report().add(arg.at, diag::NoField, diag::Text{"tool `" + declared->name.text + "`"}, diag::Name{name});
    } else if (const auto value = names.value_for(arg.value, param->type, facts)) {
      out.emplace_back(name, *value);
    }
  }
  for (const auto& param : params) {
    const bool given = std::ranges::any_of(call.args, [&](const ast::Argument& arg) { return arg.name.text == param.name; }) ||
                       std::ranges::any_of(out, [&](const auto& arg) { return arg.first == param.name; });
    if (given || param.fallback || context.program.types[param.type].optional || context.report().has_error_in(at)) continue;
    context.report().add(at, diag::MissingField, diag::Name{declared->name.text}, diag::Name{param.name});
  }
  return std::pair{tool, std::move(out)};
}

auto lower_actions(Expressions& names, const std::vector<ast::Action>& actions, const Facts& facts) -> std::vector<ir::Action> {
  return Actions{names, names.context()}.all(actions, facts, 0);
}

auto lower_event(const ast::Event& event) -> std::optional<ir::EventPattern> {
  const auto known = ir::words(ir::EventPattern::Kind{});
  const auto found = std::ranges::find(known, event.name.text);
  if (found == known.end()) return std::nullopt;
  ir::EventPattern out;
  out.kind = static_cast<ir::EventPattern::Kind>(found - known.begin());
  check::Args args{event.args};
  if (out.kind == ir::EventPattern::Kind::Silence) {
    const auto after = args.duration();
    if (!after || *after <= ir::Millis::zero()) return std::nullopt;
    out.after = *after;
  }
  while (auto text = args.constant()) out.values.push_back(*std::move(text));
  if (args.word("count")) out.count = limited(args.integer().value_or(1));
  const bool valued = out.kind == ir::EventPattern::Kind::Dtmf || out.kind == ir::EventPattern::Kind::Phrase;
  if (valued == out.values.empty()) return std::nullopt;
  return out;
}

void check_event(Context& context, const ast::Event& event) {
  const auto after = check::Args{event.args}.duration();
  if (event.name.text == "silence" && after && *after <= ir::Millis::zero()) {
    context.report().add(event.at, diag::OutOfRange, diag::Name{"silence"}, diag::Text{"more than nothing"});
  }
  const auto pattern = lower_event(event);
  if (pattern && (pattern->count < 1 || pattern->count > NumberMax)) context.report().add(event.at, diag::OutOfRange, diag::Name{"count"}, diag::Text{"1 to a million"});
}

auto lower_target(Context& context, const ast::Path& target) -> std::optional<ir::Target> {
  if (target.missing()) return std::nullopt;
  if (target.is("back")) return ir::Target{.kind = ir::Target::Kind::Back, .agent = {}, .transfer = {}};
  if (const auto* agent = context.scope().agent(target)) {
    const auto row = context.agents.find(agent);
    return row == context.agents.end() ? std::nullopt : std::optional{ir::Target{.kind = ir::Target::Kind::Agent, .agent = row->second, .transfer = {}}};
  }
  if (const auto* transfer = context.scope().transfer(target)) {
    const auto row = context.transfers.find(transfer);
    return row == context.transfers.end() ? std::nullopt : std::optional{ir::Target{.kind = ir::Target::Kind::Transfer, .agent = {}, .transfer = row->second}};
  }
  unknown(context, "agent", target);
  return std::nullopt;
}

void lower_handler(Context& context, const ast::Handler& handler, Id<ir::Agent> agent, const Locals& locals) {
  const auto event = lower_event(handler.event);
  check_event(context, handler.event);
  if (!event) return;
  Expressions names{context, locals};
  ir::Handler row{.agent = agent, .on = *event, .guard = {}, .actions = {}, .declared_at = handler.event.at};
  Facts facts;
  if (handler.guard) {
    auto guard = names.condition(*handler.guard);
    row.guard = guard.expr;
    facts = std::move(guard.when_true);
  }
  row.actions = lower_actions(names, handler.actions, facts);
  context.program.handlers.add(std::move(row));
}

}  // namespace flow::lower
