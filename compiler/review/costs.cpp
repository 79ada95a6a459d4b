// Do `max_cost` and `budget` do what they say? They need the prices of the connection, in its own currency; they must leave
// room for a conversation; and the caller is told when they end the call.

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/budget.h"
#include "compiler/review/checks.h"

namespace flow::review {
namespace {

constexpr double AnswersMin = 10;  // fewer are no conversation

struct Limit {
  std::string name;  // of its clause
  double most = 0;
  std::string currency;
};

void check(const Limit& limit, const Subject& subject, diag::Report& report) {
  const auto& program = subject.program;
  const auto* clause = check::clause(subject.flow.block, limit.name);
  if (!clause || !program.realtimes.has(program.realtime)) return;
  const auto& link = program.realtimes[program.realtime];
  if (!link.prices) {
    report.add(clause->at, diag::NoPrices, diag::Name{limit.name}, diag::Name{link.name});
    return;
  }
  if (link.prices->currency != limit.currency) {
    report.add(clause->at, diag::OtherCurrency, diag::Name{limit.name}, diag::Name{limit.currency}, diag::Name{link.name}, diag::Name{link.prices->currency});
    return;
  }
  const auto says_goodbye = [](const ir::Handler& handler) { return handler.on.kind == ir::EventPattern::Kind::Limit; };
  if (std::ranges::none_of(program.handlers, says_goodbye)) report.add(clause->at, diag::LimitUnsaid, diag::Name{limit.name});
  const auto budget = ir::budget_of(program);
  const auto dearest = std::ranges::max_element(budget.agents, {}, [](const ir::AgentBudget& each) { return each.prompt(); });
  if (dearest == budget.agents.end()) return;
  const auto cost = ir::answer_cost(*dearest, *link.prices);
  if (cost <= 0 || limit.most / cost >= AnswersMin) return;
  report.add(clause->at, diag::CostTooLow, diag::Name{limit.name}, diag::Count{static_cast<std::int64_t>(limit.most / cost)}, diag::Name{program.agents[dearest->agent].name},
             diag::Count{static_cast<std::int64_t>(dearest->prompt())}, diag::Text{fmt::format("{:.4f} {}", cost, limit.currency)});
}

}  // namespace

void costs(const Subject& subject, diag::Report& report) {
  const auto& program = subject.program;
  if (program.max_cost) check({"max_cost", *program.max_cost, program.currency}, subject, report);
  if (program.budget) check({"budget", program.budget->most, program.budget->currency}, subject, report);
}

}  // namespace flow::review
