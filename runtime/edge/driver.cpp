#include "runtime/edge/driver.h"

#include "compiler/base/check.h"
#include "compiler/base/match.h"

namespace flow::edge {

Call::Call(CallSetup setup) : driver_(std::make_shared<Driver>(std::move(setup))) {}
Call::~Call() { driver_->abandon(); }
void Call::start() { driver_->start(); }
void Call::stop() { driver_->take(core::StopRequested{}); }

Driver::Driver(CallSetup setup) : setup_(std::move(setup)), session_(setup_.program), playout_(setup_.blocks) {}

Driver::~Driver() = default;

void Driver::start() {
  started_ = setup_.loop.now();
  tools_ = setup_.tools([weak = weak_from_this()](core::Event event) {
    if (const auto self = weak.lock()) self->take(std::move(event));
  });
  core::CallerConnected connected{.from = setup_.from, .call_name = setup_.name, .transfers = setup_.channel.transfers()};
  if (setup_.spending != nullptr) connected.allowance = setup_.spending->allowance();
  take(std::move(connected));
  if (!session_.finished()) setup_.channel.open(playout_, *this);
}

// The channel may go right after the call: nothing may touch it later, whoever still holds this driver for a moment.
void Driver::abandon() {
  setup_.finished = nullptr;
  setup_.channel.close();
  tools_.reset();
  timers_.clear();
  link_.reset();
  parting_.clear();
}

auto Driver::now() const -> core::Instant { return {std::chrono::floor<core::Millis>(setup_.loop.now() - started_)}; }

// ── Events ───────────────────────────────────────────────────────────────────────────────────────────────────

// What happens while an event is being taken is an answer to what it ordered, and goes before anything else the world
// sends: nothing else can come in between on this thread.
void Driver::take(core::Event event) {
  due_.push_back(std::move(event));
  if (taking_) return;
  const auto keep = shared_from_this();
  taking_ = true;
  while (!due_.empty()) {
    const auto next = std::move(due_.front());
    due_.pop_front();
    step(next);
  }
  taking_ = false;
  if (const auto took = stopwatch_.after(playout_, setup_.loop.now())) {
    show([&](Observer& observer) { observer.measured(Latency::Silence, *took, now()); });
  }
}

void Driver::step(const core::Event& event) {
  if (session_.finished()) return;
  const auto taken = setup_.loop.now();
  const auto at = now();
  if (setup_.journal != nullptr) setup_.journal->event(at, event);
  stopwatch_.before(event, playout_);
  follow_turns(event);

  effects_.clear();
  session_.step(event, at, effects_);
#ifndef NDEBUG
  const auto broken = session_.broken_invariant();
  FLOW_ASSERT(broken.empty(), broken);
#endif
  if (setup_.journal != nullptr) setup_.journal->effects(effects_);
  if (stopwatch_.injects(effects_)) injecting_ = taken;
  for (const auto& effect : effects_) apply(effect);
  injecting_.reset();
  if (const auto* configured = std::get_if<core::Configured>(&event)) caller_flows_ |= is_current(configured->epoch);
  look_on(event, at);
}

// Only now: who looks on is not waited for by who is spoken with.
void Driver::look_on(const core::Event& event, core::Instant at) {
  show([&](Observer& observer) { observer.happened(event, at); });
  show_delay(delays_.on(event, at));
  for (const auto& effect : effects_) {
    show([&](Observer& observer) { observer.ordered(effect, at); });
    show_delay(delays_.on(effect, at));
  }
  for (const auto& frame : sent_) show([&](Observer& observer) { observer.frame(wire::Direction::Out, frame, at); });
  sent_.clear();
  for (const auto took : injected_) show([&](Observer& observer) { observer.measured(Latency::Injection, took, at); });
  injected_.clear();
}

// What of the caller's voice a new link would have to hear again.
void Driver::follow_turns(const core::Event& event) {
  match(
      event, [&](const core::SpeechStarted& e) { caller_speaks_ |= is_current(e.epoch); },
      [&](const core::SpeechStopped& e) { caller_speaks_ &= !is_current(e.epoch); },
      [&](const core::TurnCommitted& e) {
        if (!is_current(e.epoch)) return;
        caller_speaks_ = false;
        caller_.clear();
      },
      [](const auto&) {});
}

// ── Orders ───────────────────────────────────────────────────────────────────────────────────────────────────

// One line an effect. An `if` about the conversation does not belong here but in runtime/core, where it can be tested.
void Driver::apply(const core::Effect& effect) {
  match(
      effect, [&](const core::OpenLink& e) { open_link(e); },
      [&](const core::CloseLink& e) {
        if (is_current(e.epoch)) part();
      },
      [&](const core::Configure& e) { to_link(e.epoch, effect); },
      [&](const core::CreateMessage& e) { tell(e.epoch, effect); },
      [&](const core::AnswerCall& e) { tell(e.epoch, effect); },
      [&](const core::RecallFunction& e) { to_link(e.epoch, effect); },
      [&](const core::DeleteItem& e) { to_link(e.epoch, effect); },
      [&](const core::CreateResponse& e) { to_link(e.epoch, effect); },
      [&](const core::CancelResponse& e) { to_link(e.epoch, effect); },
      [&](const core::TruncateItem& e) { to_link(e.epoch, effect); },
      [&](const core::CommitAudio& e) { to_link(e.epoch, effect); },
      [&](const core::ClearAudio& e) {
        to_link(e.epoch, effect);
        caller_.clear();
      },
      [&](const core::HearCaller& e) { hear_caller(e.on); },
      [&](const core::ReplayCallerAudio& e) {
        if (is_current(e.epoch)) replay_caller();
      },
      [&](const core::AdmitAudio& e) { playout_.admit(e.response); },
      [&](const core::PausePlayout&) { playout_.pause(); }, [&](const core::ResumePlayout&) { playout_.resume(); },
      [&](const core::FlushPlayout& e) { setup_.channel.flush(e.flush); },
      [&](const core::SetMark& e) { playout_.set_mark(e.mark, e.at); },
      [&](const core::WatchPauses& e) { playout_.watch_pauses(e.on); }, [&](const core::HangUp&) { hang_up(); },
      [&](const core::TransferCall& e) { setup_.channel.transfer(e, setup_.program.transfers[e.to]); },
      [&](const core::AbandonTransfer& e) { setup_.channel.abandon_transfer(e.transfer); },
      [&](const core::StartTool& e) { tools_->start(e); }, [&](const core::StopTool& e) { tools_->stop(e); },
      [&](const core::StoreJob& e) { store(e.job); }, [&](const core::Recall& e) { recall(e); },
      [&](const core::Remember& e) {
        if (setup_.memory != nullptr) setup_.memory->remember(e);
      },
      [&](const core::KeepJob& e) {
        if (setup_.memory != nullptr) setup_.memory->keep(e, setup_.name);
      },
      [&](const core::ForgetJob& e) {
        if (setup_.memory != nullptr) setup_.memory->forget(e);
      },
      [&](const core::CountCost& e) { count(e); }, [&](const core::SetTimer& e) { set_timer(e); },
      [&](const core::DropTimer& e) { timers_.erase(e.timer.n); }, [&](const core::Finish& e) { finish(e); },
      [&](const core::Decided& e) {
        setup_.channel.told(e, e.agent ? setup_.program.agents[e.agent].name : std::string_view());
      });
}

void Driver::to_link(core::Epoch epoch, const core::Effect& effect, net::Task on_handed) {
  if (is_current(epoch)) link_->send(effect, std::move(on_handed));
}

// A message, maybe the first of a result.
void Driver::tell(core::Epoch epoch, const core::Effect& effect) {
  if (!injecting_) return to_link(epoch, effect);
  to_link(epoch, effect, [weak = weak_from_this(), taken = *std::exchange(injecting_, std::nullopt)] {
    const auto self = weak.lock();
    if (!self) return;
    const auto took = microseconds_between(taken, self->setup_.loop.now());
    if (self->taking_) return self->injected_.push_back(took);
    self->show([&](Observer& observer) { observer.measured(Latency::Injection, took, self->now()); });
  });
}

void Driver::open_link(const core::OpenLink& order) {
  if (link_) part();
  link_ = std::make_shared<Link>(*this, setup_, order.epoch, order.realtime ? order.realtime : setup_.program.realtime);
  link_->open(order.after, numbers_);
}

void Driver::part() {
  numbers_ = link_->numbers();
  caller_flows_ = false;
  caller_speaks_ = false;
  parting_.push_back(std::move(link_));
  parting_.back()->close();
}

// A long stretch is given in messages of a tenth of a second, and none of them may give way.
void Driver::replay_caller() {
  constexpr std::size_t Piece = 5 * audio::FrameSamples;
  for (auto rest = caller_.all(); !rest.empty(); rest = rest.subspan(std::min(Piece, rest.size()))) {
    link_->say(rest.first(std::min(Piece, rest.size())), net::Kind::Control);
  }
}

void Driver::hang_up() {
  setup_.channel.close();
  due_.push_back(core::CallerHungUp{});
}

// Without a journal there is nothing to wait for; with one that cannot be written the tool must not run.
void Driver::store(core::JobId job) {
  if (setup_.journal == nullptr) return due_.push_back(core::JobStored{job});
  setup_.journal->flush([weak = weak_from_this(), job](Result<void> stored) {
    const auto self = weak.lock();
    if (!self) return;
    if (stored) return self->take(core::JobStored{job});
    self->take(core::ToolFailed{.job = job, .code = stored.error().code, .text = stored.error().text});
  });
}

// Without a memory nothing is known of anybody.
void Driver::recall(const core::Recall& order) {
  if (setup_.memory == nullptr) return due_.push_back(core::Recalled{});
  setup_.memory->recall(order, setup_.name, [weak = weak_from_this()](core::Recalled known) {
    if (const auto self = weak.lock()) self->take(std::move(known));
  });
}

void Driver::count(const core::CountCost& order) {
  if (setup_.spending == nullptr) return;
  setup_.spending->count(order.spent, [weak = weak_from_this()](double most) {
    if (const auto self = weak.lock()) self->take(core::AllowanceMoved{most});
  });
}

void Driver::set_timer(const core::SetTimer& order) {
  auto& timer = timers_.try_emplace(order.timer.n, setup_.loop).first->second;
  timer.set(started_ + order.at.since_start, [this, which = order.timer] {
    timers_.erase(which.n);
    take(core::TimerFired{which});
  });
}

void Driver::finish(const core::Finish& order) {
  finish_ = order;
  if (setup_.memory != nullptr) setup_.memory->release(setup_.name);
  timers_.clear();
  setup_.channel.close();
  if (link_) part();
  finish_if_closed();
}

void Driver::finish_if_closed() {
  if (!finish_ || link_ || !parting_.empty()) return;
  setup_.loop.post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self && self->setup_.finished) std::exchange(self->setup_.finished, nullptr)(*self->finish_);
  });
}

// ── The data plane ───────────────────────────────────────────────────────────────────────────────────────────

void Driver::follow_latency() {
  const auto latency = setup_.channel.latency();
  if (latency == latency_) return;
  latency_ = latency;
  delays_.latency(latency);
  if (setup_.journal != nullptr) setup_.journal->latency(latency);
}

void Driver::show_delay(const std::optional<telemetry::Delay>& delay) {
  if (delay) show([&](Observer& observer) { observer.delayed(*delay); });
}

// What begins now is a turn: all of it is kept for a new link.
void Driver::hear_caller(bool on) {
  hears_caller_ = on;
  caller_speaks_ |= on;
}

void Driver::caller_audio(audio::Samples at, audio::Pcm pcm) {
  follow_latency();
  if (hears_caller_) {
    if (caller_flows_) link_->say(pcm, net::Kind::Audio);
    caller_.push(pcm, caller_flows_ && !caller_speaks_ ? CallerAudio::QuietMax : CallerAudio::TurnMax);
  } else {
    unheard_.resize(pcm.size());
    pcm = unheard_;
  }
  if (setup_.recorder != nullptr) setup_.recorder->caller(at, pcm);
  if (setup_.journal != nullptr) setup_.journal->audio(store::Track::Caller, at, pcm);
  if (!setup_.observers.empty()) show_delay(delays_.caller(at, pcm));
}

void Driver::agent_audio(audio::Samples at, audio::Pcm pcm) {
  follow_latency();
  if (setup_.recorder != nullptr) setup_.recorder->agent(at, pcm);
  if (setup_.journal != nullptr) setup_.journal->audio(store::Track::Agent, at, pcm);
  if (!setup_.observers.empty()) show_delay(delays_.agent(at, pcm));
}

auto Driver::audio(core::ResponseId response, core::ItemId, audio::Pcm pcm) -> std::size_t {
  return static_cast<std::size_t>(playout_.push(response, pcm).count);
}

// ── What the edges say ───────────────────────────────────────────────────────────────────────────────────────

void Driver::channel_failed(const Error& error) {
  show([&](Observer& observer) { observer.problem(error, now()); });
}

void Driver::received(std::string_view frame) {
  stopwatch_.frame_received(setup_.loop.now());
  show([&](Observer& observer) { observer.frame(wire::Direction::In, frame, now()); });
}

void Driver::sent(std::string frame) {
  if (taking_) return sent_.push_back(std::move(frame));
  show([&](Observer& observer) { observer.frame(wire::Direction::Out, frame, now()); });
}

// Said once a link; how many there were is counted by the dialect.
void Driver::malformed(Link& link) {
  if (link.counters().malformed_events > 1) return;
  const Error error{"R0110", "the service sent an event that cannot be read; it is passed over",
                    "is it a service of this protocol? --wire OUT.jsonl shows what it sends"};
  show([&](Observer& observer) { observer.problem(error, now()); });
}

void Driver::ended(Link& link) {
  if (link_.get() == &link) {
    numbers_ = link_->numbers();
    caller_flows_ = false;
    link_.reset();
  }
  std::erase_if(parting_, [&](const auto& one) { return one.get() == &link; });
  finish_if_closed();
}

}  // namespace flow::edge
