#include "runtime/rehearse/coverage.h"

#include <algorithm>
#include <array>

namespace flow::rehearse {

using namespace core;
using Policy = ir::Policy;

auto to_word(Cell cell) -> std::string_view {
  static constexpr std::array<std::string_view, 15> words{"ack",     "progress", "deliver", "deliver, while the agent speaks", "while_caller_speaks", "if_interrupted", "escalate", "duplicates",
                                                          "timeout", "retry",    "fails",   "expires",                         "on_handoff",          "on_hangup",      "cancel"};
  return words.at(static_cast<std::size_t>(cell));
}

void Covered::add(const Covered& other) {
  agents.insert(other.agents.begin(), other.agents.end());
  handoffs.insert(other.handoffs.begin(), other.handoffs.end());
  handlers.insert(other.handlers.begin(), other.handlers.end());
  rules.insert(other.rules.begin(), other.rules.end());
  cells.insert(other.cells.begin(), other.cells.end());
}

namespace {

// Whether a call may come to anybody else: there is an edge, or something that happens leads to one.
auto moves(const ir::Program& program) -> bool {
  const auto leads = [](const ir::Action& action, const auto& self) -> bool {
    const auto any = [&](const std::vector<ir::Action>& list) { return std::ranges::any_of(list, [&](const ir::Action& each) { return self(each, self); }); };
    return action.kind == ir::Action::Kind::Handoff || any(action.then) || any(action.otherwise);
  };
  const auto lead = [&](const std::vector<ir::Action>& list) { return std::ranges::any_of(list, [&](const ir::Action& each) { return leads(each, leads); }); };
  return !program.handoffs.empty() || std::ranges::any_of(program.handlers, [&](const ir::Handler& handler) { return lead(handler.actions); }) ||
         std::ranges::any_of(program.policies, [&](const ir::Policy& p) { return lead(p.timeout_else.actions) || lead(p.fails.actions) || lead(p.expires_else.actions) || lead(p.concurrency_else.actions); }) ||
         std::ranges::any_of(program.forms, [&](const ir::Form& form) { return lead(form.tries_else) || std::ranges::any_of(form.fields, [&](const ir::FormField& field) { return lead(field.rejected); }); });
}

void add_cells(const ir::Program& program, Id<ir::Tool> id, Covered& all) {
  const auto& p = program.policies[program.tools[id].policy];
  const auto background = p.mode == Policy::Mode::Background;
  const auto told = p.deliver != Policy::Deliver::Silent;
  const auto add = [&](Cell cell, bool possible) {
    if (possible) all.cells.emplace(id.index, cell);
  };
  add(Cell::Ack, background && p.ack.has_value());  // of one that blocks no decision tells
  add(Cell::Progress, p.progress != Policy::Progress::None);
  add(Cell::Deliver, told);
  add(Cell::Busy, background && told);
  add(Cell::CallerSpeaks, background && told);
  add(Cell::IfInterrupted, background && told);
  add(Cell::Escalate, p.escalate_to.has_value());
  add(Cell::Timeout, true);
  add(Cell::Retry, p.retries > 0);
  add(Cell::Fails, true);
  add(Cell::OnHandoff, moves(program));
  add(Cell::OnHangup, true);
  add(Cell::Cancel, p.cancel == Policy::Cancel::ByModel);
}

}  // namespace

auto coverable(const ir::Program& program) -> Covered {
  Covered all;
  for (std::uint32_t i = 0; i < program.agents.size(); ++i) all.agents.insert(i);
  for (std::uint32_t i = 0; i < program.handoffs.size(); ++i) all.handoffs.insert(i);
  for (std::uint32_t i = 0; i < program.handlers.size(); ++i) all.handlers.insert(i);
  for (std::uint32_t i = 0; i < program.rules.size(); ++i) {
    if (program.rules[Id<ir::Rule>{i}].kind != ir::Rule::Kind::Reaches) all.rules.insert(i);
  }
  for (const auto& form : program.forms) {
    // A form runs its tool once and nobody else may call it; a check is over before anything is told.
    if (form.submit) add_cells(program, form.submit, all);
    for (const auto& field : form.fields) {
      if (!field.check_tool) continue;
      all.cells.emplace(field.check_tool.index, Cell::Timeout);
      all.cells.emplace(field.check_tool.index, Cell::Fails);
    }
  }
  for (const auto& agent : program.agents) {
    for (const auto id : agent.tools) {
      const auto& tool = program.tools[id];
      if (ir::is_builtin(tool.body)) continue;
      add_cells(program, id, all);
      if (program.policies[tool.policy].duplicates != Policy::Duplicates::Allow) all.cells.emplace(id.index, Cell::Duplicates);
    }
  }
  return all;
}

void Coverage::follow(const Stage& stage, const Record& record) {
  const auto& s = stage.state();
  if (s.agent) covered_.agents.insert(s.agent.index);
  if (s.handoff && s.handoff->edge) covered_.handoffs.insert(s.handoff->edge.index);
  for (const auto& job : s.jobs) {
    if (s.handoff && !job.settled()) covered_.cells.emplace(job.tool.index, Cell::OnHandoff);
    const auto& policy = program_->policies[program_->tools[job.tool].policy];
    if (job.deliver != policy.deliver) covered_.cells.emplace(job.tool.index, Cell::Escalate);
    const auto long_enough = policy.progress == Policy::Progress::Every && job.running() && stage.now() - job.started >= policy.progress_every;
    if (long_enough) covered_.cells.emplace(job.tool.index, Cell::Progress);
  }
  for (; moments_ < stage.moments().size(); ++moments_) {
    const auto& moment = stage.moments()[moments_];
    if (const auto* event = std::get_if<Event>(&moment.what)) {
      if (!std::holds_alternative<CallerHungUp>(*event)) continue;
      gone_ = true;
      for (const auto& job : s.jobs) {
        if (job.running() || (job.settled() && job.settled_at == stage.now())) covered_.cells.emplace(job.tool.index, Cell::OnHangup);
      }
      continue;
    }
    const auto* decided = std::get_if<Decided>(&std::get<Effect>(moment.what));
    if (decided && decided->what == Decision::RuleHeld) held(decided->text);
    if (!decided || decided->what != Decision::HandlerRan || decided->text.empty()) continue;
    covered_.handlers.insert(static_cast<std::uint32_t>(std::stoul(decided->text.substr(decided->text.rfind(' ') + 1))) - 1);
  }
  for (; facts_ < record.facts().size(); ++facts_) fact(record.facts()[facts_], stage);
}

void Coverage::held(const std::string& text) {
  for (std::uint32_t i = 0; i < program_->rules.size(); ++i) {
    const auto& rule = program_->rules[Id<ir::Rule>{i}];
    if (text.starts_with(rule.declaration + ": ") && text.ends_with("(" + rule.text + ")")) covered_.rules.insert(i);
  }
}

void Coverage::fact(const Fact& fact, const Stage& stage) {
  using News = ir::ToolNews;
  const auto& s = stage.state();
  if (fact.kind != ir::Happening::Kind::Tool) return;
  const auto cover = [&](Cell cell) { covered_.cells.emplace(fact.tool.index, cell); };
  switch (fact.news) {
    case News::Acked: return cover(Cell::Ack);
    case News::Progressed: return cover(Cell::Progress);
    case News::Delivered: return cover(Cell::Deliver);
    case News::Interrupted: return cover(Cell::IfInterrupted);
    case News::TimedOut: return cover(Cell::Timeout);
    case News::Retried: return cover(Cell::Retry);
    case News::Failed: return cover(Cell::Fails);
    case News::Expired: return cover(Cell::Expires);
    case News::Joined: return cover(Cell::Duplicates);
    case News::Cancelled:
      if (!gone_) cover(Cell::Cancel);
      return;
    case News::Ready: {
      const auto& heard = stage.agent_heard();
      if (stage.agent_sounds() || (!heard.empty() && heard.back().to == stage.now())) cover(Cell::Busy);
      if (s.caller.speaking) cover(Cell::CallerSpeaks);
      return;
    }
    case News::Called: {
      for (std::uint32_t i = 0; i < program_->rules.size(); ++i) {
        const auto& what = program_->rules[Id<ir::Rule>{i}].what;
        if (what.kind == ir::Deed::Kind::Tool && what.tool == fact.tool) covered_.rules.insert(i);
      }
      const auto like = std::ranges::count_if(s.jobs, [&](const Job& j) { return j.tool == fact.tool && j.arguments == fact.arguments; });
      if (like > 1) cover(Cell::Duplicates);
      return;
    }
    default: return;
  }
}

}  // namespace flow::rehearse
