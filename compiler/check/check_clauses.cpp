#include <fmt/format.h>
#include <algorithm>
#include <map>

#include "compiler/check/field_clauses.h"
#include "compiler/check/shape.h"
#include "compiler/check/steps.h"
#include "compiler/diag/nearest.h"

namespace flow::check {
namespace {

// What may stand in a block besides clauses.
struct Allowed {
  bool sets = false;
  bool carries = false;
  bool handoffs = false;
  bool handlers = false;
  bool forms = false;
};

class ClauseChecker {
 public:
  ClauseChecker(const SourceFile& source, diag::Report& report) : source_(source), report_(report) {}

  auto run(const ast::File& file) -> std::vector<Reference> {
    for (const auto& flow : file.flows) {
      block(Where::Flow, flow.block);
      require(Where::Flow, flow.block, flow.name, "start");
    }
    for (const auto& realtime : file.realtimes) connection(realtime);
    for (const auto& policy : file.policies) block(Where::Policy, policy.block);
    for (const auto& tool : file.tools) check(tool);
    for (const auto& agent : file.agents) check(agent);
    for (const auto& type : file.types) fields(type.fields, "a field of a type");
    for (const auto& state : file.states) clause_fields(Where::State, state.fields);
    for (const auto& each : file.handoffs) handoff(each);
    for (const auto& each : file.handlers) handler(each);

    for (const auto& each : file.services) check(each);
    for (const auto& transfer : file.transfers) {
      block(Where::Transfer, transfer.block);
      require(Where::Transfer, transfer.block, transfer.name, "to");
    }
    for (const auto& channel : file.channels) block(Where::Channel, channel.block);
    for (const auto& each : file.rules) rule(each);
    for (const auto& each : file.tests) test(each);
    return std::move(references_);
  }

 private:
  // ── Declarations ───────────────────────────────────────────────────────────────────────────────────────────

  void connection(const ast::RealtimeDecl& realtime) {
    if (const auto* key = find(realtime.block, "key");
        key && !key->args.empty() && key->args[0].value.as<ast::Template>()) {
      report_.add(key->args[0].value.at, diag::LiteralKey);
    }
    block(Where::Realtime, realtime.block);
    require(Where::Realtime, realtime.block, realtime.name, "provider");
  }

  // Where a key goes, a key that is written out is told of by name.
  void literal_keys(const ast::Block& where, std::string_view name) {
    const auto* key = find(where, name);
    if (!key) return;
    const auto literal = std::ranges::find_if(key->args.rbegin(), key->args.rend(), [](const ast::Arg& arg) { return arg.value.as<ast::Template>() != nullptr; });
    const auto last = literal != key->args.rend() && &*literal == &key->args.back();
    if (last && (name != "auth" || key->args.size() > 1)) report_.add(literal->value.at, diag::LiteralKey);
  }

  void check(const ast::ServiceDecl& service) {
    literal_keys(service.block, "auth");
    if (const auto* auth = find(service.block, "auth"); auth && auth->block) {
      literal_keys(*auth->block, "secret");
      literal_keys(*auth->block, "refresh");
    }
    block(Where::Service, service.block);
  }

  void check(const ast::ToolDecl& tool) {
    if (const auto* batch = find(tool.block, "batch"); batch && batch->block) literal_keys(*batch->block, "key");
    fields(tool.params, "a parameter");
    block(Where::Tool, tool.block, {.sets = true});
    const ast::Clause* body = nullptr;
    for (const auto& clause : tool.block.clauses) {
      if (!is_body(clause.name.text)) continue;
      if (body && body->name.text != clause.name.text)
        report_.add(clause.name.at, diag::SecondBody, diag::Name{tool.name.text}, diag::Name{clause.name.text})
            .note(body->name.at, "the first is here");
      else if (!body)
        body = &clause;
    }
    const bool broken = report_.has_error_in(tool.at);
    if (!body && !broken && !tool.name.missing()) report_.add(tool.name.at, diag::NoBody, diag::Name{tool.name.text});
  }

  static auto is_body(std::string_view name) -> bool {
    return name == "lua" || name == "builtin" || name == "http" || name == "mcp" || name == "exec" || name == "batch" ||
           name == "sql";
  }

  void check(const ast::AgentDecl& agent) {
    block(Where::Agent, agent.block, {.handoffs = true, .handlers = true, .forms = true});
  }

  void handoff(const ast::Handoff& each) {
    if (each.trigger.kind == ast::Trigger::Kind::When && !each.trigger.when.constant())
      report_.add(each.trigger.when.at, diag::ConstantText);
    if (!each.target.missing() && !each.target.is("back"))
      references_.push_back({Reference::Kind::Target, each.target});
    if (each.trigger.kind == ast::Trigger::Kind::On) event(each.trigger.event);
    if (each.trigger.kind == ast::Trigger::Kind::After && !each.trigger.after.missing() &&
        !each.trigger.after.as<ast::Duration>()) {
      wrong("after", "a duration such as `30s`", each.trigger.after.at);
    }
    block(Where::Handoff, each.block, {.carries = true});
    fields(each.block.carries, "a carried value");
  }

  void rule(const ast::RuleDecl& each) {
    std::map<std::string, const ast::Clause*> seen;
    for (const auto& part : each.clauses) clause(Where::Rule, part, seen);
  }

  void handler(const ast::Handler& each) {
    event(each.event);
    actions(each.actions);
  }

  // The ways to write a step are many, so a mistake is told by what would have fitted at its place alone.
  void test(const ast::TestDecl& each) {
    for (const auto& step : each.steps) {
      if (step.name.missing()) continue;
      const auto& shape = steps::shape_of(step.name.text);
      if (shape.empty()) {
        auto added = report_.add(step.name.at, diag::UnknownClause, diag::Text{std::string{describe(Where::Test)}}, diag::Name{step.name.text});
        if (const auto near = diag::nearest(step.name.text, steps::clauses())) added.fix(step.name.at, std::string{*near});
        continue;
      }
      auto plain = step;
      plain.args = steps::values_of(step);
      const ClauseInfo info{Where::Test, step.name.text, shape, Where::Nowhere, Times::Many, {}, 2026, true, {}};
      values(info, step.name, row(plain));
      actions(step.actions);
      actions(step.otherwise);
    }
  }

  // ── Fields ─────────────────────────────────────────────────────────────────────────────────────────────────

  void fields(const std::vector<ast::Field>& list, std::string_view what) {
    for (const auto& field : list) {
      if (!field.args.empty()) {
        const auto& first = field.args.front().value;
        if (!first.missing())
          report_.add(first.at, diag::NotHere, diag::Text{shown(first.at)}, diag::Text{std::string{what}});
      } else if (!field.otherwise.empty()) {
        report_.add(field.otherwise.front().at, diag::NotHere, diag::Text{"`else`"}, diag::Text{std::string{what}});
      }
    }
  }

  // What stands after the type is a row of clauses.
  void clause_fields(Where where, const std::vector<ast::Field>& list) {
    for (const auto& field : list) {
      const auto missing = [](const ast::Arg& arg) { return arg.value.missing(); };
      if (std::ranges::any_of(field.args, missing)) continue;  // reported by the parser
      std::map<std::string, const ast::Clause*> seen;
      const auto clauses = field_clauses(where, field);
      for (const auto& each : clauses) clause(where, each, seen);
      if (clauses.empty() && !field.otherwise.empty()) report_.add(field.otherwise.front().at, diag::NotHere, diag::Text{"`else`"}, diag::Text{std::string{describe(where)}});
    }
  }

  void form(const ast::Form& form) {
    clause_fields(Where::FormField, form.fields);
    std::map<std::string, const ast::Clause*> seen;
    for (const auto& each : form.clauses) clause(Where::Form, each, seen);
    for (const auto& each : form.clauses) {
      const auto* call = each.name.text == "submit" && !each.args.empty() ? each.args[0].value.as<ast::Call>() : nullptr;
      if (call && !call->callee.missing()) references_.push_back({Reference::Kind::Tool, call->callee});
    }
    if (form.fields.empty() && !form.name.missing() && !report_.has_error_in(form.at)) report_.add(form.name.at, diag::EmptyForm, diag::Name{form.name.text});
  }

  // ── Blocks ─────────────────────────────────────────────────────────────────────────────────────────────────

  void block(Where where, const ast::Block& block, Allowed allowed = {}) {
    std::map<std::string, const ast::Clause*> seen;
    for (const auto& each : block.clauses) clause(where, each, seen);
    const auto misplaced = [&](Span at, std::string_view what) {
      report_.add(at, diag::NotHere, diag::Text{std::string{what}}, diag::Text{std::string{describe(where)}});
    };
    for (const auto& each : block.sets)
      if (!allowed.sets) misplaced(each.at, "`sets`");
    for (const auto& each : block.carries)
      if (!allowed.carries) misplaced(each.at, "`carry`");
    for (const auto& each : block.handoffs) {
      if (allowed.handoffs)
        handoff(each);
      else
        misplaced(each.at, "a handoff");
    }
    for (const auto& each : block.handlers) {
      if (allowed.handlers)
        handler(each);
      else
        misplaced(each.at, "`on`");
    }
    for (const auto& each : block.forms) {
      if (allowed.forms)
        form(each);
      else
        misplaced(each.at, "a form");
    }
  }

  void clause(Where where, const ast::Clause& clause, std::map<std::string, const ast::Clause*>& seen) {
    if (clause.name.missing()) return;
    const auto* info = clauses::find(where, clause.name.text);
    if (!info) return unknown(where, clause.name);
    if (!info->runs) {
      report_.add(clause.name.at, diag::NotYet, diag::Text{fmt::format("`{}` of {}", info->name, describe(where))});
      return;
    }
    once(*info, clause, seen);
    values(*info, clause.name, row(clause));
    actions(clause.actions);
    actions(clause.otherwise);
    if (!clause.block) return;
    if (info->block != Where::Nowhere) block(info->block, *clause.block);
  }

  void once(const ClauseInfo& info, const ast::Clause& clause, std::map<std::string, const ast::Clause*>& seen) {
    if (info.times == Times::Many) return;
    auto key = clause.name.text;
    if (info.times == Times::Each && !clause.args.empty()) key += " " + std::string{clause.args[0].value.word()};
    const auto [first, fresh] = seen.emplace(key, &clause);
    if (!fresh)
      report_.add(clause.name.at, diag::SecondClause, diag::Name{key})
          .note(first->second->name.at, "the first is here");
  }

  static auto row(const ast::Clause& clause) -> std::vector<ShapeValue> {
    using Kind = ShapeValue::Kind;
    std::vector<ShapeValue> out;
    for (const auto& arg : clause.args) out.push_back({Kind::Arg, &arg, arg.value.at});
    if (clause.condition) out.push_back({Kind::If, nullptr, clause.condition->at});
    if (!clause.actions.empty()) out.push_back({Kind::Action, nullptr, clause.actions.front().at});
    if (clause.has_else)
      out.push_back({Kind::Else, nullptr, clause.otherwise.empty() ? clause.at : clause.otherwise.front().at});
    if (clause.block)
      out.push_back(
          {Kind::Block, nullptr, {clause.block->at.file, clause.block->at.begin, clause.block->at.begin + 1}});
    return out;
  }

  // ── Values ─────────────────────────────────────────────────────────────────────────────────────────────────

  void values(const ClauseInfo& info, const ast::Name& name, const std::vector<ShapeValue>& row) {
    for (const auto& value : row) {
      if (value.kind == ShapeValue::Kind::Arg && value.arg->value.missing()) return;  // reported by the parser
    }
    auto match = match_shape(info.shape, row);
    if (!match.ok) return mismatch(info, name, row, match);
    for (auto& each : match.references) references_.push_back(std::move(each));
    for (const auto* each : match.not_yet) {
      report_.add(each->at, diag::NotYet, diag::Text{fmt::format("{} after `{}`", shown(each->at), info.name)});
    }
  }

  void mismatch(const ClauseInfo& info, const ast::Name& name, const std::vector<ShapeValue>& row,
                const ShapeMatch& match) {
    const bool only_words =
        std::none_of(info.shape.begin(), info.shape.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    const auto usage =
        fmt::format("written `{}{}{}`", info.name, info.shape.empty() ? "" : " ", shown_shape(info.shape));
    if (match.at >= row.size()) {
      auto added = report_.add(name.at, diag::MissingArgument, diag::Name{name.text}, diag::Text{either(match.expected)});
      if (info.where != Where::Test) added.note(name.at, usage);
      return;
    }
    const auto& value = row[match.at];
    if (match.comma) {
      report_.add(value.at, diag::MissingComma, diag::Name{name.text})
          .fix({value.at.file, row[match.at - 1].at.end, row[match.at - 1].at.end}, ",");
      return;
    }
    if (value.kind == ShapeValue::Kind::Block && info.block == Where::Nowhere) {
      report_.add(value.at, diag::NoBlock, diag::Name{name.text});
      return;
    }
    const auto* text = value.arg ? value.arg->value.as<ast::Template>() : nullptr;
    if (text && !text->constant() && info.shape.find("TEXT") != info.shape.npos) {
      report_.add(value.at, diag::ConstantText);
      return;
    }
    if (report_.has_error_in(value.at)) return;  // F0709 says it better
    auto added = report_.add(value.at, diag::WrongArguments, diag::Name{name.text}, diag::Text{either(match.expected)},
                             diag::Text{shown(value.at)});
    const auto word = value.arg ? value.arg->value.word() : std::string_view{};
    if (const auto near = diag::nearest(word, match.words); !word.empty() && near && !clauses::find(info.where, word))
      added.fix(value.at, std::string{*near});
    // The next clause, on the same line.
    if (match.at > 0 && !word.empty() && clauses::find(info.where, word))
      added.fix({value.at.file, row[match.at - 1].at.end, row[match.at - 1].at.end}, ";");
    // Else the message has said it all.
    if (!only_words && info.where != Where::Test) added.note(name.at, usage);
  }

  static auto either(const std::vector<std::string>& expected) -> std::string {
    std::string out;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (i > 0) out += i + 1 == expected.size() ? " or " : ", ";
      out += expected[i];
    }
    return out;
  }

  // ── Actions and events ─────────────────────────────────────────────────────────────────────────────────────

  void actions(const std::vector<ast::Action>& list) {
    for (const auto& each : list) action(each);
  }

  void action(const ast::Action& each) {
    if (const auto* verb = std::get_if<ast::Do>(&each.node)) return named(Where::Action, verb->verb, verb->args);
    if (const auto* go = std::get_if<ast::Goto>(&each.node)) {
      if (!go->target.missing() && !go->target.is("back")) references_.push_back({Reference::Kind::Target, go->target});
    } else if (const auto* branch = std::get_if<ast::Branch>(&each.node)) {
      actions(branch->then);
      actions(branch->otherwise);
    }
  }

  void event(const ast::Event& each) { named(Where::Event, each.name, each.args); }

  void named(Where where, const ast::Name& name, const std::vector<ast::Arg>& args) {
    if (name.missing()) return;
    const auto* info = clauses::find(where, name.text);
    if (!info) return unknown(where, name);
    if (!info->runs) {
      report_.add(name.at, diag::NotYet, diag::Text{fmt::format("`{}`", name.text)});
      return;
    }
    std::vector<ShapeValue> row;
    for (const auto& arg : args) row.push_back({ShapeValue::Kind::Arg, &arg, arg.value.at});
    values(*info, name, row);
    const auto* call = name.text == "run" && !args.empty() ? args[0].value.as<ast::Call>() : nullptr;
    if (call && !call->callee.missing()) references_.push_back({Reference::Kind::Tool, call->callee});
  }

  // ── What is said ───────────────────────────────────────────────────────────────────────────────────────────

  void unknown(Where where, const ast::Name& name) {
    auto added = where == Where::Action  ? report_.add(name.at, diag::UnknownAction, diag::Name{name.text})
                 : where == Where::Event ? report_.add(name.at, diag::UnknownEvent, diag::Name{name.text})
                                         : report_.add(name.at, diag::UnknownClause,
                                                       diag::Text{std::string{describe(where)}}, diag::Name{name.text});
    if (const auto near = diag::nearest(name.text, clauses::names(where))) added.fix(name.at, std::string{*near});
  }

  void wrong(std::string name, std::string expected, Span at) {
    report_.add(at, diag::WrongArguments, diag::Name{std::move(name)}, diag::Text{std::move(expected)},
                diag::Text{shown(at)});
  }

  void not_yet(const ast::Name& name, std::string_view what) {
    if (!name.missing()) report_.add(name.at, diag::NotYet, diag::Text{std::string{what}});
  }

  void require(Where where, const ast::Block& block, const ast::Name& owner, std::string_view name) {
    if (owner.missing() || find(block, name) || report_.has_error_in(block.at)) return;
    report_.add(owner.at, diag::MissingClause, diag::Text{std::string{describe(where)}}, diag::Name{std::string{name}});
  }

  static auto find(const ast::Block& block, std::string_view name) -> const ast::Clause* {
    for (const auto& each : block.clauses) {
      if (each.name.text == name) return &each;
    }
    return nullptr;
  }

  // What stands there, in backticks; of long things the beginning.
  auto shown(Span at) const -> std::string {
    constexpr std::size_t LongestShown = 40;
    auto text = std::string{source_.text(at)};
    const auto end = std::min(text.find('\n'), LongestShown);
    if (end >= text.size()) return fmt::format("`{}`", text);
    auto cut = end;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
    return fmt::format("`{}…`", text.substr(0, cut));
  }

  const SourceFile& source_;
  diag::Report& report_;
  std::vector<Reference> references_;
};

}  // namespace

auto check_clauses(const ast::File& file, const SourceFile& source, diag::Report& report) -> std::vector<Reference> {
  return ClauseChecker{source, report}.run(file);
}

}  // namespace flow::check
