#include "compiler/lower/handoffs.h"

#include <algorithm>

#include "compiler/ir/schema.h"
#include "compiler/lower/actions.h"
#include "compiler/lower/forms.h"
#include "compiler/lower/types.h"

namespace flow::lower {
namespace {

// An edge of the source: whose it is, and where it stands among all of its file.
struct Edge {
  const ast::Handoff* source = nullptr;
  const ast::AgentDecl* from = nullptr;  // null: every agent
  std::size_t module = 0;
  std::uint32_t place = 0;
};

// First in the file wins; what an agent inherits comes after what it says itself.
auto edges_of(Context& context) -> std::vector<Edge> {
  std::vector<Edge> edges;
  for (std::size_t m = 0; m < context.modules.size(); ++m) {
    const auto& tree = context.modules[m]->tree;
    for (const auto& handoff : tree.handoffs) edges.push_back({&handoff, nullptr, m, handoff.at.begin});
    for (const auto& agent : tree.agents) {
      if (!context.agents.contains(&agent)) continue;
      for (const auto* each : lineage(context, agent)) {
        for (const auto& handoff : each->block.handoffs) edges.push_back({&handoff, &agent, m, each == &agent ? handoff.at.begin : agent.at.end});
      }
    }
  }
  std::ranges::stable_sort(edges, {}, [](const Edge& e) { return std::pair{e.module, e.place}; });
  return edges;
}

// ── What is carried ──

struct Arrivals {
  bool bare = false;  // some way in brings nothing
  std::vector<const ast::Handoff*> edges;
};

void find_gotos(Context& context, const std::vector<ast::Action>& actions, std::vector<Arrivals>& arrivals) {
  for (const auto& action : actions) {
    if (const auto* jump = std::get_if<ast::Goto>(&action.node)) {
      const auto* agent = context.scope().agent(jump->target);
      if (agent && context.agents.contains(agent)) arrivals[context.agents.at(agent).index].bare = true;
    }
    if (const auto* branch = std::get_if<ast::Branch>(&action.node)) {
      find_gotos(context, branch->then, arrivals);
      find_gotos(context, branch->otherwise, arrivals);
    }
  }
}

void find_gotos(Context& context, const ast::Block& block, std::vector<Arrivals>& arrivals) {
  for (const auto& clause : block.clauses) {
    find_gotos(context, clause.actions, arrivals);
    find_gotos(context, clause.otherwise, arrivals);
    if (clause.block) find_gotos(context, *clause.block, arrivals);
  }
  for (const auto& handler : block.handlers) find_gotos(context, handler.actions, arrivals);
}

auto arrivals_of(Context& context, Id<ir::Agent> start) -> std::vector<Arrivals> {
  std::vector<Arrivals> arrivals(context.program.agents.size());
  if (context.program.agents.has(start)) arrivals[start.index].bare = true;
  bool back = false;
  for (const auto& edge : edges_of(context)) {
    const auto* agent = context.scope().agent(edge.source->target);
    if (agent && context.agents.contains(agent)) arrivals[context.agents.at(agent).index].edges.push_back(edge.source);
    back = back || edge.source->target.is("back");
  }
  // `back` comes to whoever handed over, and brings nothing along.
  for (const auto& edge : edges_of(context)) {
    if (!back || edge.source->target.is("back")) continue;
    for (const auto& [agent, row] : context.agents) {
      if (!edge.from || edge.from == agent) arrivals[row.index].bare = true;
    }
  }
  for (const auto* module : context.modules) {
    for (const auto& handler : module->tree.handlers) find_gotos(context, handler.actions, arrivals);
    for (const auto& policy : module->tree.policies) find_gotos(context, policy.block, arrivals);
    for (const auto& transfer : module->tree.transfers) find_gotos(context, transfer.block, arrivals);
    for (const auto& tool : module->tree.tools) find_gotos(context, tool.block, arrivals);
    for (const auto& agent : module->tree.agents) find_gotos(context, agent.block, arrivals);
  }
  return arrivals;
}

void add_carried(Context& context, const ast::Field& field, Locals& locals) {
  const auto type = lower_type(context, field.type);
  if (!type || field.name.missing()) return;
  const auto known = std::ranges::find(locals, field.name.text, &Local::name);
  if (known == locals.end()) {
    locals.push_back({field.name.text, *type});
  } else if (known->type != *type && !context.report().has_error_in(field.at)) {
    context.report().add(field.name.at, diag::CarriedDifferently, diag::Name{field.name.text});
  }
}

// ── Edges ──

auto lower_trigger(const ast::Trigger& trigger, bool guarded) -> std::optional<ir::Trigger> {
  using Kind = ir::Trigger::Kind;
  ir::Trigger out;
  switch (trigger.kind) {
    case ast::Trigger::Kind::When:
      out.when = trigger.when.constant().value_or("");
      return out.when.empty() ? std::nullopt : std::optional{out};
    case ast::Trigger::Kind::On: {
      const auto event = lower_event(trigger.event);
      if (!event) return std::nullopt;
      out.kind = Kind::Event;
      out.on = *event;
      return out;
    }
    case ast::Trigger::Kind::After: {
      const auto* after = trigger.after.as<ast::Duration>();
      if (!after || after->value <= ir::Millis::zero()) return std::nullopt;
      out.kind = Kind::After;
      out.after = after->value;
      return out;
    }
    case ast::Trigger::Kind::None: out.kind = Kind::Becomes; break;
  }
  return guarded ? std::optional{out} : std::nullopt;
}

class EdgeLowering {
 public:
  EdgeLowering(Context& context, const Edge& edge, const Carried& carried) : context_(context), edge_(edge), source_(*edge.source) {
    if (edge.from) row_.from = context.agents.at(edge.from);
    if (edge.from) locals_ = form_names(context, row_.from);
    if (const auto found = carried.find(row_.from.index); edge.from && found != carried.end()) locals_.insert(locals_.end(), found->second.begin(), found->second.end());
  }

  void run() {
    check_trigger();
    const auto target = lower_target(context_, source_.target);
    auto trigger = lower_trigger(source_.trigger, bool(source_.guard));
    if (source_.guard) row_.guard = Expressions{context_, locals_}.condition(*source_.guard).expr;
    row_.carry = lower_fields(context_, source_.block.carries);
    clauses();
    if (!target || !trigger) return;
    row_.target = *target;
    row_.trigger = *std::move(trigger);
    row_.declared_at = source_.target.at;
    if (row_.trigger.kind == ir::Trigger::Kind::Model) {
      row_.function = function_name();
      row_.schema = ir::parameters_schema(context_.program, row_.carry);
    } else if (!row_.carry.empty()) {
      context_.report().add(source_.block.carries[0].at, diag::NobodyCarries);
    }
    context_.program.handoffs.add(std::move(row_));
  }

 private:
  void check_trigger() {
    const auto& trigger = source_.trigger;
    auto& report = context_.report();
    if (trigger.kind == ast::Trigger::Kind::None && !source_.guard && !source_.target.missing() && !report.has_error_in(source_.at)) {
      report.add(source_.target.at, diag::NoTrigger);
    }
    if (trigger.kind == ast::Trigger::Kind::When && !trigger.when.constant()) report.add(trigger.when.at, diag::ConstantText);
    if (trigger.kind == ast::Trigger::Kind::On) check_event(context_, trigger.event);
    const auto* after = trigger.after.as<ast::Duration>();
    if (after && after->value <= ir::Millis::zero()) report.add(trigger.after.at, diag::OutOfRange, diag::Name{"after"}, diag::Text{"more than nothing"});
    if (trigger.kind == ast::Trigger::Kind::When && trigger.when.constant() == "") report.add(trigger.when.at, diag::OutOfRange, diag::Name{"when"}, diag::Text{"a text that the model can judge by"});
  }

  void clauses() {
    if (const auto* history = check::clause(source_.block, "history")) {
      check::Args args{*history};
      if (args.word("last")) {
        row_.history = ir::History::Last;
        row_.history_turns = limited(args.integer().value_or(0));
        if (row_.history_turns < 1 || row_.history_turns > NumberMax) context_.report().add(history->at, diag::OutOfRange, diag::Name{"history"}, diag::Text{"1 to a million"});
      }
      if (args.word("none")) row_.history = ir::History::None;
      if (args.word("summary")) row_.history = ir::History::Summary;
    }
    if (const auto* when = check::clause(source_.block, "switch")) {
      check::Args args{*when};
      row_.switch_when = args.word("interrupt") ? ir::Switch::Interrupt : args.word("when_idle") ? ir::Switch::WhenIdle : ir::Switch::AtPause;
    }
    if (const auto* say = check::clause(source_.block, "say")) {
      Locals own;
      for (const auto& field : row_.carry) own.push_back({field.name, field.type});
      check::Args args{*say};
      if (const auto line = args.line()) row_.say = Expressions{context_, own}.line(*line);
    }
  }

  // The model tells edges apart by their functions: no two that one agent may be offered have one name.
  auto function_name() -> std::string {
    const auto& to = row_.target;
    const auto name = to.kind == ir::Target::Kind::Back ? std::string{"back"} : to.kind == ir::Target::Kind::Transfer ? context_.program.transfers[to.transfer].name : context_.program.agents[to.agent].name;
    const auto taken = [&](const std::string& wanted) {
      return std::ranges::any_of(context_.program.handoffs, [&](const ir::Handoff& other) {
        return other.function == wanted && (!other.from || !row_.from || other.from == row_.from);
      });
    };
    auto out = "handoff_" + name;
    for (int i = 2; taken(out); ++i) out = "handoff_" + name + "_" + std::to_string(i);
    return out;
  }

  Context& context_;
  const Edge& edge_;
  const ast::Handoff& source_;
  Locals locals_;
  ir::Handoff row_;
};

}  // namespace

auto carried_values(Context& context, Id<ir::Agent> start) -> Carried {
  Carried out;
  const auto arrivals = arrivals_of(context, start);
  for (std::uint32_t i = 0; i < arrivals.size(); ++i) {
    auto& locals = out[i];
    for (const auto* edge : arrivals[i].edges) {
      for (const auto& field : edge->block.carries) add_carried(context, field, locals);
    }
    for (auto& local : locals) {
      local.perhaps = arrivals[i].bare || std::ranges::any_of(arrivals[i].edges, [&](const ast::Handoff* edge) {
        return std::ranges::none_of(edge->block.carries, [&](const ast::Field& field) { return field.name.text == local.name; });
      });
    }
  }
  return out;
}

void lower_handoffs(Context& context, const Carried& carried) {
  for (const auto& edge : edges_of(context)) EdgeLowering{context, edge, carried}.run();
}

}  // namespace flow::lower
