// Does the service take an agent's prompt? Instructions and the descriptions of its tools and handoffs go together, and
// every turn pays for them.

#include <algorithm>

#include "compiler/ir/budget.h"
#include "compiler/ir/providers.h"
#include "compiler/review/checks.h"

namespace flow::review {
void prompt_sizes(const Subject& subject, diag::Report& report) {
  const auto& program = subject.program;
  const auto* provider = program.realtimes.has(program.realtime) ? ir::provider(program.realtimes[program.realtime].provider) : nullptr;
  if (!provider || provider->prompt_tokens_max == 0) return;
  const auto budget = ir::budget_of(program);
  for (const auto* agent : agents_of(subject)) {
    const auto own = std::ranges::find(budget.agents, subject.agents.at(agent), &ir::AgentBudget::agent);
    const auto tokens = own->prompt();
    if (tokens <= provider->prompt_tokens_max) continue;
    const auto* told = clause_of(subject.scope(), *agent, "instructions");
    const auto count = [](std::size_t n) { return diag::Count{static_cast<std::int64_t>(n)}; };
    report.add(told ? told->name.at : agent->name.at, diag::LongPrompt, diag::Name{agent->name.text}, count(tokens), diag::Name{std::string(provider->name)},
               count(provider->prompt_tokens_max));
  }
}

}  // namespace flow::review
