#include "runtime/prove/deeds.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "runtime/prove/answers.h"
#include "runtime/prove/samples.h"

namespace flow::prove {
namespace {

using Kind = ir::TestStep::Kind;

constexpr std::size_t PairsMax = 10;  // batches of two, of different kinds
constexpr int EnumMax = 8;            // values of an enum that a result takes

auto step(Kind kind, std::string words = {}) -> ir::TestStep { return {.kind = kind, .at = {}, .about = {}, .words = std::move(words)}; }
auto says(std::string words, ir::TestStep model) -> Deed { return {step(Kind::Says, std::move(words)), std::move(model), {}}; }
auto alone(ir::TestStep act) -> Deed { return {std::move(act), {}, {}}; }

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
    : program_(&program), turns_(program.agents.size()), interruptions_(program.agents.size()), outcomes_(program.tools.size()), cough_(alone(step(Kind::Coughs))), hang_up_(alone(step(Kind::HangsUp))) {
  find_kinds();
  for (std::size_t i = 0; i < program.tools.size(); ++i) find_outcomes(program.tools.id_at(i));
  for (std::size_t i = 0; i < program.agents.size(); ++i) find_turns(program.agents.id_at(i));
  for (std::size_t i = 0; i < program.forms.size(); ++i) find_answers(program.forms.id_at(i));
  find_keys();
  find_far_sides();
  find_losses();
  find_beginnings();
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
           a.barge_in.resume == b.barge_in.resume && a.barge_in.backchannels == b.barge_in.backchannels && a.voice == b.voice && a.realtime == b.realtime;
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
  const auto has_its_own = [&](std::size_t agent) {
    const auto mine = [&](const auto& row) { return row.agent == p.agents.id_at(agent); };
    return std::ranges::any_of(p.handlers, mine) || std::ranges::any_of(p.forms, mine);
  };
  agent_kinds_.assign(p.agents.size(), 0);
  for (std::size_t round = 0; round <= p.agents.size(); ++round) {
    const auto before = agent_kinds_;
    std::vector<std::uint32_t> now;
    for (std::size_t i = 0; i < p.agents.size(); ++i) {
      auto like = i;
      for (std::size_t j = 0; j < i && like == i; ++j) {
        const bool alike = now[j] == j && (round == 0 || before[j] == before[i]) && p.start.index != i && p.start.index != j && !has_its_own(i) && !has_its_own(j) &&
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

  find_edges(agent, work.empty() ? std::nullopt : std::optional{nth(work.front(), 0)});
  if (!work.empty()) interruptions.push_back(says("And look again.", calls({nth(work.front(), 0)})));
  if (const auto learned = what_is_learned(p); !learned.record()->empty()) turns.push_back(says("Let me tell you why I call.", calls({{.tool = {}, .name = "remember", .arguments = learned}})));
  turns.push_back(says("Are you there?", step(Kind::ModelSaysNothing)));
  turns.push_back(says("Are you well?", step(Kind::ModelFails)));
}

// One edge to each kind of target, alone and beside other work.
void Deeds::find_edges(Id<ir::Agent> agent, const std::optional<ir::TestCall>& work) {
  const auto& p = *program_;
  auto& turns = turns_[agent.index];
  using Of = ir::Target::Kind;
  std::vector<std::pair<Of, std::uint32_t>> taken;
  for (const auto& edge : p.handoffs) {
    if (edge.trigger.kind != ir::Trigger::Kind::Model || (edge.from && edge.from != agent)) continue;
    if (edge.target.kind == Of::Agent && edge.target.agent == agent) continue;
    const auto to = std::pair{edge.target.kind, edge.target.kind == Of::Agent ? kind_of(edge.target.agent) : edge.target.kind == Of::Transfer ? edge.target.transfer.index : 0};
    if (std::ranges::find(taken, to) != taken.end() && !edge.guard) continue;
    taken.push_back(to);
    auto hands_off = step(Kind::ModelHandsOff);
    hands_off.target = edge.target;
    hands_off.carry = sample_of(p, edge.carry);
    const auto turn = says("Put me through.", hands_off);
    turns.push_back(turn);
    if (taken.size() == 1) interruptions_[agent.index].push_back(turn);
    if (work) turns.push_back(says("Please look, and put me through.", calls({*work, {.tool = {}, .name = edge.function, .arguments = sample_of(p, edge.carry)}})));
  }
}

// What the model makes of the caller's answers: one at a time, all of them, ones that do not do, corrections, a yes; and
// each beside what it may do in the same response.
void Deeds::find_answers(Id<ir::Form> id) {
  const auto& p = *program_;
  const auto& form = p.forms[id];
  auto& turns = turns_[form.agent.index];
  auto& interruptions = interruptions_[form.agent.index];
  const auto answers = answers_of(p, form);
  const auto fill = [&](Value::Record values) { return ir::TestCall{.tool = {}, .form = id, .name = form.function, .arguments = std::move(values)}; };
  const auto one = [&](std::size_t field, const Value& value) { return fill({{form.fields[field].name, value}}); };
  keys_.emplace_back(form.fields.size());

  Value::Record all;
  for (std::size_t i = 0; i < form.fields.size(); ++i) {
    if (!p.types[form.fields[i].type].optional) all.emplace_back(form.fields[i].name, answers[i].good);
  }
  turns.push_back(says("I can tell you all of it.", calls({fill(all)})));
  const auto yes = fill({{"confirmed", true}});
  const bool asks = is_read_back(p, form);
  if (asks) {
    turns.push_back(says("Yes, please.", calls({yes})));
    interruptions.push_back(says("Yes, please.", calls({yes})));
    auto at_once = all;
    at_once.emplace_back("confirmed", true);
    turns.push_back(says("All of it, and do it.", calls({fill(std::move(at_once))})));
  }
  for (std::size_t i = 0; i < form.fields.size(); ++i) {
    const auto& name = form.fields[i].name;
    turns.push_back(says("This is the " + name + ".", calls({one(i, answers[i].good)})));
    if (!answers[i].bad.is_none()) turns.push_back(says("Would this " + name + " do?", calls({one(i, answers[i].bad)})));
    if (!answers[i].keys.empty()) {
      auto others = all;
      std::erase_if(others, [&](const auto& each) { return each.first == name; });
      turns.push_back(says("All but the " + name + ".", calls({fill(std::move(others))})));
    }
    for (const auto& keys : answers[i].keys) keys_.back()[i].push_back(alone(step(Kind::Presses, keys)));
  }
  if (form.fields.empty()) return;
  interruptions.push_back(says("Wait, this is the " + form.fields[0].name + ".", calls({one(0, answers[0].good)})));
  if (!answers[0].other.is_none()) {
    const auto corrects = calls({one(0, answers[0].other)});
    turns.push_back(says("No, another " + form.fields[0].name + ".", corrects));
    interruptions.push_back(says("No, another " + form.fields[0].name + ".", corrects));
    if (asks) turns.push_back(says("Another " + form.fields[0].name + ", and do it.", calls({one(0, answers[0].other), yes})));
  }
  const auto leaves = [&](const ir::Handoff& edge) { return edge.trigger.kind == ir::Trigger::Kind::Model && (!edge.from || edge.from == form.agent); };
  const auto edge = std::ranges::find_if(p.handoffs, leaves);
  if (edge != p.handoffs.end()) turns.push_back(says("I can tell you all of it, and put me through.", calls({fill(all), {.tool = {}, .name = edge->function, .arguments = sample_of(p, edge->carry)}})));
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
    out.push_back(alone(std::move(outcome)));
  };
  // What checks an answer says yes or no; what sets a value sets each of an enum's.
  const bool checks = std::ranges::any_of(p.forms, [&](const ir::Form& form) { return std::ranges::find(form.fields, id, &ir::FormField::check_tool) != form.fields.end(); });
  auto results = 1;
  if (tool.result && (!tool.sets.empty() || checks)) {
    const auto& type = p.types[tool.result];
    if (type.kind == ir::Type::Kind::Enum) results = std::min<int>(EnumMax, static_cast<int>(p.enums[type.enumeration].values.size()));
    if (type.kind == ir::Type::Kind::Bool) results = 2;
  }
  for (int nth = 0; nth < results; ++nth) add(Kind::ToolReturns, sample(p, tool.result, nth), false);
  if (checks && tool.result && p.types[tool.result].optional) add(Kind::ToolReturns, {}, false);
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
  // A phrase is known by its transcript; without one only by what is typed.
  const bool transcribes = program_->realtime && !program_->realtimes[program_->realtime].transcription.empty();
  const auto answer = step(Kind::ModelSays, "Let me think.");
  for (const auto& key : keys) digits_.push_back(alone(step(Kind::Presses, key)));
  for (const auto& phrase : phrases) phrases_.push_back({step(transcribes ? Kind::Says : Kind::Types, phrase), answer, {}});
}

void Deeds::find_far_sides() {
  const auto side = [&](Id<ir::Transfer> of, Kind kind, std::string words = {}) {
    auto out = step(kind, std::move(words));
    out.transfer = of;
    return alone(std::move(out));
  };
  for (std::size_t i = 0; i < program_->transfers.size(); ++i) {
    const auto id = program_->transfers.id_at(i);
    far_sides_.push_back({side(id, Kind::TransferFails, "busy"), side(id, Kind::TransferAnswers), side(id, Kind::TransferUnsupported)});
  }
}

void Deeds::find_losses() {
  const auto drops = step(Kind::Drops), refuses = step(Kind::Refuses);
  losses_ = {alone(drops), {drops, {}, refuses}};
  beginnings_.push_back(alone(refuses));
  const auto* first = program_->realtime ? &program_->realtimes[program_->realtime] : nullptr;
  if (!first || !first->fallback) return;
  auto until_gone = refuses;
  until_gone.times = first->reconnect.tries + 1;
  losses_.push_back({drops, {}, until_gone});
  beginnings_.push_back(alone(until_gone));
}

void Deeds::find_beginnings() {
  const auto on_machine = [](const auto& row) { return row.on.kind == ir::EventPattern::Kind::Voicemail; };
  const auto leads_there = [&](const ir::Handoff& edge) { return edge.trigger.kind == ir::Trigger::Kind::Event && on_machine(edge.trigger); };
  if (std::ranges::any_of(program_->handlers, on_machine) || std::ranges::any_of(program_->handoffs, leads_there)) machine_ = alone(step(Kind::Voicemail));
  for (std::size_t i = 0; i < program_->tools.size(); ++i) {
    const auto id = program_->tools.id_at(i);
    const auto& tool = program_->tools[id];
    if (program_->policies[tool.policy].on_hangup != ir::Policy::OnHangup::Resume || ir::is_builtin(tool.body)) continue;
    for (const bool is_ready : {true, false}) {
      auto earlier = step(Kind::Earlier);
      earlier.calls = {call(id, 0)};
      earlier.is_ready = is_ready;
      if (is_ready) earlier.result = sample(*program_, tool.result);
      beginnings_.push_back(alone(std::move(earlier)));
    }
  }
}

}  // namespace flow::prove
