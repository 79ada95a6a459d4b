#include "runtime/prove/deeds.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "runtime/prove/samples.h"

namespace flow::prove {
namespace {

using Kind = ir::TestStep::Kind;

constexpr std::size_t PairsMax = 10;  // batches of two, of different kinds
constexpr int EnumMax = 8;            // values of an enum that a result takes

auto step(Kind kind, std::string words = {}) -> ir::TestStep { return {.kind = kind, .at = {}, .about = {}, .words = std::move(words)}; }
auto says(std::string words, ir::TestStep model) -> Deed { return {step(Kind::Says, std::move(words)), std::move(model)}; }

auto calls(std::vector<ir::TestCall> list) -> ir::TestStep {
  auto out = step(Kind::ModelCalls);
  out.calls = std::move(list);
  return out;
}

// Whether a session can tell two policies apart.
auto same_rules(const ir::Policy& a, const ir::Policy& b) -> bool {
  auto renamed = b;
  renamed.name = a.name;
  return renamed == a;
}

}  // namespace

Deeds::Deeds(const ir::Program& program)
    : program_(&program), turns_(program.agents.size()), interruptions_(program.agents.size()), outcomes_(program.tools.size()), cough_{step(Kind::Coughs), {}},
      hang_up_{step(Kind::HangsUp), {}}, drop_{step(Kind::Drops), {}} {
  find_kinds();
  for (std::size_t i = 0; i < program.tools.size(); ++i) find_outcomes(program.tools.id_at(i));
  for (std::size_t i = 0; i < program.agents.size(); ++i) find_turns(program.agents.id_at(i));
  find_keys();
}

auto Deeds::kinds_of_tools() const -> std::size_t { return std::set(tool_kinds_.begin(), tool_kinds_.end()).size(); }

// ── What is alike ──

void Deeds::find_kinds() {
  const auto& p = *program_;
  const auto offered_by = [&](std::size_t tool) {
    std::vector<std::uint32_t> agents;
    for (std::size_t a = 0; a < p.agents.size(); ++a) {
      if (std::ranges::find(p.agents[p.agents.id_at(a)].tools, p.tools.id_at(tool)) != p.agents[p.agents.id_at(a)].tools.end()) agents.push_back(static_cast<std::uint32_t>(a));
    }
    return agents;
  };
  const auto alike_tools = [&](std::size_t i, std::size_t j) {
    const auto &a = p.tools[p.tools.id_at(i)], &b = p.tools[p.tools.id_at(j)];
    // A guard, a question or what is set tells a tool apart from all others: its values are its own.
    const bool plain = !a.available_if && !b.available_if && !a.confirm && !b.confirm && a.sets.empty() && b.sets.empty();
    return plain && a.body == b.body && a.effects == b.effects && a.idempotency_key.empty() == b.idempotency_key.empty() && a.params.empty() == b.params.empty() &&
           same_rules(p.policies[a.policy], p.policies[b.policy]) && offered_by(i) == offered_by(j);
  };
  for (std::size_t i = 0; i < p.tools.size(); ++i) {
    auto like = i;
    for (std::size_t j = 0; j < i && like == i; ++j) {
      if (tool_kinds_[j] == j && alike_tools(j, i)) like = j;
    }
    tool_kinds_.push_back(static_cast<std::uint32_t>(like));
  }

  // Agents are alike if their own clauses are, and their edges lead to agents that are: told apart until nothing changes.
  const auto same_clauses = [&](const ir::Agent& a, const ir::Agent& b) {
    return a.greet_first == b.greet_first && a.greet_return == b.greet_return && a.tools == b.tools && a.turn_detection == b.turn_detection && a.barge_in.after == b.barge_in.after &&
           a.barge_in.resume == b.barge_in.resume && a.barge_in.backchannels == b.barge_in.backchannels && (a.voice == b.voice);
  };
  using Edge = std::tuple<std::uint32_t, int, int, std::uint32_t, int, bool>;
  const auto edges_of = [&](std::size_t agent) {
    std::multiset<Edge> out;
    for (const auto& edge : p.handoffs) {
      if (edge.from != p.agents.id_at(agent)) continue;
      // Back, and out of the house, are kinds of their own.
      const auto to = edge.target.kind == ir::Target::Kind::Back       ? ~std::uint32_t{0}
                      : edge.target.kind == ir::Target::Kind::Transfer ? ~std::uint32_t{1} - edge.target.transfer.index
                                                                       : agent_kinds_[edge.target.agent.index];
      out.insert({to, static_cast<int>(edge.trigger.kind), static_cast<int>(edge.trigger.on.kind), edge.guard.index, static_cast<int>(edge.switch_when), edge.say.has_value()});
    }
    return out;
  };
  const auto owns_handler = [&](std::size_t agent) { return std::ranges::any_of(p.handlers, [&](const ir::Handler& h) { return h.agent == p.agents.id_at(agent); }); };
  agent_kinds_.assign(p.agents.size(), 0);
  for (std::size_t round = 0; round <= p.agents.size(); ++round) {
    const auto before = agent_kinds_;
    std::vector<std::uint32_t> now;
    for (std::size_t i = 0; i < p.agents.size(); ++i) {
      auto like = i;
      for (std::size_t j = 0; j < i && like == i; ++j) {
        const bool alike = now[j] == j && (round == 0 || before[j] == before[i]) && p.start.index != i && p.start.index != j && !owns_handler(i) && !owns_handler(j) &&
                           same_clauses(p.agents[p.agents.id_at(i)], p.agents[p.agents.id_at(j)]) && (round == 0 || edges_of(i) == edges_of(j));
        if (alike) like = j;
      }
      now.push_back(static_cast<std::uint32_t>(like));
    }
    agent_kinds_ = now;
    if (round > 0 && now == before) break;
  }
}

// ── What may happen ──

auto Deeds::call(Id<ir::Tool> tool, int nth) const -> ir::TestCall { return {.tool = tool, .name = program_->tools[tool].name, .arguments = sample_of(*program_, program_->tools[tool].params, nth)}; }

void Deeds::find_turns(Id<ir::Agent> agent) {
  const auto& p = *program_;
  auto& turns = turns_[agent.index];
  auto& interruptions = interruptions_[agent.index];
  const auto answer = step(Kind::ModelSays, "Let me think.");
  turns.push_back(says("I have a question.", answer));
  interruptions.push_back(says("And something else.", answer));

  std::vector<std::vector<Id<ir::Tool>>> kinds;  // the tools of each kind
  for (const auto id : p.agents[agent].tools) {
    const auto same = std::ranges::find_if(kinds, [&](const auto& of) { return kind_of(of.front()) == kind_of(id); });
    if (same == kinds.end()) kinds.push_back({id});
    else same->push_back(id);
  }
  // The nth of a kind: another tool if there are so many, else the same with other arguments.
  const auto nth = [&](const std::vector<Id<ir::Tool>>& of, std::size_t n) { return n < of.size() ? call(of[n], 0) : call(of.front(), static_cast<int>(n)); };
  const auto is_work = [&](const std::vector<Id<ir::Tool>>& of) { return !ir::is_builtin(p.tools[of.front()].body); };
  std::vector<std::vector<Id<ir::Tool>>> work;
  std::ranges::copy_if(kinds, std::back_inserter(work), is_work);

  for (const auto& kind : kinds) turns.push_back(says("Please look.", calls({nth(kind, 0)})));
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < work.size(); ++i) {
    for (std::size_t j = i; j < work.size() && pairs < PairsMax; ++j, ++pairs) {
      turns.push_back(says("Please look at both.", calls({nth(work[i], 0), nth(work[j], i == j ? 1 : 0)})));
    }
  }
  for (std::size_t i = 0; i < work.size() && i < 3; ++i) {
    const auto &second = work[(i + 1) % work.size()], &third = work[(i + 2) % work.size()];
    const auto n = work.size();
    turns.push_back(says("Please look at all of it.", calls({nth(work[i], 0), nth(second, n == 1 ? 1 : 0), nth(third, n == 1 ? 2 : n == 2 ? 1 : 0)})));
  }

  std::vector<std::pair<std::uint32_t, std::uint32_t>> taken;  // kinds of targets
  for (const auto& edge : p.handoffs) {
    if (edge.trigger.kind != ir::Trigger::Kind::Model || (edge.from && edge.from != agent)) continue;
    if (edge.target.kind == ir::Target::Kind::Transfer) continue;  // not in the alphabet yet
    if (edge.target.kind == ir::Target::Kind::Agent && edge.target.agent == agent) continue;
    const auto to = edge.target.kind == ir::Target::Kind::Back ? std::pair{1U, 0U} : std::pair{0U, kind_of(edge.target.agent)};
    if (std::ranges::find(taken, to) != taken.end() && !edge.guard) continue;
    taken.push_back(to);
    auto hands_off = step(Kind::ModelHandsOff);
    hands_off.target = edge.target;
    hands_off.carry = sample_of(p, edge.carry);
    const auto turn = says("Put me through.", hands_off);
    turns.push_back(turn);
    if (taken.size() == 1) interruptions.push_back(turn);
    if (work.empty()) continue;
    turns.push_back(says("Please look, and put me through.", calls({nth(work.front(), 0), {.tool = {}, .name = edge.function, .arguments = sample_of(p, edge.carry)}})));
  }
  if (!work.empty()) interruptions.push_back(says("And look again.", calls({nth(work.front(), 0)})));
  turns.push_back(says("Are you there?", step(Kind::ModelSaysNothing)));
  turns.push_back(says("Are you well?", step(Kind::ModelFails)));
}

void Deeds::find_outcomes(Id<ir::Tool> id) {
  const auto& p = *program_;
  const auto& tool = p.tools[id];
  auto& out = outcomes_[id.index];
  const auto add = [&](Kind kind, Value result, bool network) {
    auto outcome = step(kind, kind == Kind::ToolFails ? "it is not there today" : kind == Kind::ToolProgresses ? "half way" : "");
    outcome.tool = id;
    outcome.result = std::move(result);
    outcome.network = network;
    out.push_back({std::move(outcome), {}});
  };
  auto results = 1;
  if (tool.result && !tool.sets.empty()) {
    const auto& type = p.types[tool.result];
    if (type.kind == ir::Type::Kind::Enum) results = std::min<int>(EnumMax, static_cast<int>(p.enums[type.enumeration].values.size()));
    if (type.kind == ir::Type::Kind::Bool) results = 2;
  }
  for (int nth = 0; nth < results; ++nth) add(Kind::ToolReturns, sample(p, tool.result, nth), false);
  const auto& policy = p.policies[tool.policy];
  add(Kind::ToolFails, {}, false);
  if (policy.retries > 0) add(Kind::ToolFails, {}, true);
  add(Kind::ToolProgresses, {}, false);
}

void Deeds::find_keys() {
  std::set<std::string> keys, phrases;
  const auto see = [&](const ir::EventPattern& on) {
    if (on.kind == ir::EventPattern::Kind::Dtmf && !on.values.empty()) keys.insert(on.values.front());
    if (on.kind == ir::EventPattern::Kind::Phrase && !on.values.empty()) phrases.insert(on.values.front());
  };
  for (const auto& edge : program_->handoffs) {
    if (edge.trigger.kind == ir::Trigger::Kind::Event) see(edge.trigger.on);
  }
  for (const auto& handler : program_->handlers) see(handler.on);
  for (const auto& key : keys) digits_.push_back({step(Kind::Presses, key), {}});
  for (const auto& phrase : phrases) phrases_.push_back(says(phrase, step(Kind::ModelSays, "Let me think.")));
}

}  // namespace flow::prove
