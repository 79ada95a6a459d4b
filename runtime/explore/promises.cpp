#include "runtime/explore/promises.h"

#include <algorithm>

#include "compiler/base/match.h"

namespace flow::explore {

using namespace core;
using State = Session::State;

namespace {

// Room for so long without what is owed: it will not come. Longer than any hold between two tries of the session, and
// shorter than the silences after which flows speak up.
constexpr Millis LeisureMax{6'000};
constexpr Millis ServerAnswers{5'000};  // where turns are the server's, the session asks only after so long
// Past the `after` of `barge_in`: the caller is over the agent for too long.
constexpr Millis OverMax{700};
constexpr Millis PauseMax{10'000};
constexpr Millis FormChecks{60'000};  // the call of a form waits for what checks its answers
// A handoff may wait for tools and for speech so long, and for a service that is lost for so long again.
constexpr Millis HandoffMax{25'000};
constexpr Millis BriefingMax{60'000};  // of the person of a warm transfer
constexpr Millis LeavingMax{60'000};   // until the far side is called at last
constexpr Millis DownMax{180'000};     // without a connection for so long, a call ends or goes elsewhere

auto policy_of(const ir::Program& program, const Job& job) -> const ir::Policy& { return program.policies[program.tools[job.tool].policy]; }

auto job_of(const State& s, std::uint32_t id) -> const Job* {
  const auto found = std::ranges::find(s.jobs, JobId{id}, &Job::id);
  return found == s.jobs.end() ? nullptr : &*found;
}

auto has(const EffectList& effects, std::initializer_list<Decision> any) -> bool {
  return std::ranges::any_of(effects, [&](const Effect& effect) {
    const auto* decided = std::get_if<Decided>(&effect);
    return decided && std::ranges::find(any, decided->what) != any.end();
  });
}

auto is_put_through(const State& s) -> bool { return s.handoff && s.handoff->target.kind == ir::Target::Kind::Transfer; }

auto may_not_be_cut(const State& s) -> bool {
  const auto is_protected = [](const Speech& speech) {
    return std::ranges::any_of(speech.intents, [](const Intent& i) { return i.is_protected || i.kind == Intent::Kind::Farewell; });
  };
  return is_protected(s.voice.speech) || std::ranges::any_of(s.tail, is_protected);
}

}  // namespace

void Promises::promise(bool kept, const char* sentence) {
  if (!kept && broken_.empty()) broken_ = sentence;
}

auto Promises::check(const Event& event, const EffectList& effects, const Session& session) -> std::string {
  const auto& s = session.state();
  now_ = s.now;
  const bool was_live = std::exchange(live_, s.phase == State::Phase::Live);
  if (leisure_since_) judge(s);  // until now there was room
  see(event, s);
  if (const auto* call = std::get_if<FunctionCalled>(&event); call && was_live) function_called(*call, effects, s);
  for (const auto& effect : effects) see(effect, s);
  answered_by_keys(event, effects, s);
  connection_gone(effects, s);
  if (!live_) {  // who is gone, or says goodbye, is owed nothing
    reply_.reset();
    handoff_.reset();
    leaves_by_.reset();
    calls_.clear();
    results_.clear();
  }
  weigh(s);
  return broken_;
}

auto Promises::wait(Instant now, const Session& session) -> std::string {
  now_ = std::max(now_, now);
  weigh(session.state());
  return broken_;
}

// ── What happens ──

void Promises::see(const Event& event, const State& s) {
  match(
      event,
      [&](const SpeechStarted& e) {
        if (e.epoch == s.link.epoch && s.caller.of_digit != e.item) caller_speaks_ = true;
      },
      [&](const SpeechStopped&) { caller_speaks_ = false; },
      [&](const TalkPressed&) { caller_speaks_ = s.caller.holds_key; }, [&](const TalkReleased&) { caller_speaks_ = false; },
      [&](const TurnCommitted& e) {
        caller_speaks_ = false;
        if (!live_ || e.epoch != s.link.epoch || s.caller.of_digit == e.item) return;
        const auto by_server = program_->realtime && program_->realtimes[program_->realtime].turn_control == ir::TurnControl::Server;
        reply_ = Debt{e.item.n, now_ + (by_server ? ServerAnswers : Millis{0})};
        failures_ = 0;
      },
      [&](const TextTyped&) {
        reply_ = Debt{0, now_};
        failures_ = 0;
      },
      [&](const MachineAnswered& e) {
        if (e.beeped && live_ && s.caller.is_machine) reply_ = Debt{0, now_}, failures_ = 0;
      },
      [&](const ResponseStarted& e) {
        if (e.epoch != s.link.epoch) return;
        ++running_;
        if (open_ask_ == e.ask) open_ask_.reset();
        for (auto& telling : tellings_) {
          if (telling.ask == e.ask) telling.response = e.response;
        }
      },
      [&](const ResponseEnded& e) {
        if (e.epoch != s.link.epoch) return;
        running_ = std::max(0, running_ - 1);
        const bool said_nothing = e.status != ResponseStatus::Cancelled && std::erase(sounded_, e.response) == 0;
        // What is neither said nor called is asked for once more; then the caller has had what there is.
        if (said_nothing && calls_.empty() && ++failures_ > 1) answered();
      },
      [&](const ServiceFailed& e) {
        if (e.epoch == s.link.epoch && e.command == Command::CreateResponse) open_ask_.reset();
      },
      [&](const AudioArrived& e) {
        if (e.epoch != s.link.epoch) return;
        if (std::ranges::find(sounded_, e.response) == sounded_.end()) sounded_.push_back(e.response);
        pieces_.push_back({e.response, queued_, queued_ + e.length});
        queued_ = queued_ + e.length;
        for (auto& telling : tellings_) {
          if (telling.response == e.response) telling.total = telling.total + e.length;
        }
        answered();
      },
      [&](const PauseReached& e) { heard(e.played); }, [&](const PlayoutDrained& e) { heard(e.played); },
      [&](const PlayoutFlushed& e) {
        heard(e.played);
        pieces_.clear();
        flushing_ = false;
        queued_ = e.played;
      },
      [&](const FunctionCallWithdrawn& e) { std::erase_if(calls_, [&](const Debt& d) { return d.of == e.call.n; }); },
      [&](const Configured& e) {
        if (!unconfirmed_ || unconfirmed_->config != e.config) return;
        offered_.clear();
        for (const auto& function : unconfirmed_->functions) offered_.push_back(function.name);
        unconfirmed_.reset();
      },
      [&](const LinkLost& e) {
        if (e.epoch != s.link.epoch && e.epoch.n + 1 != s.link.epoch.n) return;
        running_ = 0;
        open_ask_.reset();
        calls_.clear();
        caller_speaks_ = false;
      },
      [](const auto&) {});
}

void Promises::see(const Effect& effect, const State& s) {
  match(
      effect,
      [&](const OpenLink& e) {
        opened_.push_back(e.realtime);
        running_ = 0;
        open_ask_.reset();
        calls_.clear();
        offered_.clear();
        caller_speaks_ = false;
      },
      [&](const Configure& e) { unconfirmed_ = e; }, [&](const CreateResponse& e) { created(e, s); },
      [&](const AnswerCall& e) { std::erase_if(calls_, [&](const Debt& d) { return d.of == e.call.n; }); },
      [&](const DeleteItem& e) {
        if (reply_ && reply_->of == e.item.n) reply_.reset();  // it was no turn
      },
      [&](const PausePlayout&) { paused_since_ = now_; }, [&](const ResumePlayout&) { paused_since_.reset(); },
      [&](const FlushPlayout&) {
        paused_since_.reset();
        over_since_.reset();
        flushing_ = true;
      },
      [&](const StartTool& e) {
        const auto& tool = program_->tools[e.tool];
        promise(e.attempt == 1 || tool.effects != ir::Effects::WritesOnce || !tool.idempotency_key.empty(), "what writes once is not run twice");
      },
      [&](const Decided& e) {
        form_moves(e, s);
        switch (e.what) {
          case Decision::AskRefused: open_ask_.reset(); return;
          case Decision::HandoffStarted:
            handing_over_ = true;
            handoff_ = Debt{0, now_ + HandoffMax};
            return;
          case Decision::HandoffDone:
            handing_over_ = false;
            handoff_.reset();
            if (!reply_ && !caller_speaks_) reply_ = Debt{0, now_}, failures_ = 0;  // whoever takes the call says so
            return;
          case Decision::TransferStarted: leaves_by_ = now_ + HandoffMax + LeavingMax; return;
          case Decision::TransferOrdered: leaves_by_ = now_ + (is_put_through(s) ? program_->transfers[s.handoff->target.transfer].timeout : Millis{0}) + BriefingMax; return;
          case Decision::TransferFailed:
            leaves_by_.reset();
            if (!reply_ && !caller_speaks_) reply_ = Debt{0, now_}, failures_ = 0;  // somebody says so
            return;
          case Decision::ToolReady:
            if (const auto* job = job_of(s, e.job.n); job && live_ && !job->form) results_.push_back({e.job.n, now_ + policy_of(*program_, *job).grace});
            return;
          case Decision::ToolDelivered: delivered(e.job, s); [[fallthrough]];
          case Decision::ToolFailed:
          case Decision::ToolTimedOut:
          case Decision::ToolCancelled:
          case Decision::ToolExpired:
          case Decision::ToolSkipped:
          case Decision::ToolKept:
          case Decision::ToolUnknown: std::erase_if(results_, [&](const Debt& d) { return d.of == e.job.n; }); return;
          default: return;
        }
      },
      [](const auto&) {});
}

// The caller hears somebody, or was told by a choice of the model's that they will not.
void Promises::answered() {
  reply_.reset();
  failures_ = 0;
}

void Promises::function_called(const FunctionCalled& e, const EffectList& effects, const State& s) {
  if (e.epoch != s.link.epoch || std::ranges::find(seen_calls_, e.call) != seen_calls_.end()) return;
  seen_calls_.push_back(e.call);
  const auto* job = [&]() -> const Job* {
    const auto found = std::ranges::find(s.jobs, e.call, &Job::call);
    return found == s.jobs.end() ? nullptr : &*found;
  }();
  auto due = now_;
  if (job) due = due + (policy_of(*program_, *job).mode == ir::Policy::Mode::Blocking ? policy_of(*program_, *job).timeout : policy_of(*program_, *job).ack_after);
  if (std::ranges::any_of(program_->forms, [&](const ir::Form& form) { return form.function == e.name; })) due = due + FormChecks;
  calls_.push_back({e.call.n, due});

  form_confirmed(e, effects, s);
  const auto is_edge = [&](const ir::Handoff& edge) {
    return edge.trigger.kind == ir::Trigger::Kind::Model && edge.function == e.name && (!edge.from || edge.from == s.agent) && !edge.guard;
  };
  const auto edge = std::ranges::find_if(program_->handoffs, is_edge);
  const bool is_offered = std::ranges::find(offered_, e.name) != offered_.end();
  const bool complete = edge != program_->handoffs.end() && e.arguments && std::ranges::all_of(edge->carry, [&](const ir::Field& field) {
    return field.fallback || program_->types[field.type].optional || e.arguments->field(field.name);
  });
  // Whom nobody could reach a moment ago is not tried again before the caller has said something.
  const bool was_tried = edge != program_->handoffs.end() && edge->target.kind == ir::Target::Kind::Transfer && std::ranges::find(s.tried, edge->target.transfer) != s.tried.end();
  if (is_offered && complete && !handing_over_ && !was_tried) promise(is_put_through(s) || has(effects, {Decision::HandoffStarted}), "a handoff that was offered to the model is made when it asks for it");
  for (const auto& tool : program_->tools) {
    if (tool.name == e.name && tool.body == ir::Tool::Body::StaySilent) answered();
  }
}

void Promises::form_moves(const Decided& e, const State& s) {
  for (std::uint32_t i = 0; i < program_->forms.size(); ++i) {
    const auto& form = program_->forms[Id<ir::Form>{i}];
    if (form.agent != e.agent || !e.text.starts_with(form.name)) continue;
    if (e.what == Decision::FormReadBack) read_back_[i] = s.caller.turns;
    if (e.what == Decision::FormFilled || e.what == Decision::FormRefused || e.what == Decision::FormSubmitted) read_back_.erase(i);
  }
}

// All was read back, the caller has spoken since, and the model says that it was a yes.
void Promises::form_confirmed(const FunctionCalled& e, const EffectList& effects, const State& s) {
  const auto* yes = e.arguments && e.arguments->record() && e.arguments->record()->size() == 1 ? e.arguments->field("confirmed") : nullptr;
  if (!yes || !yes->truthy() || handing_over_ || s.handoff) return;
  for (const auto& [index, turns] : read_back_) {
    const auto& form = program_->forms[Id<ir::Form>{index}];
    const bool checks = std::ranges::any_of(s.forms[index].answers, [](const FormState::Answer& a) { return bool(a.check); });
    if (form.agent != s.agent || form.function != e.name || s.caller.turns <= turns || checks) continue;
    promise(has(effects, {Decision::FormSubmitted, Decision::ToolRefused}), "a form that the caller has said yes to is submitted");
    return;
  }
}

// Who types an answer hears what becomes of it, as who speaks one does.
void Promises::answered_by_keys(const Event& event, const EffectList& effects, const State& s) {
  const bool called = std::ranges::any_of(s.forms, [](const FormState& form) { return !form.calls.empty(); });
  const bool by_keys = !called && (std::holds_alternative<DigitPressed>(event) || std::holds_alternative<TimerFired>(event) || std::holds_alternative<ToolFinished>(event));
  if (by_keys && live_ && !reply_ && !caller_speaks_ && has(effects, {Decision::FormFilled, Decision::FormRefused}) && !has(effects, {Decision::FormSubmitted})) {
    reply_ = Debt{0, now_};
    failures_ = 0;
  }
}

// Of a service that is gone.
void Promises::connection_gone(const EffectList& effects, const State& s) {
  const bool gives_up = !s.gone_code.empty() && has(effects, {Decision::ErrorReported, Decision::TransferStarted});
  if (!gives_up || !program_->realtimes.has(s.link.realtime)) return;
  const auto instead = program_->realtimes[s.link.realtime].fallback;
  promise(!instead || std::ranges::find(opened_, instead) != opened_.end(), "a connection that stands in for another is tried before a call is given up");
}

void Promises::created(const CreateResponse& e, const State& s) {
  open_ask_ = e.ask;
  Telling telling{.ask = e.ask, .response = {}, .jobs = {}, .total = {}, .heard = {}};
  for (const auto& intent : s.ask.intents) {
    if (intent.kind != Intent::Kind::Result && intent.kind != Intent::Kind::ToolReply) continue;
    for (const auto job : intent.jobs) {
      promise(std::ranges::find(telling.jobs, job) == telling.jobs.end(), "one response tells a result once");
      telling.jobs.push_back(job);
      promise(std::ranges::find(delivered_, job) == delivered_.end(), "a result that was delivered is not told again");
    }
  }
  if (!telling.jobs.empty()) tellings_.push_back(std::move(telling));
}

void Promises::delivered(JobId id, const State& s) {
  const auto* job = job_of(s, id.n);
  if (!job || job->form) return;  // what a form makes of it is the form's to say
  const auto& policy = policy_of(*program_, *job);
  const auto was_heard = std::ranges::any_of(tellings_, [&](const Telling& t) {
    const bool tells = std::ranges::find(t.jobs, id) != t.jobs.end();
    return tells && t.total > Samples{} && t.heard.count * 100 >= t.total.count * policy.heard_percent;
  });
  promise(was_heard || job->deliver == ir::Policy::Deliver::Silent, "a result counts as delivered only when the caller has heard it");
  delivered_.push_back(id);
  std::erase_if(tellings_, [&](const Telling& t) { return std::ranges::all_of(t.jobs, [&](JobId j) { return std::ranges::find(delivered_, j) != delivered_.end(); }); });
}

void Promises::heard(Samples played) {
  for (auto& piece : pieces_) {
    if (piece.begin >= played) break;
    const auto end = std::min(piece.end, played);
    for (auto& telling : tellings_) {
      if (telling.response == piece.response) telling.heard = telling.heard + (end - piece.begin);
    }
    piece.begin = end;
  }
  std::erase_if(pieces_, [&](const Piece& p) { return p.begin >= p.end; });
}

// ── What is owed ──

// Nobody speaks, nothing was asked for, and the service listens. Whoever is being put through waits in quiet.
auto Promises::at_leisure(const State& s) const -> bool {
  return live_ && !is_put_through(s) && s.link.up() && !s.link.awaiting_configured && !open_ask_ && running_ == 0 && pieces_.empty() && !caller_speaks_ && !s.caller.holds_key;
}

void Promises::weigh(const State& s) {
  const auto is_over = live_ && caller_speaks_ && !pieces_.empty() && !flushing_ && !paused_since_ && !may_not_be_cut(s) &&
                       std::ranges::none_of(s.voice.speech.intents, [&](const Intent& i) {
                         return std::ranges::any_of(i.jobs, [&](JobId id) { const auto* job = job_of(s, id.n); return job && job->overriding; });
                       });
  if (!is_over) over_since_.reset();
  else if (!over_since_) over_since_ = now_;
  if (over_since_) promise(now_ - *over_since_ <= program_->agents[s.agent].barge_in.after + OverMax, "an agent that is interrupted falls silent");
  if (paused_since_ && live_) promise(now_ - *paused_since_ <= PauseMax, "an agent that was paused goes on or gives way");

  if (leaves_by_) promise(now_ <= *leaves_by_, "whoever is put through comes to somebody, or is told");
  const bool is_down = live_ && !s.link.up() && !is_put_through(s) && !s.recalling;
  if (!is_down) down_since_.reset();
  else if (!down_since_) down_since_ = now_;
  if (down_since_) promise(now_ - *down_since_ <= DownMax, "a call without a connection ends, or goes elsewhere");

  if (!at_leisure(s)) {
    leisure_since_.reset();
    return;
  }
  if (!leisure_since_) leisure_since_ = now_;
  model_waits_ = std::ranges::any_of(s.jobs, [&](const Job& j) {
    const auto& policy = policy_of(*program_, j);
    const bool answers_form = j.checks() && !s.forms[j.form.index].calls.empty();  // its call waits for the check
    const bool blocks = answers_form || (j.answer == Job::Answer::Open && policy.mode == ir::Policy::Mode::Blocking);
    const bool is_awaited = s.handoff && s.handoff->stage == PendingHandoff::Stage::Calls && policy.on_handoff == ir::Policy::OnHandoff::Await;
    return j.running() && (blocks || is_awaited);
  });
  judge(s);
}

// Whether there was room for so long that what is owed must have come.
void Promises::judge(const State& s) {
  const auto kept_waiting = [&](const Debt& debt) { return now_ - std::max(debt.due, *leisure_since_) > LeisureMax; };
  for (const auto& call : calls_) promise(!kept_waiting(call), "every function call is answered");
  for (const auto& result : results_) {
    const auto* job = job_of(s, result.of);
    const auto rests = job && job->in_context && job->deliver == ir::Policy::Deliver::WithNextTurn;
    promise(rests || model_waits_ || !kept_waiting(result), "a result that is ready is told");
  }
  if (handoff_) promise(!kept_waiting(*handoff_), "a handoff that has begun is made");
  if (reply_ && !model_waits_ && !handoff_) promise(!kept_waiting(*reply_), "whoever has spoken, or was put through, is not left in silence");
}

}  // namespace flow::explore
