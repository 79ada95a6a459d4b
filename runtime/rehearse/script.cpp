#include "runtime/rehearse/script.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/eval.h"
#include "runtime/rehearse/helpful.h"

namespace flow::rehearse {

using namespace core;
using Kind = ir::TestStep::Kind;

namespace {

constexpr Millis ThinkTime{1'000};        // of a caller, between the agent's last word and their own
constexpr Millis IntoSpeech{500};         // when a caller interrupts
constexpr Millis BetweenKeys{250};
constexpr Millis PatienceMax{180'000};    // nothing that a script waits for takes so long
constexpr Millis ToolComesMax{60'000};    // ... and no run of a tool begins so late
constexpr Millis EndMax{3'600'000};

auto after(Instant at, Millis time) -> Instant { return at + time; }

}  // namespace

Script::Script(const ir::Program& program, const ir::Test& test)
    : program_(&program), test_(&test), stage_(program, *this), record_(program), coverage_(program) {
  for (const auto& step : test.steps) {
    if (step.kind >= Kind::ToolReturns && step.kind <= Kind::ToolNever) scripted_.insert(step.tool.index);
    if (step.kind >= Kind::TransferRings && step.kind <= Kind::TransferNever) scripted_transfers_.insert(step.transfer.index);
  }
}

void Script::perform() {
  // A service that refuses from the start does so before the phone rings, and what earlier calls left is there by then.
  auto step = test_->steps.begin();
  for (; step != test_->steps.end() && (step->kind == Kind::Refuses || step->kind == Kind::Earlier); ++step) {
    reached_.push_back({});
    if (step->kind == Kind::Earlier) earlier(*step);
    else stage_.refuse_links(step->times == 0 ? -1 : step->times);
  }
  stage_.begin();
  for (; step != test_->steps.end() && !broken(); ++step) perform(*step);
  if (!broken()) wait_for_planned();
  if (!broken()) wait_for_quiet(ThinkTime);
  unscripted_tools();
  script_over_ = stage_.now();
  // Every call comes to its end, and so does the watch over it. It is later than all that is expected.
  wait_until(script_over_ + Millis{1});
  stage_.caller_hangs_up();
  run_until([&] { return stage_.over(); }, stage_.now() + EndMax);
  follow();
  if (!stage_.broken_law().empty()) {
    failures_.push_back({Failure::Kind::Law, test_->at, fmt::format("the runtime broke a law of every call: {}", stage_.broken_law()), {}, stage_.now()});
  } else if (!stage_.over()) {
    failures_.push_back({Failure::Kind::Law, test_->at, "the runtime broke a law of every call: a call whose caller is gone comes to its end", {}, stage_.now()});
  }
}

void Script::perform(const ir::TestStep& step) {
  reached_.push_back({stage_.now(), mark_});
  if (step.kind <= Kind::HangsUp) return caller(step);
  if (step.kind <= Kind::ModelFails) return model(step);
  if (step.kind <= Kind::ToolNever) return tool(step);
  if (step.kind <= Kind::Leaves) return provider(step);
  if (step.kind <= Kind::TransferNever) return transfer(step);
  if (step.kind == Kind::Earlier) return fail(step, "earlier calls are over before this one begins; write it before all that happens in this one");
  if (step.kind == Kind::Expect) return expect(step);
  check(step);
}

void Script::fail(const ir::TestStep& step, std::string text, std::vector<std::string> instead) {
  const auto kind = step.kind >= Kind::Expect ? Failure::Kind::Expectation : Failure::Kind::Step;
  failures_.push_back({kind, step.about, std::move(text), std::move(instead), stage_.now()});
}

// ── Time ──

void Script::advance() {
  stage_.advance();
  follow();
}

void Script::follow() {
  record_.follow(stage_);
  coverage_.follow(stage_, record_);
}

auto Script::run_until(const Done& done, Instant deadline) -> bool {
  while (stage_.broken_law().empty()) {
    if (done()) return true;
    const auto next = stage_.next();
    if (!next || *next > deadline) break;
    advance();
  }
  if (stage_.broken_law().empty()) stage_.idle_until(deadline);
  return false;
}

auto Script::wait_for_quiet(Millis length) -> bool {
  const auto deadline = stage_.now() + PatienceMax;
  while (stage_.now() < deadline && stage_.broken_law().empty() && stage_.caller_there()) {
    if (!stage_.quiet()) {
      if (!run_until([&] { return stage_.quiet(); }, deadline)) break;
      continue;
    }
    const auto enough = stage_.quiet_since() + length;
    if (enough <= stage_.now()) return true;
    if (!run_until([&] { return !stage_.quiet(); }, enough)) return stage_.caller_there();
  }
  return false;
}

// Everything that has its time has happened.
auto Script::wait_for_planned() -> bool { return run_until([&] { return planned_ == 0; }, std::max(stage_.now(), ended_) + ToolComesMax); }

// The agent has been heard for long enough to be interrupted.
auto Script::wait_for_voice() -> bool {
  const auto deadline = stage_.now() + PatienceMax;
  while (run_until([&] { return stage_.agent_sounds_since().has_value(); }, deadline)) {
    const auto since = *stage_.agent_sounds_since();
    const auto heard = run_until([&] { return stage_.agent_sounds_since() != since; }, std::max(stage_.now(), since + IntoSpeech));
    if (!heard) return true;
  }
  return false;
}

void Script::happened(const ir::TestStep& step, Instant from, Instant to) {
  if (!step.after) {
    began_ = from;
    mark_ = to;
    last_act_ = &step;
  }
  ended_ = std::max(ended_, to);
}

// ── The caller ──

void Script::caller(const ir::TestStep& step) {
  if (step.after) {
    const auto at = std::max(stage_.now(), after(mark_, *step.after));
    const auto lasts = step.kind == Kind::Says ? step.lasts.value_or(time_to_say(step.words)) : step.kind == Kind::Coughs ? step.lasts.value_or(Cough) : Millis{0};
    ++planned_;
    stage_.at(at, [this, &step](Stage&) { act(step); });
    stage_.at(at + lasts, [this](Stage&) { --planned_; });
    ended_ = std::max(ended_, at + lasts);
    last_act_ = &step;
    return;
  }
  const auto silent = step.kind == Kind::Waits;
  const auto ready = step.kind == Kind::Interrupts ? wait_for_voice() : wait_for_quiet(silent ? Millis{0} : ThinkTime);
  if (!stage_.broken_law().empty()) return;
  if (!stage_.caller_there()) return fail(step, "the call is over before this");
  if (!ready) return fail(step, step.kind == Kind::Interrupts ? "the agent says nothing that could be interrupted" : "the caller has no moment for this: it is never quiet");
  const auto from = silent ? stage_.quiet_since() : stage_.now();
  auto to = from;
  if (silent) to = from + step.lasts.value_or(Millis{0});
  if (step.kind == Kind::Says || step.kind == Kind::Interrupts) to = from + step.lasts.value_or(time_to_say(step.words));
  if (step.kind == Kind::Coughs) to = from + step.lasts.value_or(Cough);
  if (step.kind == Kind::Presses) to = from + static_cast<int>(step.words.size() - 1) * BetweenKeys;
  if (!silent) act(step);
  wait_until(to);
  happened(step, from, std::max(to, stage_.now()));
}

void Script::act(const ir::TestStep& step) {
  if (!stage_.caller_there()) return;
  switch (step.kind) {
    case Kind::Says:
    case Kind::Interrupts: return stage_.caller_speaks(step.words, step.lasts.value_or(time_to_say(step.words)));
    case Kind::Coughs: return stage_.caller_speaks({}, step.lasts.value_or(Cough));
    case Kind::Types: return stage_.caller_types(step.words);
    case Kind::HangsUp: return stage_.caller_hangs_up();
    case Kind::Voicemail: return stage_.machine_takes_call(step.lasts.value_or(Announcement));
    case Kind::Presses:
      for (std::size_t i = 0; i < step.words.size(); ++i) {
        stage_.at(stage_.now() + static_cast<int>(i) * BetweenKeys, [key = step.words[i]](Stage& stage) { stage.caller_presses(key); });
      }
      return;
    default: return;
  }
}

// ── The model ──

void Script::model(const ir::TestStep& step) {
  armed_ = &step;
  armed_for_turn_ = last_act_ && last_act_->kind <= Kind::Types && last_act_->kind != Kind::Waits;
  refused_.clear();
  const auto done = run_until([&] { return !armed_ || !stage_.caller_there(); }, std::max(stage_.now(), ended_) + PatienceMax);
  if (!stage_.broken_law().empty()) return;
  if (!refused_.empty()) return fail(step, refused_);
  if (armed_) return fail(step, done ? "the call is over before the model is asked" : "nothing asks the model for this");
  happened(step, stage_.now(), stage_.now());
}

auto Script::answer(const Asked& asked) -> Answer {
  if (!asked.expected.empty()) return {.words = asked.expected};
  using Of = Intent::Kind;
  const auto wants = [&](std::initializer_list<Of> kinds) {
    return std::ranges::any_of(asked.intents, [&](const Intent& i) { return std::ranges::find(kinds, i.kind) != kinds.end(); });
  };
  const auto fits = armed_for_turn_ ? wants({Of::Reply}) : wants({Of::Reply, Of::ToolReply, Of::Result, Of::Offer, Of::Continue});
  auto answer = armed_ && fits ? plan(*std::exchange(armed_, nullptr)) : helpful_answer(*program_, stage_.state(), asked, last_words_);
  if (!answer.words.empty()) last_words_ = answer.words;
  return answer;
}

auto Script::plan(const ir::TestStep& step) -> Answer {
  switch (step.kind) {
    case Kind::ModelSays: return {.words = step.words, .lasts = step.lasts};
    case Kind::ModelFails: return {.fails = true};
    case Kind::ModelCalls: {
      Answer answer;
      for (const auto& call : step.calls) {
        if (!stage_.offered(call.name)) {
          refused_ = fmt::format("agent `{}` does not offer `{}` to the model now", program_->agents[stage_.state().agent].name, call.name);
        }
        answer.calls.push_back({call.name, call.arguments});
      }
      return answer;
    }
    case Kind::ModelHandsOff: {
      const auto agent = stage_.state().agent;
      for (const auto& edge : program_->handoffs) {
        const auto mine = !edge.from || edge.from == agent;
        if (mine && edge.trigger.kind == ir::Trigger::Kind::Model && edge.target == step.target && stage_.offered(edge.function)) {
          return {.calls = {{edge.function, step.carry}}};
        }
      }
      refused_ = fmt::format("agent `{}` does not let the model take this edge now", program_->agents[agent].name);
      return {};
    }
    default: return {};
  }
}

// ── Tools ──

void Script::tool(const ir::TestStep& step) {
  if (step.kind == Kind::ToolNever) return;
  if (step.after) {
    const auto at = std::max(stage_.now(), after(mark_, *step.after));
    ++planned_;
    ended_ = std::max(ended_, at);
    stage_.at(at, [this, &step](Stage&) {
      if (const auto run = run_for(step)) return outcome(step, *run);
      waiting_[step.tool.index].push_back(&step);
    });
    last_act_ = &step;
    return;
  }
  const auto from = stage_.now();
  const auto found = run_until([&] { return run_for(step).has_value(); }, std::max(stage_.now(), ended_) + ToolComesMax);
  if (!stage_.broken_law().empty()) return;
  if (!found) return fail(step, fmt::format("no run of `{}` is on", program_->tools[step.tool].name));
  ++planned_;
  outcome(step, *run_for(step));
  happened(step, from, stage_.now());
}

// The oldest run that goes on; else one that was stopped and answers too late.
auto Script::run_for(const ir::TestStep& step) const -> std::optional<Run> {
  const auto& runs = stage_.runs();
  for (const bool running : {true, false}) {
    const auto run = std::ranges::find_if(runs, [&](const Run& r) { return r.tool == step.tool && r.running == running; });
    if (run != runs.end()) return *run;
  }
  return std::nullopt;
}

void Script::outcome(const ir::TestStep& step, const Run& run) {
  --planned_;
  ended_ = std::max(ended_, stage_.now());
  switch (step.kind) {
    case Kind::ToolReturns: stage_.finish(run, step.result); break;
    case Kind::ToolFails: stage_.fail(run, step.words, step.network); break;
    default: stage_.progress(run, step.words);
  }
  follow();
}

void Script::started(const Run& run) {
  started_.insert(run.tool.index);
  auto& waiting = waiting_[run.tool.index];
  if (waiting.empty()) return;
  const auto* step = waiting.front();
  waiting.pop_front();
  stage_.at(stage_.now() + Millis{1}, [this, step](Stage&) {
    if (const auto now_on = run_for(*step)) outcome(*step, *now_on);
  });
}

// A tool that runs and of which nothing is said would leave the test to chance.
void Script::unscripted_tools() {
  if (broken()) return;
  for (const auto& [tool, steps] : waiting_) {
    for (const auto* step : steps) fail(*step, fmt::format("no run of `{}` is on", program_->tools[Id<ir::Tool>{tool}].name));
  }
  for (const auto& [transfer, steps] : far_sides_) {
    for (const auto* step : steps) fail(*step, fmt::format("nobody is put through to `{}`", program_->transfers[Id<ir::Transfer>{transfer}].name));
  }
  for (const auto transfer : ordered_) {
    if (scripted_transfers_.contains(transfer)) continue;
    const auto& name = program_->transfers[Id<ir::Transfer>{transfer}].name;
    failures_.push_back({Failure::Kind::Step, test_->at, fmt::format("a caller is put through to `{}`, and the test does not say who answers; write `transfer {} answers`, `transfer {} fails` or `transfer {} never answers`", name, name, name, name),
                         {}, stage_.now()});
  }
  for (const auto tool : started_) {
    if (scripted_.contains(tool)) continue;
    const auto& name = program_->tools[Id<ir::Tool>{tool}].name;
    failures_.push_back({Failure::Kind::Step, test_->at, fmt::format("`{}` runs, and the test does not say what it returns; write `tool {} returns …` or `tool {} never returns`", name, name, name),
                         {}, stage_.now()});
  }
}

// ── Before the phone rings ──

void Script::earlier(const ir::TestStep& step) {
  const auto& tool = program_->tools[step.calls.front().tool];
  if (program_->policies[tool.policy].on_hangup != ir::Policy::OnHangup::Resume) return fail(step, fmt::format("`{}` does not outlive a call: its policy has no `on_hangup resume`", tool.name));
  stage_.leave_from_earlier(step);
}

// ── The service ──

void Script::provider(const ir::TestStep& step) {
  const auto act = [this, &step] {
    if (step.kind == Kind::Refuses) stage_.refuse_links(step.times == 0 ? -1 : step.times);
    if (step.kind == Kind::Drops) stage_.drop_link();
    if (step.kind == Kind::Leaves) stage_.leave(step.lasts.value_or(Millis{0}));
  };
  if (!step.after) {
    act();
    follow();
    return happened(step, stage_.now(), stage_.now());
  }
  const auto at = std::max(stage_.now(), after(mark_, *step.after));
  ++planned_;
  ended_ = std::max(ended_, at);
  last_act_ = &step;
  stage_.at(at, [this, act](Stage&) {
    --planned_;
    act();
  });
}

// ── The far side of a transfer ──

// A step without a time waits until the channel is told to give the call away.
void Script::transfer(const ir::TestStep& step) {
  if (step.kind == Kind::TransferNever) return;
  const auto is_on = [this, &step] { return stage_.transferring() == step.transfer; };
  if (step.after) {
    ++planned_;
    last_act_ = &step;
    far_sides_[step.transfer.index].push_back(&step);
    if (is_on()) far_side_due();
    return;
  }
  const auto from = stage_.now();
  const auto found = run_until(is_on, std::max(stage_.now(), ended_) + ToolComesMax);
  if (!stage_.broken_law().empty()) return;
  if (!found) return fail(step, fmt::format("nobody is put through to `{}`", program_->transfers[step.transfer].name));
  ++planned_;
  far_side(step);
  happened(step, from, stage_.now());
}

void Script::ordered(core::TransferId, Id<ir::Transfer> to) {
  ordered_.insert(to.index);
  ordered_at_ = stage_.now();
  answered_for_ = false;
  far_side_due();
}

// Times of the far side count from the order: how long somebody takes to answer. What follows an answer is of the next order.
void Script::far_side_due() {
  auto& waiting = far_sides_[stage_.transferring().index];
  while (!waiting.empty() && !answered_for_) {
    const auto* step = waiting.front();
    waiting.pop_front();
    answered_for_ = step->kind != Kind::TransferRings;
    stage_.at(after(ordered_at_, *step->after), [this, step](Stage&) { far_side(*step); });
  }
}

void Script::far_side(const ir::TestStep& step) {
  --planned_;
  ended_ = std::max(ended_, stage_.now());
  stage_.far_side(step);
  follow();
}

// ── What must follow ──

void Script::expect(const ir::TestStep& step) {
  Expected expected{&step, {}, {}};
  const auto& e = step.expectation;
  if (e.within) {
    wait_for_planned();
    expected.from = began_;
    expected.until = ended_ + *e.within;
    run_until([&] { return record_.find(e.what, expected.from, expected.until) != nullptr; }, expected.until);
  }
  expected_.push_back(expected);
}

void Script::check(const ir::TestStep& step) {
  wait_for_planned();
  wait_for_quiet(ThinkTime);
  if (!stage_.broken_law().empty()) return;
  const auto& s = stage_.state();
  const ir::Scope scope{&s.values, nullptr, &s.call, &s.form_values};
  if (ir::evaluate(*program_, step.condition, scope).truthy()) return;
  std::vector<std::string> instead;
  const std::function<void(Id<ir::Expr>)> list = [&](Id<ir::Expr> id) {
    const auto& expr = program_->exprs[id];
    if (expr.op == ir::Expr::Op::State) {
      auto line = fmt::format("`{}` is {}", program_->state[expr.state].name, to_json(s.values.at(expr.state.index)));
      if (std::ranges::find(instead, line) == instead.end()) instead.push_back(std::move(line));
    }
    if (expr.op == ir::Expr::Op::Form) {
      auto line = fmt::format("`{}` is {}", program_->forms[expr.form].name, to_json(s.form_values.at(expr.form.index)));
      if (std::ranges::find(instead, line) == instead.end()) instead.push_back(std::move(line));
    }
    for (const auto arg : expr.args) list(arg);
  };
  list(step.condition);
  fail(step, "this does not hold", std::move(instead));
}

}  // namespace flow::rehearse
