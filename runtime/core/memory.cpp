// What outlives a call: state that is kept for the caller, and work whose result they are told when they call again.
// A store answers Recall; what it hands over of work belongs to this call until it is forgotten or the call is over.

#include <algorithm>

#include "runtime/core/machine.h"

namespace flow::core {
namespace {

constexpr Millis RecallMax{2'000};  // a caller does not wait longer for what an earlier call left

}  // namespace

auto Machine::caller() const -> std::string {
  const auto* from = s.call.field("from");
  const auto* text = from ? from->text() : nullptr;
  return text ? *text : std::string{};
}

// Asks for what is known of the caller, if anything can be; only then the call begins, so that the first words are
// already to whom they are meant for.
void Machine::recall() {
  Recall order;
  for (std::uint32_t i = 0; i < program.state.size(); ++i) {
    auto wanted = memo(Id<ir::StateField>{i});
    if (!wanted.key.empty()) order.values.push_back(std::move(wanted));
  }
  const auto resumes = [&](const ir::Tool& tool) { return program.policies[tool.policy].on_hangup == ir::Policy::OnHangup::Resume; };
  if (std::ranges::any_of(program.tools, resumes)) order.caller = caller();
  if (order.values.empty() && order.caller.empty()) return begin();
  s.recalling = true;
  arm(Wait::Recall, RecallMax);
  out.push_back(std::move(order));
}

void Machine::begin() {
  s.recalling = false;
  s.begun = true;
  drop(Wait::Recall);
  if (!live()) return;
  open_link(Millis{0});
  handle(ir::EventPattern::Kind::CallStart, 1, {}, Value::Record{});
}

// What came too late to begin with is still of use, where the call has not found out for itself.
void Machine::on(const Recalled& e) {
  if (!in_call()) return;
  const auto initial = ir::initial_state(program);
  for (const auto& [field, value] : e.values) {
    if (!program.state.has(field) || !program.state[field].kept_for) continue;
    auto& slot = s.values.at(field.index);
    if (slot != initial.at(field.index) || !ir::conforms(program, value, program.state[field].type)) continue;
    slot = value;
    decide(Decision::StateSet, program.state[field].name);
  }
  s.recalling ? forget_guards() : watch_guards();
  for (const auto& kept : e.jobs) resume(kept);
  if (s.recalling) begin();
}

// The work goes on as if this call had begun it: the same deadline, the same policy, one outcome.
void Machine::resume(const KeptJob& kept) {
  const auto known = std::ranges::find(program.tools, kept.tool, &ir::Tool::name);
  const auto drop_it = [&] { out.push_back(ForgetJob{kept.id}); };
  if (known == program.tools.end() || ir::is_builtin(known->body)) return drop_it();
  const Id<ir::Tool> tool_id{static_cast<std::uint32_t>(known - program.tools.begin())};
  const auto arguments = ir::complete_arguments(program, known->params, kept.arguments);
  const auto fits = !kept.result || !known->result || ir::conforms(program, *kept.result, known->result);
  if (!arguments || !fits) return drop_it();

  const auto& rules = program.policies[known->policy];
  const JobId id{++s.last_job};
  forget_old_jobs();
  const auto age = std::clamp(kept.age, Millis{0}, rules.timeout + rules.expires);
  s.jobs.push_back({.id = id, .tool = tool_id, .answer = Job::Answer::Ack, .arguments = *arguments, .key = likeness(tool_id, *arguments),
                    .handle = kept.handle, .kept = kept.id, .from_earlier = true, .retries_left = rules.retries, .started = Instant{s.now.since_start - age}, .deliver = rules.deliver});
  decide(Decision::ToolStarted, known->name, Millis{0}, id);
  auto& j = s.jobs.back();
  if (kept.result) {
    take_result(j, *kept.result, std::max(age, Millis{1}));
    auto* ready = job(id);
    result_ready(*ready);
    arm(Wait::ResultExpires, std::max(rules.expires - age, Millis{1}), id.n);
    return;
  }
  arm(Wait::JobEnds, std::max(rules.timeout - age, Millis{1}), id.n);
  const auto writes = known->effects == ir::Effects::Writes || known->effects == ir::Effects::WritesOnce;
  if (!writes || !j.handle.empty()) return run(j);
  j.stage = Job::Stage::Storing;
  out.push_back(StoreJob{id});
}

// ── State ──

auto Machine::memo(Id<ir::StateField> field) const -> Memo {
  const auto& declared = program.state[field];
  if (!declared.kept_for || !declared.kept_by) return {field, {}};
  const auto key = ir::evaluate(program, declared.kept_by, scope());
  return {field, key.is_none() ? std::string{} : to_spoken(key)};
}

void Machine::remember(Id<ir::StateField> field) {
  auto wanted = memo(field);
  if (!wanted.key.empty()) out.push_back(Remember{std::move(wanted), s.values.at(field.index), *program.state[field].kept_for});
}

// At the end of a call what is known is kept for its whole time again.
void Machine::remember_all() {
  for (std::uint32_t i = 0; i < program.state.size(); ++i) {
    if (!s.values[i].is_none() && s.begun) remember(Id<ir::StateField>{i});
  }
}

// ── Work ──

auto Machine::outlives(const Job& j) const -> bool { return policy(j).on_hangup == ir::Policy::OnHangup::Resume && !caller().empty(); }

void Machine::keep(Job& j) {
  if (!outlives(j)) return;
  const auto* call = s.call.field("id");
  if (j.kept.empty()) j.kept = (call && call->text() ? *call->text() : std::string{}) + "/" + std::to_string(j.id.n);
  const auto ready = !j.result.is_none() || j.ready > j.started;
  const auto& rules = policy(j);
  const auto age = s.now - (ready ? j.ready : j.started);
  const auto rest = (ready ? rules.expires : rules.timeout + rules.expires) - age;
  out.push_back(KeepJob{caller(), {j.kept, tool(j).name, j.arguments, j.handle, ready ? std::optional{j.result} : std::nullopt, age}, std::max(rest, Millis{1})});
}

void Machine::forget(Job& j) {
  if (!j.kept.empty()) out.push_back(ForgetJob{std::exchange(j.kept, {})});
}

}  // namespace flow::core
