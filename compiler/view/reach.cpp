// What a call can come to. A condition holds for ever or not at all only where that is plain: a field of the state that
// nothing sets keeps its value; everything else may be as it must be.

#include <algorithm>

#include "compiler/view/compare.h"

namespace flow::view {
namespace {

constexpr auto Nothing = static_cast<std::size_t>(-1);

class Walk {
 public:
  // As if the tool `without` did not exist.
  Walk(const ir::Program& program, std::size_t without) : p_(program), without_(without), agents_(program.agents.size()), tools_(program.tools.size()), set_(program.state.size()), left_(program.transfers.size()) {
    agents_[p_.start.index] = true;
    do {
      grown_ = false;
      step();
    } while (grown_);
  }

  auto agent(std::size_t i) const -> bool { return agents_[i]; }
  auto tool(std::size_t i) const -> bool { return tools_[i]; }

 private:
  void mark(std::vector<bool>& what, std::size_t i) {
    if (what[i]) return;
    what[i] = true;
    grown_ = true;
  }

  void step() {
    for (const auto& edge : p_.handoffs) {
      if (edge.target.agent && here(edge.from) && may_hold(edge.guard)) mark(agents_, edge.target.agent.index);
    }
    for (const auto& edge : p_.handoffs) {
      if (edge.target.transfer && here(edge.from) && may_hold(edge.guard)) leave(edge.target.transfer);
    }
    for (const auto& handler : p_.handlers) {
      if (here(handler.agent) && may_hold(handler.guard)) act(handler.actions);
    }
    for (std::size_t a = 0; a < agents_.size(); ++a) {
      if (!agents_[a]) continue;
      for (const auto id : p_.agents[p_.agents.id_at(a)].tools) {
        if (may_hold(p_.tools[id].available_if)) run(id);
      }
    }
    for (const auto& form : p_.forms) {
      if (!here(form.agent)) continue;
      act(form.tries_else);
      for (const auto& field : form.fields) {
        act(field.rejected);
        if (field.check_tool) run(field.check_tool);
      }
      if (form.submit && may_hold(p_.tools[form.submit].available_if)) run(form.submit);
    }
    for (std::size_t i = 0; i < p_.state.size(); ++i) {
      if (!p_.state[p_.state.id_at(i)].extract.empty()) mark(set_, i);
    }
  }

  void run(Id<ir::Tool> id) {
    if (id.index == without_) return;
    mark(tools_, id.index);
    const auto& tool = p_.tools[id];
    for (const auto& [field, value] : tool.sets) mark(set_, field.index);
    const auto& policy = p_.policies[tool.policy];
    for (const auto* otherwise : {&policy.concurrency_else, &policy.timeout_else, &policy.fails, &policy.expires_else}) act(otherwise->actions);
  }

  // Nobody may take the call: then the flow goes on.
  void leave(Id<ir::Transfer> id) {
    if (left_[id.index]) return;
    left_[id.index] = true;
    act(p_.transfers[id].fails.actions);
    left_[id.index] = false;
  }

  void act(const std::vector<ir::Action>& actions) {
    for (const auto& action : actions) {
      if (action.kind == ir::Action::Kind::Set) mark(set_, action.state.index);
      if (action.kind == ir::Action::Kind::Run) run(action.tool);
      if (action.kind == ir::Action::Kind::Handoff && action.target.agent) mark(agents_, action.target.agent.index);
      if (action.kind == ir::Action::Kind::Handoff && action.target.transfer) leave(action.target.transfer);
      act(action.then);
      act(action.otherwise);
    }
  }

  auto here(Id<ir::Agent> agent) const -> bool { return !agent || agents_[agent.index]; }

  auto initial(Id<ir::StateField> field) const -> Value {
    const auto value = p_.state[field].initial;
    return value && p_.exprs[value].op == ir::Expr::Op::Literal ? p_.exprs[value].literal : Value{};
  }
  // The field of the state that the expression reads and that is still as it was at the start.
  auto untouched(Id<ir::Expr> id) const -> Id<ir::StateField> {
    const auto& e = p_.exprs[id];
    if (e.op == ir::Expr::Op::Field) return untouched(e.args[0]);
    if (e.op != ir::Expr::Op::State || set_[e.state.index]) return {};
    // A value that must be computed is not known here.
    const auto value = p_.state[e.state].initial;
    return !value || p_.exprs[value].op == ir::Expr::Op::Literal ? e.state : Id<ir::StateField>{};
  }

  auto may_hold(Id<ir::Expr> id) const -> bool {
    if (!id) return true;
    const auto& e = p_.exprs[id];
    using Op = ir::Expr::Op;
    switch (e.op) {
      case Op::Literal: return e.literal.truthy();
      case Op::And: return may_hold(e.args[0]) && may_hold(e.args[1]);
      case Op::Or: return may_hold(e.args[0]) || may_hold(e.args[1]);
      case Op::Not: {
        const auto field = untouched(e.args[0]);
        return !field || p_.exprs[e.args[0]].op != Op::State || !initial(field).truthy();
      }
      case Op::Eq: return may_equal(e.args[0], e.args[1]) && may_equal(e.args[1], e.args[0]);
      case Op::State:
      case Op::Field: {
        const auto field = untouched(id);
        return !field || initial(field).truthy();
      }
      default: return true;
    }
  }
  auto may_equal(Id<ir::Expr> left, Id<ir::Expr> right) const -> bool {
    const auto& literal = p_.exprs[right];
    const auto field = untouched(left);
    if (!field || literal.op != ir::Expr::Op::Literal || p_.exprs[left].op != ir::Expr::Op::State) return true;
    return initial(field) == literal.literal;
  }

  const ir::Program& p_;
  std::size_t without_;
  std::vector<bool> agents_, tools_, set_;
  std::vector<bool> left_;  // transfers that are being followed
  bool grown_ = false;
};

}  // namespace

auto reach(const ir::Program& program) -> Reach {
  Reach out;
  const Walk all{program, Nothing};
  for (std::size_t i = 0; i < program.agents.size(); ++i) {
    if (all.agent(i)) out.agents.push_back(program.agents[program.agents.id_at(i)].name);
  }
  const auto name = [&](std::size_t i) { return program.tools[program.tools.id_at(i)].name; };
  for (std::size_t i = 0; i < program.tools.size(); ++i) {
    if (all.tool(i)) out.tools.push_back(name(i));
  }
  for (std::size_t first = 0; first < program.tools.size(); ++first) {
    if (!all.tool(first)) continue;
    const Walk without{program, first};
    for (std::size_t i = 0; i < program.tools.size(); ++i) {
      if (i != first && all.tool(i) && !without.tool(i)) out.first.emplace_back(name(i), name(first));
    }
  }
  return out;
}

}  // namespace flow::view
