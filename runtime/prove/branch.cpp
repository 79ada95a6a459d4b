#include "runtime/prove/branch.h"

#include <algorithm>

#include "runtime/core/state.h"
#include "runtime/prove/fingerprint.h"
#include "runtime/rehearse/helpful.h"

namespace flow::prove {

using namespace core;
using Kind = ir::TestStep::Kind;

namespace {
constexpr Millis ThinkTime{1'000};
constexpr Millis BetweenKeys{250};
constexpr Millis EndMax{3'600'000};
constexpr std::uint64_t AtRest = 0xA0761D6478BD642FULL;  // tells such a moment from the one at which the rest began

// Of an answer of the model.
auto number_of(const ir::TestStep& step) -> std::uint64_t {
  std::uint64_t plan = 14695981039346656037ULL;
  const auto mix = [&](std::string_view text) {
    for (const char c : text) plan = (plan ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  };
  mix(step.words + std::to_string(static_cast<int>(step.kind)) + ":" + std::to_string(step.target.agent.index));
  for (const auto& call : step.calls) mix(call.name + to_json(call.arguments));
  return plan;
}

}  // namespace

Branch::Branch(const ir::Program& program, const Deeds& deeds) : program_(&program), deeds_(&deeds), stage_(program, *this) { stage_.begin(); }

Branch::Branch(const Branch& other)
    : program_(other.program_), deeds_(other.deeds_), stage_(other.stage_), path_(other.path_), armed_(other.armed_), answering_(other.answering_), last_words_(other.last_words_), impossible_(other.impossible_) {
  stage_.play_with(*this);
}
Branch::Branch(Branch&& other) noexcept
    : program_(other.program_), deeds_(other.deeds_), stage_(std::move(other.stage_)), path_(std::move(other.path_)), armed_(other.armed_), answering_(other.answering_), last_words_(std::move(other.last_words_)),
      impossible_(other.impossible_) {
  stage_.play_with(*this);
}
auto Branch::operator=(const Branch& other) -> Branch& { return *this = Branch(other); }
auto Branch::operator=(Branch&& other) noexcept -> Branch& {
  program_ = other.program_, deeds_ = other.deeds_, armed_ = other.armed_, answering_ = other.answering_, impossible_ = other.impossible_;
  stage_ = std::move(other.stage_);
  path_ = std::move(other.path_);
  last_words_ = std::move(other.last_words_);
  stage_.play_with(*this);
  return *this;
}

auto Branch::is_gap() const -> bool {
  const auto next = stage_.next();
  return !next || *next > stage_.now() + Millis{1};
}

auto Branch::at_rest() const -> bool {
  return stage_.quiet() && stage_.caller_there() && stage_.now() - stage_.quiet_since() >= ThinkTime && stage_.runs().empty() && !armed_;
}

auto Branch::moment() const -> std::uint64_t {
  auto sum = fingerprint(stage_) ^ (at_rest() ? AtRest : 0);
  if (armed_) sum ^= number_of(*armed_);
  if (!stage_.state().running.empty()) sum ^= answering_ * 3;  // what is written of an answer says nothing of what is still to come
  return sum;
}

auto Branch::possible() const -> std::vector<const Deed*> {
  std::vector<const Deed*> out;
  if (!stage_.caller_there()) {
    for (const auto& run : stage_.runs()) out.push_back(&deeds_->late_result_of(run.tool));
    return out;
  }
  const auto& s = stage_.state();
  std::vector<Id<ir::Tool>> seen;
  for (const auto& run : stage_.runs()) {
    if (std::ranges::find(seen, run.tool) != seen.end()) continue;
    seen.push_back(run.tool);
    if (!oldest_run(run.tool, true)) {
      out.push_back(&deeds_->late_result_of(run.tool));
      continue;
    }
    for (const auto& outcome : deeds_->outcomes_of(run.tool)) out.push_back(&outcome);
  }
  const bool may_speak = !stage_.caller_speaking() && !armed_ && s.phase == Session::State::Phase::Live;
  const bool nothing_else = stage_.quiet() && stage_.now() - stage_.quiet_since() >= ThinkTime - Millis{1};
  const auto running = static_cast<int>(std::ranges::count_if(stage_.runs(), &rehearse::Run::running));
  const auto fits = [&](const Deed& deed) { return !deed.model || static_cast<int>(deed.model->calls.size()) + running <= InFlightMax; };
  if (may_speak) {
    for (const auto& turn : nothing_else ? deeds_->turns_of(s.agent) : deeds_->interruptions_of(s.agent)) {
      if (fits(turn)) out.push_back(&turn);
    }
    if (nothing_else) {
      for (const auto& phrase : deeds_->phrases()) out.push_back(&phrase);
    }
    if (stage_.agent_sounds()) out.push_back(&deeds_->cough());
  }
  for (const auto& key : deeds_->digits()) out.push_back(&key);
  const auto drops = std::ranges::count_if(path_, [](const Done& done) { return done.deed->act.kind == Kind::Drops; });
  if (drops == 0 && s.link.up()) out.push_back(&deeds_->drop());
  out.push_back(&deeds_->hang_up());
  return out;
}

auto Branch::oldest_run(Id<ir::Tool> tool, bool running) const -> const rehearse::Run* {
  const auto found = std::ranges::find_if(stage_.runs(), [&](const rehearse::Run& r) { return r.tool == tool && r.running == running; });
  return found == stage_.runs().end() ? nullptr : &*found;
}

void Branch::make(const Deed& deed) {
  const auto& act = deed.act;
  const bool rests = stage_.quiet() && stage_.now() == stage_.quiet_since() + ThinkTime;
  path_.push_back({&deed, stage_.now(), {}, rests});
  if (deed.model) armed_ = &*deed.model;
  const auto run = [&] {
    const auto* running = oldest_run(act.tool, true);
    return running ? *running : *oldest_run(act.tool, false);
  };
  switch (act.kind) {
    case Kind::Says: stage_.caller_speaks(act.words, act.lasts.value_or(rehearse::time_to_say(act.words))); break;
    case Kind::Coughs: stage_.caller_speaks({}, act.lasts.value_or(rehearse::Cough)); break;
    case Kind::Types: stage_.caller_types(act.words); break;
    case Kind::HangsUp: stage_.caller_hangs_up(); break;
    case Kind::Presses:
      for (std::size_t i = 0; i < act.words.size(); ++i) {
        stage_.at(stage_.now() + static_cast<int>(i) * BetweenKeys, [key = act.words[i]](rehearse::Stage& stage) { stage.caller_presses(key); });
      }
      break;
    case Kind::ToolReturns: stage_.finish(run(), act.result); break;
    case Kind::ToolFails: stage_.fail(run(), act.words, act.network); break;
    case Kind::ToolProgresses: stage_.progress(run(), act.words); break;
    case Kind::Drops: stage_.drop_link(); break;
    default: break;
  }
  stage_.forget_the_past();
}

void Branch::finish() {
  if (broken().empty()) stage_.caller_hangs_up();
  const auto deadline = stage_.now() + EndMax;
  while (broken().empty() && !stage_.over()) {
    const auto next = stage_.next();
    if (!next || *next > deadline) break;
    advance();
  }
}

auto Branch::answer(const rehearse::Asked& asked) -> rehearse::Answer {
  if (!asked.expected.empty()) return {.words = asked.expected};
  const bool is_reply = std::ranges::any_of(asked.intents, [](const Intent& i) { return i.kind == Intent::Kind::Reply; });
  auto answer = armed_ && is_reply ? planned_answer(*std::exchange(armed_, nullptr)) : rehearse::helpful_answer(*program_, stage_.state(), asked, last_words_);
  if (!answer.words.empty()) last_words_ = answer.words;
  return answer;
}

auto Branch::planned_answer(const ir::TestStep& step) -> rehearse::Answer {
  answering_ = number_of(step);
  for (auto done = path_.rbegin(); done != path_.rend(); ++done) {
    if (done->deed->model && &*done->deed->model == &step) {
      done->answered = stage_.now();
      break;
    }
  }
  switch (step.kind) {
    case Kind::ModelSays: return {.words = step.words, .lasts = step.lasts};
    case Kind::ModelFails: return {.fails = true};
    case Kind::ModelCalls: {
      rehearse::Answer answer;
      for (const auto& call : step.calls) {
        impossible_ = impossible_ || !stage_.offered(call.name);
        answer.calls.push_back({call.name, call.arguments});
      }
      return answer;
    }
    case Kind::ModelHandsOff: {
      const auto agent = stage_.state().agent;
      for (const auto& edge : program_->handoffs) {
        const auto mine = !edge.from || edge.from == agent;
        if (mine && edge.trigger.kind == ir::Trigger::Kind::Model && edge.target == step.target && stage_.offered(edge.function)) return {.calls = {{edge.function, step.carry}}};
      }
      impossible_ = true;
      return {};
    }
    default: return {};
  }
}

}  // namespace flow::prove
