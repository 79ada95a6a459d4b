#include "compiler/ir/budget.h"

#include <algorithm>
#include <cmath>

#include "compiler/ir/providers.h"
#include "compiler/ir/tokens.h"

namespace flow::ir {
namespace {

constexpr double Million = 1e6;

auto bytes_of(const Template& text) -> std::size_t {
  std::size_t bytes = 0;
  for (const auto& part : text) bytes += part.text.size() + bytes_of(part.then) + bytes_of(part.otherwise);
  return bytes;
}

auto of_agent(const Program& program, Id<Agent> id, std::size_t a_turn) -> AgentBudget {
  const auto& agent = program.agents[id];
  AgentBudget out{.agent = id};
  out.instructions = tokens_about(program.instructions) + tokens_about(agent.instructions);
  out.at_most = bytes_of(program.instructions) + bytes_of(agent.instructions);
  const auto describe = [&](const std::string& text) {
    out.tools += tokens_about(text);
    out.at_most += tokens_at_most(text);
  };
  for (const auto tool : agent.tools) {
    describe(program.tools[tool].name);
    describe(program.tools[tool].doc);
    describe(program.tools[tool].schema);
  }
  for (const auto& form : program.forms) {
    if (form.agent != id) continue;
    for (const auto* text : {&form.function, &form.doc, &form.schema, &form.schema}) describe(*text);  // its questions stand in both
  }
  describe(program.extract_schema);
  for (const auto& edge : program.handoffs) {
    if (!edge.function.empty() && (!edge.from || edge.from == id)) {
      describe(edge.function);
      describe(edge.trigger.when);
      describe(edge.schema);
    }
    if (edge.target.kind != Target::Kind::Agent || edge.target.agent != id) continue;
    out.carries_all = out.carries_all || edge.history == History::Full;
    if (edge.history == History::Last) out.carried = std::max(out.carried, static_cast<std::size_t>(edge.history_turns) * a_turn);
    if (edge.history == History::None) out.carried = std::max(out.carried, a_turn);
  }
  return out;
}

// Every answer reads the prompt and what was said before it; the conversation grows until the service forgets its begin.
auto longest_call(const Program& program, const Budget& budget, const Pace& pace) -> std::optional<LongestCall> {
  if (program.max_duration.count() <= 0 || !program.realtime || !program.realtimes[program.realtime].prices) return std::nullopt;
  const auto& link = program.realtimes[program.realtime];
  const auto& prices = *link.prices;
  const auto* service = provider(link.provider);
  const auto room = service && service->context_tokens_max > 0 ? static_cast<double>(service->context_tokens_max) : 1e9;
  double prompt = 0, least_prompt = 1e9;
  for (const auto& agent : budget.agents) {
    prompt = std::max(prompt, static_cast<double>(agent.prompt()));
    least_prompt = std::min(least_prompt, static_cast<double>(agent.prompt()));
  }
  const auto turns = std::floor(static_cast<double>(program.max_duration.count()) / 1000 / pace.seconds());
  LongestCall out{.length = program.max_duration};
  double said = 0;
  for (double turn = 0; turn < turns; ++turn) {
    const auto spoken = pace.tokens_out() * prices.audio_out;
    out.most += prompt * prices.text_in + (said + pace.tokens_in()) * std::max(prices.audio_in, prices.text_in) + spoken;
    out.least += (least_prompt + said) * std::min(prices.cached_in, prices.text_in) + pace.tokens_in() * prices.audio_in + spoken;
    said = std::min(said + static_cast<double>(budget.a_turn), room);
  }
  out.most /= Million;
  out.least /= Million;
  return out;
}

}  // namespace

auto budget_of(const Program& program, const Pace& pace) -> Budget {
  Budget out;
  out.a_turn = static_cast<std::size_t>(pace.tokens_in() + pace.tokens_out());
  for (std::size_t i = 0; i < program.agents.size(); ++i) out.agents.push_back(of_agent(program, program.agents.id_at(i), out.a_turn));
  out.longest = longest_call(program, out, pace);
  return out;
}

auto answer_cost(const AgentBudget& agent, const Prices& prices, const Pace& pace) -> double {
  return (static_cast<double>(agent.prompt()) * prices.text_in + pace.tokens_in() * prices.audio_in + pace.tokens_out() * prices.audio_out) / Million;
}

}  // namespace flow::ir
