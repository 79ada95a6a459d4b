// Does `max_cost` do what it says? It needs the prices of the connection, in its own currency; it must leave room for a
// conversation; and the caller is told when it ends the call.

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/budget.h"
#include "compiler/review/checks.h"

namespace flow::review {
namespace {

constexpr double AnswersMin = 10;  // fewer are no conversation

}  // namespace

void costs(const Subject& subject, diag::Report& report) {
  const auto& program = subject.program;
  const auto* clause = check::clause(subject.flow.block, "max_cost");
  if (!clause || !program.max_cost || !program.realtimes.has(program.realtime)) return;
  const auto& link = program.realtimes[program.realtime];
  if (!link.prices) {
    report.add(clause->at, diag::NoPrices, diag::Name{link.name});
    return;
  }
  if (link.prices->currency != program.currency) {
    report.add(clause->at, diag::OtherCurrency, diag::Name{program.currency}, diag::Name{link.name}, diag::Name{link.prices->currency});
    return;
  }
  const auto says_goodbye = [](const ir::Handler& handler) { return handler.on.kind == ir::EventPattern::Kind::Limit; };
  if (std::ranges::none_of(program.handlers, says_goodbye)) report.add(clause->at, diag::LimitUnsaid, diag::Name{"max_cost"});
  const auto budget = ir::budget_of(program);
  const auto dearest = std::ranges::max_element(budget.agents, {}, [](const ir::AgentBudget& each) { return each.prompt(); });
  if (dearest == budget.agents.end()) return;
  const auto cost = ir::answer_cost(*dearest, *link.prices);
  if (cost <= 0 || *program.max_cost / cost >= AnswersMin) return;
  report.add(clause->at, diag::CostTooLow, diag::Count{static_cast<std::int64_t>(*program.max_cost / cost)}, diag::Name{program.agents[dearest->agent].name},
             diag::Count{static_cast<std::int64_t>(dearest->prompt())}, diag::Text{fmt::format("{:.4f} {}", cost, program.currency)});
}

}  // namespace flow::review
