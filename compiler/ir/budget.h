#pragma once
// What a call may cost, from what the flow declares: how many tokens each agent is told, how a conversation grows, and
// what the longest call comes to at the prices of its connection. Before a call nobody knows how much is said, so this
// is between two bounds, and says what it takes for granted.

#include <cstddef>
#include <optional>
#include <vector>

#include "compiler/ir/ir.h"

namespace flow::ir {

// What is taken for granted of a conversation. Source of the rates: OpenAI Realtime, audio tokens: one for 100 ms of the
// caller, one for 50 ms of the agent.
struct Pace {
  double caller_seconds = 4, agent_seconds = 6;  // of a turn
  double tokens_a_second_in = 10, tokens_a_second_out = 20;
  auto seconds() const -> double { return caller_seconds + agent_seconds; }
  auto tokens_in() const -> double { return caller_seconds * tokens_a_second_in; }
  auto tokens_out() const -> double { return agent_seconds * tokens_a_second_out; }
};

struct AgentBudget {
  Id<Agent> agent;
  std::size_t instructions = 0;  // the flow's and its own, about
  std::size_t tools = 0;         // its tools and handoffs, about
  std::size_t carried = 0;       // of the conversation before, by the handoff that brings the most; 0: open, or none
  bool carries_all = false;      // `history full`: all that was said
  std::size_t at_most = 0;       // instructions and tools, whatever the model's vocabulary
  auto prompt() const -> std::size_t { return instructions + tools; }
  auto operator==(const AgentBudget&) const -> bool = default;
};

struct LongestCall {
  Millis length{0};
  double least = 0, most = 0;  // if all that can be was known to the service already; if nothing ever was
  auto operator==(const LongestCall&) const -> bool = default;
};

struct Budget {
  std::vector<AgentBudget> agents;
  std::size_t a_turn = 0;              // tokens that one turn adds to the conversation
  std::optional<LongestCall> longest;  // needs `max_duration` and a `price`
  auto operator==(const Budget&) const -> bool = default;
};

auto budget_of(const Program& program, const Pace& pace = {}) -> Budget;

// What an agent's first answer costs at the least: its prompt is read, and it speaks for a turn's time.
auto answer_cost(const AgentBudget& agent, const Prices& prices, const Pace& pace = {}) -> double;

}  // namespace flow::ir
