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

auto number_of(std::string_view text, std::uint64_t from = 14695981039346656037ULL) -> std::uint64_t {
  for (const char c : text) from = (from ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return from;
}

// Of an answer of the model.
auto number_of(const ir::TestStep& step) -> std::uint64_t {
  auto plan = number_of(std::string_view{});
  const auto mix = [&](std::string_view text) { plan = number_of(text, plan); };
  mix(step.words + std::to_string(static_cast<int>(step.kind)) + ":" + std::to_string(step.target.agent.index) + ":" + std::to_string(step.target.transfer.index));
  for (const auto& call : step.calls) mix(call.name + to_json(call.arguments));
  return plan;
}

}  // namespace

Branch::Branch(const ir::Program& program, const Deeds& deeds, const Deed* beginning) : program_(&program), deeds_(&deeds), stage_(program, *this) {
  if (beginning) make(*beginning);
  stage_.begin();
}

Branch::Branch(const Branch& other)
    : Cast(other), program_(other.program_), deeds_(other.deeds_), stage_(other.stage_), path_(other.path_), armed_(other.armed_), answering_(other.answering_), last_words_(other.last_words_), typing_(other.typing_),
      typing_until_(other.typing_until_), ordered_at_(other.ordered_at_), impossible_(other.impossible_) {
  stage_.play_with(*this);
}
Branch::Branch(Branch&& other) noexcept
    : program_(other.program_), deeds_(other.deeds_), stage_(std::move(other.stage_)), path_(std::move(other.path_)), armed_(other.armed_), answering_(other.answering_), last_words_(std::move(other.last_words_)),
      typing_(std::move(other.typing_)), typing_until_(other.typing_until_), ordered_at_(other.ordered_at_), impossible_(other.impossible_) {
  stage_.play_with(*this);
}
auto Branch::operator=(const Branch& other) -> Branch& { return *this = Branch(other); }
auto Branch::operator=(Branch&& other) noexcept -> Branch& {
  program_ = other.program_, deeds_ = other.deeds_, armed_ = other.armed_, answering_ = other.answering_, impossible_ = other.impossible_;
  typing_until_ = other.typing_until_, ordered_at_ = other.ordered_at_;
  stage_ = std::move(other.stage_);
  path_ = std::move(other.path_);
  last_words_ = std::move(other.last_words_);
  typing_ = std::move(other.typing_);
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
  if (is_typing()) sum ^= number_of(typing_) * 5;
  return sum;
}

void Branch::add_outcomes(std::vector<const Deed*>& out) const {
  std::vector<Id<ir::Tool>> seen;
  for (const auto& run : stage_.runs()) {
    if (std::ranges::find(seen, run.tool) != seen.end()) continue;
    seen.push_back(run.tool);
    if (!stage_.caller_there() || !oldest_run(run.tool, true)) {
      out.push_back(&deeds_->late_result_of(run.tool));
      continue;
    }
    for (const auto& outcome : deeds_->outcomes_of(run.tool)) out.push_back(&outcome);
  }
}

// Of the field whose turn it is: what an action asked for, else the first that is missing.
auto Branch::keys_wanted() const -> const std::vector<Deed>* {
  const auto& s = stage_.state();
  if (s.handoff || !s.caller.keys.empty()) return nullptr;
  const auto missing = [&](Id<ir::Form> form, std::size_t field) {
    const auto& declared = program_->forms[form];
    return declared.agent == s.agent && !s.forms[form.index].closed() && s.form_values[form.index].field(declared.fields[field].name)->is_none() && !s.forms[form.index].answers[field].check;
  };
  const auto typed = [&](Id<ir::Form> form, std::size_t field) {
    const auto& keys = deeds_->keys_of(form, field);
    return keys.empty() ? nullptr : &keys;
  };
  if (s.asked && missing(s.asked, s.asked_field)) return typed(s.asked, s.asked_field);
  for (std::size_t i = 0; i < program_->forms.size(); ++i) {
    const auto id = program_->forms.id_at(i);
    const auto& fields = program_->forms[id].fields;
    for (std::size_t field = 0; field < fields.size(); ++field) {
      if (missing(id, field) && !program_->types[fields[field].type].optional) return typed(id, field);
    }
  }
  return nullptr;
}

auto Branch::possible() const -> std::vector<const Deed*> {
  std::vector<const Deed*> out;
  add_outcomes(out);
  if (!stage_.caller_there()) return out;
  const auto& s = stage_.state();
  if (const auto transfer = stage_.transferring()) {
    for (const auto& side : deeds_->far_sides_of(transfer)) out.push_back(&side);
  }
  const bool may_speak = !stage_.caller_speaking() && !armed_ && !s.caller.is_machine && s.phase == Session::State::Phase::Live;
  const bool nothing_else = stage_.quiet() && stage_.now() - stage_.quiet_since() >= ThinkTime - Millis{1};
  const auto running = static_cast<int>(std::ranges::count_if(stage_.runs(), &rehearse::Run::running));
  const auto fits = [&](const Deed& deed) {
    const auto& calls = deed.model->calls;
    const auto offered = [&](const ir::TestCall& call) { return !call.form || stage_.offered(call.name); };
    return static_cast<int>(calls.size()) + running <= InFlightMax && std::ranges::all_of(calls, offered);
  };
  if (may_speak) {
    for (const auto& turn : nothing_else ? deeds_->turns_of(s.agent) : deeds_->interruptions_of(s.agent)) {
      if (fits(turn)) out.push_back(&turn);
    }
    if (nothing_else) {
      for (const auto& phrase : deeds_->phrases()) out.push_back(&phrase);
    }
    if (stage_.agent_sounds()) out.push_back(&deeds_->cough());
  }
  if (!is_typing() && !s.caller.is_machine) {
    for (const auto& key : deeds_->digits()) out.push_back(&key);
    if (const auto* keys = keys_wanted()) {
      for (const auto& typed : *keys) out.push_back(&typed);
    }
  }
  const auto is_loss = [](const Done& done) { return done.deed->act.kind == Kind::Drops || done.deed->act.kind == Kind::Refuses; };
  if (std::ranges::none_of(path_, is_loss) && s.link.up()) {
    // What is gone for good is lost like anything else at first: it makes a difference what then stands still.
    for (const auto& loss : deeds_->losses()) {
      if (!loss.before || nothing_else || s.handoff) out.push_back(&loss);
    }
  }
  if (deeds_->machine() && path_.empty()) out.push_back(&*deeds_->machine());
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
  path_.push_back({.deed = &deed, .at = stage_.now(), .answered = {}, .ordered = {}, .at_rest = rests});
  if (deed.model) armed_ = &*deed.model;
  if (deed.before) stage_.refuse_links(deed.before->times == 0 ? -1 : deed.before->times);
  const auto run = [&] {
    const auto* running = oldest_run(act.tool, true);
    return running ? *running : *oldest_run(act.tool, false);
  };
  switch (act.kind) {
    case Kind::Says: stage_.caller_speaks(act.words, act.lasts.value_or(rehearse::time_to_say(act.words))); break;
    case Kind::Coughs: stage_.caller_speaks({}, act.lasts.value_or(rehearse::Cough)); break;
    case Kind::Types: stage_.caller_types(act.words); break;
    case Kind::HangsUp: stage_.caller_hangs_up(); break;
    case Kind::Presses: press(act.words); break;
    case Kind::Voicemail: stage_.machine_takes_call(act.lasts.value_or(rehearse::Announcement)); break;
    case Kind::ToolReturns: stage_.finish(run(), act.result); break;
    case Kind::ToolFails: stage_.fail(run(), act.words, act.network); break;
    case Kind::ToolProgresses: stage_.progress(run(), act.words); break;
    case Kind::Drops: stage_.drop_link(); break;
    case Kind::Refuses: stage_.refuse_links(act.times == 0 ? -1 : act.times); break;
    case Kind::Earlier: stage_.leave_from_earlier(act); break;
    case Kind::TransferFails:
    case Kind::TransferAnswers:
    case Kind::TransferUnsupported:
      path_.back().ordered = ordered_at_;
      stage_.far_side(act);
      break;
    default: break;
  }
  stage_.forget_the_past();
}

void Branch::press(const std::string& keys) {
  typing_ = keys;
  typing_until_ = stage_.now() + static_cast<int>(keys.size() - 1) * BetweenKeys + Millis{1};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    stage_.at(stage_.now() + static_cast<int>(i) * BetweenKeys, [key = keys[i]](rehearse::Stage& stage) { stage.caller_presses(key); });
  }
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
