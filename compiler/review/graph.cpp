#include "compiler/review/graph.h"

#include <algorithm>

namespace flow::review {
namespace {

using check::Args;

auto cause_of(const ast::Event& event) -> std::optional<Cause> {
  const auto& name = event.name.text;
  if (name == "dtmf" || name == "phrase") return Cause::Caller;
  if (name == "hangup" || name == "call_end") return std::nullopt;  // there is no call any more
  if (name == "call_start") return Cause::Data;
  return Cause::Trouble;
}

auto cause_of(const ast::Handoff& edge) -> std::optional<Cause> {
  switch (edge.trigger.kind) {
    case ast::Trigger::Kind::When: return Cause::Model;
    case ast::Trigger::Kind::After: return Cause::Time;
    case ast::Trigger::Kind::On: return cause_of(edge.trigger.event);
    case ast::Trigger::Kind::None: return Cause::Data;
  }
  return std::nullopt;
}

class Builder {
 public:
  explicit Builder(const Subject& subject) : s_(subject) {}

  auto run() -> Graph {
    for (const auto* agent : agents_of(s_)) {
      g_.place[agent] = g_.nodes.size();
      g_.nodes.push_back({.agent = agent, .ways = {}, .endings = {}});
    }
    for (const auto* module : s_.modules) {
      for (const auto& each : module->tree.transfers) g_.transfers.push_back(&each);
    }
    g_.limited = check::clause(s_.flow.block, "max_duration") != nullptr;
    for (auto& node : g_.nodes) fill(node);
    reach();
    return std::move(g_);
  }

 private:
  void fill(Node& node) {
    std::vector<const ast::Handler*> own;
    for (const auto* each : lineage(s_.scope(), *node.agent)) {
      for (const auto& edge : each->block.handoffs) handoff(edge, node, false);
      for (const auto& handler : each->block.handlers) own.push_back(&handler);
      for (const auto& form : each->block.forms) this->form(form, node);
    }
    for (const auto* module : s_.modules) {
      for (const auto& edge : module->tree.handoffs) handoff(edge, node, true);
      for (const auto& handler : module->tree.handlers) {
        if (hidden(handler, *module, own)) continue;
        if (const auto cause = cause_of(handler.event)) actions(handler.actions, *cause, node);
      }
    }
    for (const auto* handler : own) {
      if (const auto cause = cause_of(handler->event)) actions(handler->actions, *cause, node);
    }
    for (const auto* tool : tools_of(s_, *node.agent)) this->tool(*tool, node);
  }

  // The agent's own handlers go before the program's, and those of the flow's own file before imported ones.
  auto hidden(const ast::Handler& handler, const check::Module& module, const std::vector<const ast::Handler*>& own) const -> bool {
    const auto& mine = s_.modules.front()->tree.handlers;
    if (&module != s_.modules.front() && std::ranges::any_of(mine, [&](const ast::Handler& other) { return same_event(other.event, handler.event); })) return true;
    return std::ranges::any_of(own, [&](const ast::Handler* other) {
      return !other->guard && same_event(other->event, handler.event) && count_of(other->event) <= count_of(handler.event);
    });
  }

  void tool(const ast::ToolDecl& tool, Node& node) {
    const auto* builtin = check::clause(tool.block, "builtin");
    if (builtin && Args{*builtin}.word("end_call")) node.endings.push_back(Cause::Model);
    for (const auto* cell : {"timeout", "concurrency", "fails", "expires"}) {
      const auto* clause = cell_of(s_, tool, cell);
      if (!clause) continue;
      actions(clause->otherwise, Cause::Trouble, node);
      actions(clause->actions, Cause::Trouble, node);
    }
  }

  void form(const ast::Form& form, Node& node) {
    for (const auto& each : form.clauses) actions(each.otherwise, Cause::Trouble, node);
    for (const auto& each : form.fields) {
      actions(each.otherwise, Cause::Trouble, node);
      for (const auto& arg : each.args) called(arg.value, node);
    }
    for (const auto& each : form.clauses) {
      for (const auto& arg : each.args) called(arg.value, node);
    }
  }

  // What becomes of a tool that a form asks or is submitted to, the form's agent does.
  void called(const ast::Expr& value, Node& node) {
    if (const auto* binary = value.as<ast::Binary>(); binary && binary->left && binary->right) {
      called(*binary->left, node);
      called(*binary->right, node);
    }
    const auto* call = value.as<ast::Call>();
    if (const auto* each = call ? s_.scope().tool(call->callee) : nullptr) tool(*each, node);
  }

  void actions(const std::vector<ast::Action>& list, Cause cause, Node& node) {
    for (const auto& each : list) {
      if (const auto* go = std::get_if<ast::Goto>(&each.node)) way(go->target, cause, nullptr, node);
      if (const auto* verb = std::get_if<ast::Do>(&each.node); verb && verb->verb.text == "end_call") node.endings.push_back(cause);
      if (const auto* branch = std::get_if<ast::Branch>(&each.node)) {
        actions(branch->then, cause, node);
        actions(branch->otherwise, cause, node);
      }
    }
  }

  void handoff(const ast::Handoff& edge, Node& node, bool everywhere) {
    const auto cause = cause_of(edge);
    if (!cause) return;
    // An edge of every agent does not lead from one to itself.
    if (everywhere && s_.scope().agent(edge.target) == node.agent) return;
    way(edge.target, *cause, &edge, node, everywhere);
  }

  void way(const ast::Path& target, Cause cause, const ast::Handoff* edge, Node& node, bool everywhere = false) {
    Way out{.cause = cause, .edge = edge, .everywhere = everywhere, .at = target.at};
    out.back = target.is("back");
    out.agent = out.back ? nullptr : s_.scope().agent(target);
    out.transfer = out.back ? nullptr : s_.scope().transfer(target);
    if (out.agent && !g_.place.contains(out.agent)) out.agent = nullptr;
    if (out.agent || out.transfer || out.back) node.ways.push_back(out);
  }

  void reach() {
    const auto* clause = check::clause(s_.flow.block, "start");
    const auto* path = clause ? Args{*clause}.path() : nullptr;
    std::vector<const ast::AgentDecl*> open{path ? s_.scope().agent(*path) : nullptr};
    while (!open.empty()) {
      const auto found = g_.place.find(open.back());
      open.pop_back();
      if (found == g_.place.end() || g_.nodes[found->second].reached) continue;
      auto& node = g_.nodes[found->second];
      node.reached = true;
      for (const auto& way : node.ways) {
        if (way.agent) open.push_back(way.agent);
        if (way.transfer) returned(*way.transfer, open);
      }
    }
  }

  // Who gets the call if nobody outside takes it.
  void returned(const ast::TransferDecl& transfer, std::vector<const ast::AgentDecl*>& open) const {
    const auto* fails = check::clause(transfer.block, "fails");
    if (!fails) return;
    returned(fails->actions, open, {&transfer});
  }

  // `tried`: those that lead here, so that two that lead to each other come to an end.
  void returned(const std::vector<ast::Action>& actions, std::vector<const ast::AgentDecl*>& open, const std::vector<const ast::TransferDecl*>& tried) const {
    for (const auto& each : actions) {
      if (const auto* branch = std::get_if<ast::Branch>(&each.node)) {
        returned(branch->then, open, tried);
        returned(branch->otherwise, open, tried);
      }
      const auto* go = std::get_if<ast::Goto>(&each.node);
      if (!go) continue;
      if (const auto* agent = s_.scope().agent(go->target)) open.push_back(agent);
      const auto* next = s_.scope().transfer(go->target);
      const auto* fails = next && std::ranges::find(tried, next) == tried.end() ? check::clause(next->block, "fails") : nullptr;
      if (!fails) continue;
      auto deeper = tried;
      deeper.push_back(next);
      returned(fails->actions, open, deeper);
    }
  }

  const Subject& s_;
  Graph g_;
};

}  // namespace

auto can_end(const Node& node) -> bool {
  return !node.endings.empty() || std::ranges::any_of(node.ways, [](const Way& way) { return way.transfer != nullptr; });
}

auto graph_of(const Subject& subject) -> Graph { return Builder{subject}.run(); }

auto Graph::targets(const Node& from, const Way& way) const -> std::vector<std::size_t> {
  if (way.agent) return {place.at(way.agent)};
  std::vector<std::size_t> out;
  for (std::size_t i = 0; way.back && i < nodes.size(); ++i) {
    if (std::ranges::any_of(nodes[i].ways, [&](const Way& other) { return other.agent == from.agent; })) out.push_back(i);
  }
  return out;
}

auto Graph::leading_to(const std::function<bool(const Node&)>& good) const -> std::vector<bool> {
  std::vector<std::vector<std::size_t>> sources(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const auto& way : nodes[i].ways) {
      for (const auto target : targets(nodes[i], way)) sources[target].push_back(i);
    }
  }
  std::vector<bool> leads(nodes.size());
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (good(nodes[i])) open.push_back(i);
  }
  while (!open.empty()) {
    const auto at = open.back();
    open.pop_back();
    if (leads[at]) continue;
    leads[at] = true;
    open.insert(open.end(), sources[at].begin(), sources[at].end());
  }
  return leads;
}

auto count_of(const ast::Event& event) -> std::int64_t {
  for (std::size_t i = 0; i + 1 < event.args.size(); ++i) {
    const auto* number = event.args[i].value.word() == "count" ? event.args[i + 1].value.as<ast::Int>() : nullptr;
    if (number) return number->value;
  }
  return 1;
}

auto same_event(const ast::Event& a, const ast::Event& b) -> bool {
  if (a.name.text != b.name.text) return false;
  std::vector<std::string> left, right;
  const auto texts = [](const ast::Event& event, std::vector<std::string>& out) {
    for (const auto& arg : event.args) {
      if (const auto* text = arg.value.as<ast::Template>()) out.push_back(text->constant().value_or(""));
    }
  };
  texts(a, left);
  texts(b, right);
  return left == right;
}

}  // namespace flow::review
