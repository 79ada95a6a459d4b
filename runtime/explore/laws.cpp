#include "runtime/explore/laws.h"

#include <algorithm>

#include "compiler/base/match.h"
#include "runtime/core/state.h"

namespace flow::explore {

using namespace core;

namespace {

// After so long a voice activity is taken for noise.
constexpr Millis SpeechGivenUp{120'000};

auto is_outcome(Decision what) -> bool {
  switch (what) {
    case Decision::ToolDelivered:
    case Decision::ToolFailed:
    case Decision::ToolTimedOut:
    case Decision::ToolCancelled:
    case Decision::ToolExpired:
    case Decision::ToolSkipped:
    case Decision::ToolKept:
    case Decision::ToolUnknown: return true;
    default: return false;
  }
}

}  // namespace

void Laws::law(bool holds, const char* sentence) {
  if (!holds && broken_.empty()) broken_ = sentence;
}

// A voice activity that never ends is taken for noise: then the agent may speak again.
auto Laws::caller_speaks() const -> bool {
  const auto lasts = [&](const std::optional<Instant>& since) { return since && now_ - *since < SpeechGivenUp; };
  return lasts(caller_speaks_since_) || lasts(key_held_since_);
}

auto Laws::check(const Event& event, const EffectList& effects, const Session& session) -> std::string {
  now_ = session.state().now;
  just_hung_up_ = std::holds_alternative<CallerHungUp>(event) || std::holds_alternative<TimerFired>(event);
  law(!finished_ || effects.empty(), "a call that is over orders nothing");
  see(event);
  if (const auto* e = std::get_if<SpeechStarted>(&event); e && session.state().caller.of_digit == e->item) caller_speaks_since_.reset();
  if (!session.state().caller.holds_key) {
    key_held_since_.reset();
  } else if (!key_held_since_) {
    key_held_since_ = now_;
  }
  for (const auto& effect : effects) see(effect, session);
  see_answers(event, effects, session);
  if (broken_.empty()) broken_ = session.broken_invariant();
  return broken_;
}

auto Laws::next_timer() const -> std::optional<Due> {
  const auto first = std::ranges::min_element(timers_, {}, [](const auto& t) { return std::pair{t.second, t.first}; });
  if (first == timers_.end()) return std::nullopt;
  return Due{first->first, first->second};
}

auto Laws::forbidden(Id<ir::Tool> tool) const -> bool {
  using Deed = ir::Deed::Kind;
  return std::ranges::any_of(program_->rules, [&](const ir::Rule& rule) {
    if (rule.what.kind != Deed::Tool || rule.what.tool != tool) return false;
    if (rule.kind == ir::Rule::Kind::Before) return rule.first->kind == Deed::Tool && !succeeded_.contains(rule.first->tool);
    const auto runs = runs_.find(tool);
    return rule.kind == ir::Rule::Kind::AtMost && runs != runs_.end() && runs->second >= rule.most;
  });
}

void Laws::see(const Event& event) {
  match(
      event, [&](const CallerConnected&) { caller_there_ = true; }, [&](const CallerHungUp&) { caller_gone_ = caller_there_; },
      [&](const TransferMoved& e) {
        if (!open_transfer_ || e.transfer != *open_transfer_) return;
        if (e.stage == TransferStage::Connected) caller_gone_ = just_hung_up_ = true;
        if (e.stage >= TransferStage::Connected) open_transfer_.reset();
      },
      [&](const TimerFired& e) { timers_.erase(e.timer); },
      [&](const SpeechStarted& e) {
        if (e.epoch == epoch_) caller_speaks_since_ = now_;
      },
      [&](const SpeechStopped& e) {
        if (e.epoch == epoch_) caller_speaks_since_.reset();
      },
      [&](const TurnCommitted& e) {
        if (e.epoch == epoch_) caller_speaks_since_.reset();
      },
      [&](const ResponseStarted& e) {
        if (e.epoch != epoch_) return;
        running_.insert(e.response);
        if (unheard_asks_.contains(e.ask)) unheard_.insert(e.response);
        if (open_ask_ && e.ask == *open_ask_) open_ask_.reset();
      },
      [&](const ResponseEnded& e) {
        if (e.epoch == epoch_) running_.erase(e.response);
      },
      [&](const ServiceFailed& e) {
        if (e.epoch != epoch_) return;
        if (e.command == Command::CreateResponse && open_ask_ && AskId{e.number} == *open_ask_) open_ask_.reset();
        if (e.command == Command::Cancel && e.code == ErrorCode::NothingToCancel) running_.erase(ResponseId{e.number});
        if (e.command == Command::Configure) unconfirmed_.reset();
      },
      [&](const Configured& e) {
        if (unconfirmed_ == e.config) unconfirmed_.reset();
      },
      [&](const AudioArrived& e) { sent_[e.item] = sent_[e.item] + e.length; },
      [&](const FunctionCalled& e) {
        if (e.epoch == epoch_ && !answered_calls_.contains(e.call)) open_calls_.insert(e.call);
      },
      [&](const FunctionCallWithdrawn& e) { open_calls_.erase(e.call); },
      [&](const ToolFinished& e) {
        if (const auto known = tool_of_.find(e.job); known != tool_of_.end() && !settled_.contains(e.job)) succeeded_.insert(known->second);
      },
      [&](const LinkLost& e) {
        if (e.epoch != epoch_) return;
        running_.clear();
        open_ask_.reset();
        open_calls_.clear();
        caller_speaks_since_.reset();
      },
      [](const auto&) {});
}

void Laws::see(const Effect& effect, const Session& session) {
  const auto of_call = [&] { law(!caller_gone_ || just_hung_up_, "when the caller is gone, only tools, the store, timers and telemetry are ordered"); };
  match(
      effect,
      [&](const OpenLink& e) {
        of_call();
        law(e.epoch > epoch_, "epochs count up");
        epoch_ = e.epoch;
        caller_speaks_since_.reset();
        running_.clear();
        open_ask_.reset();
        open_calls_.clear();
        unconfirmed_.reset();
      },
      [&](const CloseLink&) {
        running_.clear();
        open_ask_.reset();
        open_calls_.clear();
      },
      [&](const Configure& e) {
        of_call();
        for (const auto id : program_->agents[e.agent].tools) {
          const auto offered = std::ranges::any_of(e.functions, [&](const Function& f) { return f.name == program_->tools[id].name; });
          law(!offered || !forbidden(id), "what a rule forbids is not offered");
        }
        unconfirmed_ = e.config;
      },
      [&](const CreateResponse& e) {
        of_call();
        law(!open_ask_, "no create while one is outstanding");
        law(running_.empty(), "no create while a response is known to run");
        law(!unconfirmed_, "the agent is configured before it is asked to speak");
        const auto& intents = session.state().ask.intents;
        const auto overrides = std::ranges::any_of(session.state().jobs, [](const Job& j) { return j.overriding; });
        law(!e.aloud || !caller_speaks() || overrides, "nothing starts to sound while the caller speaks, but by override");
        law(!intents.empty() || session.state().ask.slot != Ask::Slot::Creating, "a create is for something that wants to be heard");
        law(!open_transfer_ || !e.aloud, "nothing is said to a caller who is being put through");
        open_ask_ = e.ask;
        if (!e.aloud) unheard_asks_.insert(e.ask);
      },
      [&](const CancelResponse& e) {
        of_call();
        law(running_.contains(e.response), "a response that ended is not cancelled");
      },
      [&](const AnswerCall& e) {
        of_call();
        const auto is_replay = answered_calls_.contains(e.call) && !open_calls_.contains(e.call);
        law(open_calls_.contains(e.call) || is_replay, "only an open call is answered");
        law(!is_replay || session.state().last_epoch > 1, "a call is answered once");
        open_calls_.erase(e.call);
        answered_calls_.insert(e.call);
      },
      [&](const TruncateItem& e) {
        of_call();
        law(truncated_.insert(e.item).second, "an item is truncated once");
        law(!deleted_.contains(e.item), "a deleted item is not truncated");
        law(to_samples(e.heard) <= sent_[e.item], "nobody hears more than was sent");
      },
      [&](const DeleteItem& e) {
        of_call();
        law(deleted_.insert(e.item).second, "an item is deleted once");
      },
      [&](const AdmitAudio& e) {
        law(!unheard_.contains(e.response), "what is written for us alone is never heard");
        admitted_ = e.response;
      },
      [&](const TransferCall& e) {
        of_call();
        law(!open_transfer_, "one way out at a time");
        law(!session.state().link.up() || !caller_hears(session), "the line before a transfer is heard to its end");
        open_transfer_ = e.transfer;
      },
      [&](const AbandonTransfer& e) {
        law(open_transfer_ == e.transfer, "only an order that is open is taken back");
        open_transfer_.reset();
      },
      [&](const FlushPlayout&) {
        of_call();
        admitted_ = {};
        paused_ = false;
      },
      [&](const PausePlayout&) { law(!std::exchange(paused_, true), "a playout that stands still is not paused"); },
      [&](const ResumePlayout&) { law(std::exchange(paused_, false), "only a playout that stands still goes on"); },
      [&](const CommitAudio&) {
        of_call();
        law(!key_held_since_, "a turn is not made while its key is held");
      },
      [&](const SetTimer& e) {
        law(!timers_.contains(e.timer), "a timer is set once");
        timers_[e.timer] = e.at;
      },
      [&](const DropTimer& e) { law(timers_.erase(e.timer) == 1, "only a timer that is set is dropped"); },
      [&](const StartTool& e) {
        law(!settled_.contains(e.job), "a settled job does not run");
        started_.insert(e.job);
        const auto& jobs = session.state().jobs;
        const auto run = std::ranges::find(jobs, e.job, &Job::id);
        if (!tool_of_.emplace(e.job, e.tool).second) return;  // a further attempt
        if (run != jobs.end() && run->undoes) {
          law(undone_.insert(run->undoes).second, "a run is undone once");
        } else {
          law(!forbidden(e.tool), "what a rule forbids does not run");
          ++runs_[e.tool];
        }
      },
      [&](const Decided& e) {
        see_form(e, session);
        if (e.what == Decision::AskRefused) open_ask_.reset();  // also: no verdict for too long
        if (!is_outcome(e.what)) return;
        law(settled_.insert(e.job).second, "every job has one outcome");
        if (e.what == Decision::ToolDelivered) law(delivered_.insert(e.job).second, "no result is delivered twice");
      },
      [&](const Finish&) {
        finished_ = true;
        end_of_call();
      },
      [&](const HangUp&) { of_call(); }, [&](const auto&) {});
}

// A form that is done is not submitted again before its agent has the call anew, and never twice at a time.
void Laws::see_form(const Decided& e, const Session& session) {
  const auto& forms = program_->forms;
  for (std::uint32_t i = 0; i < forms.size(); ++i) {
    const auto& form = forms[Id<ir::Form>{i}];
    if (e.what == Decision::AgentActive && e.agent == form.agent) done_forms_.erase(i);
    if (form.agent != e.agent) continue;
    const bool is_answer = e.what == Decision::FormFilled || e.what == Decision::FormRefused;
    if (is_answer && e.text.starts_with(form.name + ".")) read_back_.erase(i);
    if (form.name != e.text) continue;
    if (e.what == Decision::FormReadBack) read_back_[i] = session.state().caller.turns;
    if (e.what == Decision::FormDone) done_forms_.insert(i);
    if (e.what != Decision::FormSubmitted) continue;
    law(!done_forms_.contains(i), "a form is submitted once");
    const bool asks = form.confirm || (form.submit && program_->tools[form.submit].confirm);
    const auto asked = read_back_.find(i);
    law(!asks || (asked != read_back_.end() && session.state().caller.turns > asked->second), "a form that is read back is submitted when the caller has answered");
    const auto submits = [&](const Job& j) { return j.form == Id<ir::Form>{i} && j.field == FormState::Submit && j.running(); };
    law(std::ranges::count_if(session.state().jobs, submits) <= 1, "a form has one submission at a time");
  }
}

// What was answered stays, until another answer to the form is looked at, or a form that is done begins anew.
void Laws::see_answers(const Event& event, const EffectList& effects, const Session& session) {
  const auto& now = session.state().form_values;
  for (std::uint32_t i = 0; i < answers_.size(); ++i) {
    if (answers_[i] == now[i]) continue;
    const auto& form = program_->forms[Id<ir::Form>{i}];
    const auto* done = answers_[i].field("done");
    const bool is_answer = std::ranges::any_of(effects, [&](const Effect& effect) {
      const auto* decided = std::get_if<Decided>(&effect);
      return decided && (decided->what == Decision::FormFilled || decided->what == Decision::FormRefused || decided->what == Decision::ToolStarted);
    });
    const auto* call = std::get_if<FunctionCalled>(&event);
    const bool may_change = is_answer || (call && call->name == form.function) || (done && done->truthy());
    for (const auto& field : form.fields) {
      const auto *before = answers_[i].field(field.name), *after = now[i].field(field.name);
      law(may_change || before->is_none() || !after->is_none(), "what the caller has answered is kept");
    }
  }
  if (!program_->forms.empty()) answers_ = now;
}

// A response that sounds, or something that has sounded and is not played to its end.
auto Laws::caller_hears(const Session& session) -> bool {
  const auto& s = session.state();
  return !s.caller.speaking && !s.caller.holds_key && s.voice.slot == Voice::Slot::Draining && s.voice.speech.aloud;
}

void Laws::end_of_call() {
  law(!open_transfer_, "every order to give the call away has an answer or is taken back");
  law(timers_.empty(), "every timer has fired or was dropped");
  for (const auto job : started_) law(settled_.contains(job), "every job has an outcome when the call is over");
}

}  // namespace flow::explore
