// Are the ways out ways out? A transfer that nothing leads to is none; and of those that stand in for each other, one
// must lead to something else, or a caller whom nobody answers is left with nothing.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/review/checks.h"

namespace flow::review {
namespace {

using Transfers = std::vector<const ast::TransferDecl*>;

void find_transfers(const Subject& subject, const std::vector<ast::Action>& actions, Transfers& found) {
  for (const auto& each : actions) {
    if (const auto* go = std::get_if<ast::Goto>(&each.node)) {
      if (const auto* transfer = subject.scope().transfer(go->target)) found.push_back(transfer);
    }
    if (const auto* branch = std::get_if<ast::Branch>(&each.node)) {
      find_transfers(subject, branch->then, found);
      find_transfers(subject, branch->otherwise, found);
    }
  }
}

auto stand_ins(const Subject& subject, const ast::TransferDecl& transfer) -> Transfers {
  Transfers found;
  if (const auto* fails = check::clause(transfer.block, "fails")) find_transfers(subject, fails->actions, found);
  return found;
}

// The one transfer that follows, if nothing else does: no line, no agent, no end.
auto only_stand_in(const Subject& subject, const ast::TransferDecl& transfer) -> const ast::TransferDecl* {
  const auto* fails = check::clause(transfer.block, "fails");
  if (!fails || fails->actions.size() != 1) return nullptr;
  const auto* go = std::get_if<ast::Goto>(&fails->actions[0].node);
  return go ? subject.scope().transfer(go->target) : nullptr;
}

// `first` and those that stand in for it, if the last one's stand-in is `first` again; else nothing.
auto circle_of(const Subject& subject, const ast::TransferDecl* first) -> Transfers {
  Transfers way{first};
  for (const auto* next = only_stand_in(subject, *first); next != first; next = only_stand_in(subject, *next)) {
    if (!next || std::ranges::find(way, next) != way.end()) return {};
    way.push_back(next);
  }
  return way;
}

}  // namespace

void unused_transfers(const Subject& subject, const Graph& graph, diag::Report& report) {
  std::set<const ast::TransferDecl*> used;
  Transfers open;
  for (const auto& node : graph.nodes) {
    for (const auto& way : node.ways) {
      if (way.transfer) open.push_back(way.transfer);
    }
  }
  while (!open.empty()) {
    const auto* transfer = open.back();
    open.pop_back();
    if (!used.insert(transfer).second) continue;
    for (const auto* next : stand_ins(subject, *transfer)) open.push_back(next);
  }
  for (const auto& transfer : subject.modules.front()->tree.transfers) {
    if (!used.contains(&transfer)) report.add(transfer.name.at, diag::UnusedTransfer, diag::Name{transfer.name.text});
  }
}

void transfers_in_a_circle(const Subject& subject, const Graph& graph, diag::Report& report) {
  std::set<const ast::TransferDecl*> said;
  for (const auto* first : graph.transfers) {
    const auto circle = circle_of(subject, first);
    if (circle.empty() || said.contains(first)) continue;
    said.insert(circle.begin(), circle.end());
    std::string names;
    for (std::size_t i = 0; i < circle.size(); ++i) names += fmt::format("{}`{}`", i == 0 ? "" : i + 1 == circle.size() ? " and " : ", ", circle[i]->name.text);
    report.add(first->name.at, diag::TransfersInACircle, diag::Text{names});
  }
}

}  // namespace flow::review
