#include "compiler/review/rule_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "compiler/ir/describe.h"
#include "compiler/ir/words.h"
#include "compiler/review/possible_values.h"

namespace flow::review {
namespace {

using ir::Deed;
using ir::Rule;
using Kind = ir::Rule::Kind;

constexpr std::size_t CallsMax = 20'000;
constexpr std::uint32_t Unknown = UINT32_MAX;

// Where a call stands, as far as it matters.
struct Call {
  std::uint32_t agent = 0;
  std::uint32_t from = Unknown;  // who handed over, for `back`
  PossibleValues::State values;
  std::vector<bool> started;     // by Tool: its result may come
  bool met = false;              // what must come first has happened
  int times = 0;
  auto operator<=>(const Call&) const = default;
};

using Steps = std::vector<RuleStep>;

// All that a template may say, one part after the other; what is inserted is a gap.
void flatten(const ir::Template& text, std::string& out) {
  for (const auto& part : text) {
    out += part.kind == ir::TemplatePart::Kind::Text ? part.text : "\x01";
    flatten(part.then, out);
    flatten(part.otherwise, out);
  }
}

class Search {
 public:
  Search(const ir::Program& program, const Rule& rule)
      : p_(program), rule_(rule), values_(program, rule.kind == Kind::Unless ? rule.unless : Id<ir::Expr>{}, done_by_program()), matters_(program.tools.size()) {
    for (std::size_t i = 0; i < matters_.size(); ++i) matters_[i] = matters(program.tools[program.tools.id_at(i)], i);
  }

  auto run() -> RuleVerdict {
    out_.complete = values_.whole();
    Call start{.agent = p_.start.index, .values = values_.at_start(), .started = std::vector<bool>(p_.tools.size())};
    enter(start, p_.start.index, {{fmt::format("the call begins with `{}`", name(start.agent)), p_.agents[p_.start].declared_at}}, true);
    for (std::size_t i = 0; i < seen_.size() && out_.breach.empty(); ++i) {
      if (seen_.size() > CallsMax) out_.complete = false;
      if (!out_.complete) break;
      at_ = i;
      visit(Call{*seen_[i].call});
    }
    return std::move(out_);
  }

 private:
  struct Seen {
    const Call* call;
    std::size_t parent;
    Steps steps;
  };

  // Whether something brings it about without the model. If nothing does the rule cannot be broken, and what the guards
  // ask for is of no interest.
  auto done_by_program() const -> bool {
    if (is_mine(p_.start.index)) return true;
    const auto done = [&](const std::vector<ir::Action>& actions) { return does_it(actions); };
    for (const auto& edge : p_.handoffs) {
      if (edge.trigger.kind != ir::Trigger::Kind::Model && rule_.what.kind == Deed::Kind::Enter && (edge.target == rule_.what.target || edge.target.kind == ir::Target::Kind::Back)) return true;
    }
    for (const auto& form : p_.forms) {
      if (done(form.tries_else) || std::ranges::any_of(form.fields, done, &ir::FormField::rejected)) return true;
    }
    return std::ranges::any_of(p_.handlers, done, &ir::Handler::actions) || std::ranges::any_of(p_.policies, [&](const ir::Policy& policy) {
      return done(policy.timeout_else.actions) || done(policy.fails.actions) || done(policy.expires_else.actions) || done(policy.concurrency_else.actions);
    });
  }
  auto does_it(const std::vector<ir::Action>& actions) const -> bool {
    return std::ranges::any_of(actions, [&](const ir::Action& action) {
      const auto runs = action.kind == ir::Action::Kind::Run && rule_.what.kind == Deed::Kind::Tool && action.tool == rule_.what.tool;
      const auto goes = action.kind == ir::Action::Kind::Handoff && rule_.what.kind == Deed::Kind::Enter;
      return runs || goes || does_it(action.then) || does_it(action.otherwise);
    });
  }
  // Whether the end of a run changes anything that is looked at.
  auto matters(const ir::Tool& tool, std::size_t index) const -> bool {
    const auto first = rule_.kind == Kind::Before && rule_.first->kind == Deed::Kind::Tool && rule_.first->tool.index == index;
    const auto sets = std::ranges::any_of(tool.sets, [&](const auto& set) { return values_.follows(set.first); });
    const auto& policy = p_.policies[tool.policy];
    const auto acts = [&](const std::vector<ir::Action>& actions) {
      return std::ranges::any_of(actions, [](const ir::Action& action) { return action.kind != ir::Action::Kind::Say && action.kind != ir::Action::Kind::Ask && action.kind != ir::Action::Kind::EndCall; });
    };
    return first || sets || acts(policy.timeout_else.actions) || acts(policy.fails.actions) || acts(policy.expires_else.actions) || acts(policy.concurrency_else.actions);
  }

  auto name(std::uint32_t agent) const -> const std::string& { return p_.agents[Id<ir::Agent>{agent}].name; }

  // ── What can happen next ──
  void visit(const Call& call) {
    if (forbids(call, Value::Record{}) != Truth::No) out_.forbids = true;
    tools(call);
    results(call);
    learned(call);
    for (const auto& form : p_.forms) forms(form, call);
    for (const auto& edge : p_.handoffs) this->edge(edge, call);
    for (const auto& handler : p_.handlers) this->handler(handler, call);
    if (rule_.kind == Kind::Before && rule_.first->kind == Deed::Kind::Heard && !call.met && may_hear(call.agent)) {
      auto next = call;
      next.met = true;
      reach(std::move(next), {{fmt::format("the caller hears \"{}\"", rule_.first->words), rule_.declared_at}});
    }
  }

  void tools(const Call& call) {
    auto tools = p_.agents[Id<ir::Agent>{call.agent}].tools;
    for (const auto& form : p_.forms) {  // a form asks its checks as the model fills it in, and then runs its tool
      if (form.agent.index != call.agent) continue;
      for (const auto& field : form.fields) {
        if (field.check_tool) tools.push_back(field.check_tool);
      }
      if (form.submit) tools.push_back(form.submit);
    }
    for (const auto id : tools) {
      const auto& tool = p_.tools[id];
      const auto mine = rule_.what.kind == Deed::Kind::Tool && rule_.what.tool == id;
      const auto forbidden = mine ? forbids(call, Value::Record{}) : Truth::No;
      if (mine) out_.offered = true;
      if (values_.truth(tool.available_if, call.values) == Truth::No) continue;
      if (mine) asked();
      if (forbidden == Truth::Yes) continue;
      auto next = call;
      if (mine) happens(next);
      next.started[id.index] = matters_[id.index];
      if (next == call) continue;
      reach(std::move(next), {{fmt::format("the model calls `{}`", tool.name), tool.declared_at}});
    }
  }

  // What a form does by itself when an answer does not do.
  void forms(const ir::Form& form, const Call& call) {
    if (form.agent.index != call.agent) return;
    if (!form.tries_else.empty()) run(form.tries_else, call, {{fmt::format("`{}` was asked for too often", form.name), form.declared_at}});
    for (const auto& field : form.fields) {
      if (!field.rejected.empty()) run(field.rejected, call, {{fmt::format("the answer to `{}` does not do", field.name), form.declared_at}});
    }
  }

  // What the model may set at any time.
  void learned(const Call& call) {
    for (std::size_t i = 0; i < p_.state.size(); ++i) {
      const auto id = p_.state.id_at(i);
      if (p_.state[id].extract.empty() || !values_.follows(id)) continue;
      for (auto& values : values_.after_any(call.values, id, p_.types[p_.state[id].type].optional)) {
        auto next = call;
        next.values = std::move(values);
        reach(std::move(next), {{fmt::format("the model learns `{}`", p_.state[id].name), p_.agents[Id<ir::Agent>{call.agent}].declared_at}});
      }
    }
  }

  // A tool that was started ends, whoever has the call by then.
  void results(const Call& call) {
    for (std::size_t i = 0; i < p_.tools.size(); ++i) {
      if (!call.started[i]) continue;
      const auto& tool = p_.tools[p_.tools.id_at(i)];
      auto done = call;
      if (rule_.kind == Kind::Before && rule_.first->kind == Deed::Kind::Tool && rule_.first->tool.index == i) done.met = true;
      std::vector<Call> after{done};
      for (const auto& [field, expr] : tool.sets) {
        std::vector<Call> wider;
        for (const auto& each : after) {
          for (auto& values : values_.after_set(each.values, field, expr, may_be_none(expr, &tool))) {
            wider.push_back(each);
            wider.back().values = std::move(values);
          }
        }
        after = std::move(wider);
      }
      for (auto& each : after) reach(std::move(each), {{fmt::format("`{}` gives its result", tool.name), tool.declared_at}});
      const auto& policy = p_.policies[tool.policy];
      for (const auto* actions : {&policy.timeout_else.actions, &policy.fails.actions, &policy.expires_else.actions, &policy.concurrency_else.actions}) {
        if (!actions->empty()) run(*actions, call, {{fmt::format("`{}` fails, is late or is called too often", tool.name), tool.declared_at}});
      }
    }
  }

  void edge(const ir::Handoff& edge, const Call& call) {
    if (edge.from && edge.from.index != call.agent) return;
    if (values_.truth(edge.guard, call.values) == Truth::No && !is_mine(edge.target, call)) return;
    const auto by_model = edge.trigger.kind == ir::Trigger::Kind::Model;
    for (const auto target : targets(edge.target, call)) {
      if (!edge.from && target == call.agent) continue;
      const auto mine = is_mine(target);
      const auto forbidden = mine ? forbids(call, Value::Record{}) : Truth::No;
      if (mine) out_.offered = true;
      if (values_.truth(edge.guard, call.values) == Truth::No) continue;
      if (mine) asked();
      if (by_model && forbidden == Truth::Yes) continue;
      leave(call, target, edge.target.kind == ir::Target::Kind::Back, {{edge_text(edge, target), edge.declared_at}}, !by_model);
    }
  }

  auto edge_text(const ir::Handoff& edge, std::uint32_t target) const -> std::string {
    switch (edge.trigger.kind) {
      case ir::Trigger::Kind::Model: return fmt::format("the model hands over to `{}`", name(target));
      case ir::Trigger::Kind::Event: return fmt::format("`on {}`: the call goes to `{}`", ir::describe(edge.trigger.on), name(target));
      case ir::Trigger::Kind::After: return fmt::format("time passes, and the call goes to `{}`", name(target));
      case ir::Trigger::Kind::Becomes: return fmt::format("`{}` becomes true, and the call goes to `{}`", ir::describe(p_, edge.guard), name(target));
    }
    return {};
  }

  void handler(const ir::Handler& handler, const Call& call) {
    if (handler.agent && handler.agent.index != call.agent) return;
    if (values_.truth(handler.guard, call.values) == Truth::No || hidden(handler, call)) return;
    run(handler.actions, call, {{fmt::format("`on {}`", ir::describe(handler.on)), handler.declared_at}});
  }

  // An agent's own handler answers before the program's.
  auto hidden(const ir::Handler& handler, const Call& call) const -> bool {
    return !handler.agent && std::ranges::any_of(p_.handlers, [&](const ir::Handler& own) {
      return own.agent && own.agent.index == call.agent && !own.guard && own.on.kind == handler.on.kind && own.on.after == handler.on.after && own.on.values == handler.on.values && own.on.count <= handler.on.count;
    });
  }

  // ── Actions ──
  void run(const std::vector<ir::Action>& actions, const Call& call, const Steps& steps) {
    if (auto after = all(actions, 0, call, steps)) reach(*std::move(after), steps);
  }

  // From the action `at` on. Nothing: what follows was gone through already.
  auto all(const std::vector<ir::Action>& actions, std::size_t at, Call call, const Steps& steps) -> std::optional<Call> {
    for (; at < actions.size(); ++at) {
      if (!out_.breach.empty()) return std::nullopt;
      const auto& action = actions[at];
      const auto rest = [&](std::vector<Call> many) {
        for (auto& each : many) {
          if (auto after = all(actions, at + 1, std::move(each), steps)) reach(*std::move(after), steps);
        }
        return std::nullopt;
      };
      switch (action.kind) {
        case ir::Action::Kind::Say:
        case ir::Action::Kind::Ask: break;
        case ir::Action::Kind::EndCall: return std::nullopt;
        case ir::Action::Kind::Set: {
          std::vector<Call> many;
          for (auto& values : values_.after_set(call.values, action.state, action.expr, may_be_none(action.expr, nullptr))) {
            many.push_back(call);
            many.back().values = std::move(values);
          }
          if (many.size() > 1) return rest(std::move(many));
          call = std::move(many.front());
          break;
        }
        case ir::Action::Kind::Run:
          if (!tool_runs(action, call, steps)) return std::nullopt;
          break;
        case ir::Action::Kind::Handoff:
          for (const auto target : targets(action.target, call)) {
            auto went = steps;
            went.push_back({fmt::format("the call goes to `{}`", name(target)), steps.back().at});
            leave(call, target, action.target.kind == ir::Target::Kind::Back, std::move(went), true);
          }
          break;  // what follows is done before the call moves
        case ir::Action::Kind::If: {
          const auto truth = values_.truth(action.expr, call.values);
          std::vector<Call> many;
          if (truth != Truth::No) branch(action.then, call, steps, many);
          if (truth != Truth::Yes) branch(action.otherwise, call, steps, many);
          return rest(std::move(many));
        }
      }
    }
    return call;
  }

  void branch(const std::vector<ir::Action>& actions, const Call& call, const Steps& steps, std::vector<Call>& after) {
    if (auto one = all(actions, 0, call, steps)) after.push_back(*std::move(one));
  }

  // The program itself runs a tool. False: the rule is broken.
  auto tool_runs(const ir::Action& action, Call& call, const Steps& steps) -> bool {
    call.started[action.tool.index] = matters_[action.tool.index];
    if (rule_.what.kind != Deed::Kind::Tool || rule_.what.tool != action.tool) return true;
    Value::Record locals;
    for (const auto& [arg, expr] : action.args) {
      if (auto value = values_.value(expr, call.values, Value::Record{})) locals.emplace_back(arg, *std::move(value));
    }
    const auto forbidden = forbids(call, Value(std::move(locals)));
    asked();
    if (forbidden != Truth::No) {
      auto broken = steps;
      broken.push_back({fmt::format("it runs `{}`, {}", p_.tools[action.tool].name, why()), steps.back().at});
      breach(std::move(broken));
      return false;
    }
    happens(call);
    return true;
  }

  // ── Moving on ──
  auto targets(const ir::Target& target, const Call& call) const -> std::vector<std::uint32_t> {
    if (target.kind == ir::Target::Kind::Agent) return {target.agent.index};
    if (target.kind != ir::Target::Kind::Back) return {};
    if (call.from != Unknown) return {call.from};
    std::vector<std::uint32_t> out;
    for (const auto& edge : p_.handoffs) {
      if (edge.target.kind == ir::Target::Kind::Agent && edge.target.agent.index == call.agent && edge.from) out.push_back(edge.from.index);
    }
    if (out.empty()) out.push_back(p_.start.index);
    return out;
  }

  auto is_mine(std::uint32_t agent) const -> bool { return rule_.what.kind == Deed::Kind::Enter && rule_.what.target.kind == ir::Target::Kind::Agent && rule_.what.target.agent.index == agent; }
  auto is_mine(const ir::Target& target, const Call& call) const -> bool {
    return std::ranges::any_of(targets(target, call), [&](std::uint32_t agent) { return is_mine(agent); });
  }

  void leave(const Call& call, std::uint32_t target, bool back, Steps steps, bool by_program) {
    auto next = call;
    next.from = back ? Unknown : call.agent;
    enter(std::move(next), target, std::move(steps), by_program);
  }

  void enter(Call call, std::uint32_t agent, Steps steps, bool by_program) {
    if (is_mine(agent)) {
      const auto forbidden = forbids(call, Value::Record{});
      asked();
      if (forbidden != Truth::No && by_program) {
        steps.back().text += ", " + why();
        return breach(std::move(steps));
      }
      happens(call);
    }
    if (rule_.kind == Kind::Before && rule_.first->kind == Deed::Kind::Enter && rule_.first->target.kind == ir::Target::Kind::Agent && rule_.first->target.agent.index == agent) call.met = true;
    call.agent = agent;
    reach(std::move(call), std::move(steps));
  }

  // ── The rule ──
  auto forbids(const Call& call, const Value& locals) const -> Truth {
    switch (rule_.kind) {
      case Kind::Unless: {
        const auto holds = values_.truth(rule_.unless, call.values, locals);
        return holds == Truth::Yes ? Truth::No : holds == Truth::No ? Truth::Yes : Truth::Maybe;
      }
      case Kind::Before: return call.met ? Truth::No : Truth::Yes;
      case Kind::AtMost: return call.times >= rule_.most ? Truth::Yes : Truth::No;
      case Kind::Reaches: return Truth::No;
    }
    return Truth::No;
  }
  auto why() const -> std::string {
    switch (rule_.kind) {
      case Kind::Unless: return fmt::format("and `{}` may not hold", ir::describe(p_, rule_.unless));
      case Kind::Before: return fmt::format("before {}", rule_.first->kind == Deed::Kind::Heard ? shown(p_, *rule_.first) + " was heard" : shown(p_, *rule_.first) + (rule_.first->kind == Deed::Kind::Tool ? " has given a result" : " has had the call"));
      case Kind::AtMost: return fmt::format("for time {}", rule_.most + 1);
      case Kind::Reaches: return {};
    }
    return {};
  }
  void asked() { out_.offered = out_.asked_for = true; }
  void happens(Call& call) {
    out_.happens = true;
    if (rule_.kind == Kind::AtMost) call.times = std::min(call.times + 1, rule_.most + 1);
  }

  // Whether the agent, or anybody, says a line with the words.
  auto may_hear(std::uint32_t agent) const -> bool {
    const auto says = [&](const ir::Line& line) {
      std::string all;
      flatten(line.text, all);
      return line.kind == ir::Line::Kind::Words && all.find(rule_.first->words) != std::string::npos;
    };
    const auto& who = p_.agents[Id<ir::Agent>{agent}];
    bool elsewhere = true;
    for (const auto& each : p_.agents) elsewhere = elsewhere && !(each.greet_first && says(*each.greet_first)) && !(each.greet_return && says(*each.greet_return));
    return elsewhere || (who.greet_first && says(*who.greet_first)) || (who.greet_return && says(*who.greet_return));
  }

  auto may_be_none(Id<ir::Expr> id, const ir::Tool* tool) const -> bool {
    const auto& expr = p_.exprs[id];
    using Op = ir::Expr::Op;
    if (expr.op == Op::Literal) return expr.literal.is_none();
    if (expr.op == Op::State) return p_.types[p_.state[expr.state].type].optional;
    if (expr.op == Op::Local && tool && expr.name == "result" && tool->result) return p_.types[tool->result].optional;
    if (expr.op == Op::Local && tool) {
      const auto param = std::ranges::find(tool->params, expr.name, &ir::Field::name);
      return param == tool->params.end() || p_.types[param->type].optional;
    }
    return expr.op == Op::Local || expr.op == Op::Field || expr.op == Op::Call;
  }

  // ── The calls gone through ──
  void reach(Call call, Steps steps) {
    const auto [place, fresh] = known_.insert(std::move(call));
    if (fresh) seen_.push_back({&*place, at_, std::move(steps)});
  }

  void breach(Steps last) {
    if (!out_.breach.empty()) return;
    std::vector<const Steps*> way{&last};
    for (auto i = at_; !seen_.empty(); i = seen_[i].parent) {
      way.push_back(&seen_[i].steps);
      if (i == 0) break;
    }
    for (auto each = way.rbegin(); each != way.rend(); ++each) out_.breach.insert(out_.breach.end(), (*each)->begin(), (*each)->end());
  }

  const ir::Program& p_;
  const Rule& rule_;
  PossibleValues values_;
  std::vector<bool> matters_;  // by Tool
  std::set<Call> known_;
  std::vector<Seen> seen_;
  std::size_t at_ = 0;
  RuleVerdict out_;
};

}  // namespace

auto search(const ir::Program& program, const Rule& rule) -> RuleVerdict { return Search{program, rule}.run(); }

auto shown(const ir::Program& program, const Deed& deed) -> std::string {
  switch (deed.kind) {
    case Deed::Kind::Tool: return "`" + program.tools[deed.tool].name + "`";
    case Deed::Kind::Heard: return "\"" + deed.words + "\"";
    case Deed::Kind::Enter: return deed.target.kind == ir::Target::Kind::Agent ? "`" + program.agents[deed.target.agent].name + "`" : "`back`";
  }
  return {};
}

}  // namespace flow::review
