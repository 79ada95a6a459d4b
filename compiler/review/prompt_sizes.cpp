// Does the service take an agent's prompt? Instructions and the descriptions of its tools and handoffs go together, and
// every turn pays for them.

#include "compiler/ir/providers.h"
#include "compiler/review/checks.h"
#include "compiler/review/tokens.h"

namespace flow::review {
namespace {

auto tools_tokens(const ir::Program& program, const ir::Agent& agent, Id<ir::Agent> id) -> std::size_t {
  std::size_t tokens = 0;
  for (const auto tool : agent.tools) {
    const auto& row = program.tools[tool];
    tokens += tokens_about(row.name) + tokens_about(row.doc) + tokens_about(row.schema);
  }
  for (const auto& form : program.forms) {
    if (form.agent == id) tokens += tokens_about(form.function) + tokens_about(form.doc) + 2 * tokens_about(form.schema);  // its questions stand in both
  }
  tokens += tokens_about(program.extract_schema);
  for (const auto& edge : program.handoffs) {
    if (!edge.function.empty() && (!edge.from || edge.from == id)) tokens += tokens_about(edge.function) + tokens_about(edge.trigger.when) + tokens_about(edge.schema);
  }
  return tokens;
}

}  // namespace

void prompt_sizes(const Subject& subject, diag::Report& report) {
  const auto& program = subject.program;
  const auto* provider = program.realtimes.has(program.realtime) ? ir::provider(program.realtimes[program.realtime].provider) : nullptr;
  if (!provider || provider->prompt_tokens_max == 0) return;
  for (const auto* agent : agents_of(subject)) {
    const auto id = subject.agents.at(agent);
    const auto& row = program.agents[id];
    const auto instructions = tokens_about(program.instructions) + tokens_about(row.instructions);
    const auto tokens = instructions + tools_tokens(program, row, id);
    if (tokens <= provider->prompt_tokens_max) continue;
    const auto* told = clause_of(subject.scope(), *agent, "instructions");
    const auto count = [](std::size_t n) { return diag::Count{static_cast<std::int64_t>(n)}; };
    report.add(told ? told->name.at : agent->name.at, diag::LongPrompt, diag::Name{agent->name.text}, count(tokens), diag::Name{std::string(provider->name)},
               count(provider->prompt_tokens_max));
  }
}

}  // namespace flow::review
