#include "runtime/rehearse/stage.h"

#include <algorithm>
#include <sstream>
#include <tuple>

#include "compiler/base/match.h"

namespace flow::rehearse {

using namespace core;

namespace {

constexpr Millis LinkOpensAfter{100};
constexpr Millis ConfiguredAfter{20};
constexpr Millis TranscribedAfter{100};
constexpr Millis CancelledAfter{30};
constexpr Millis StoredAfter{5};
constexpr Millis StoppedAfter{10};
constexpr Millis HungUpAfter{20};
constexpr Millis CallWritten{30};
constexpr Millis EarlierAge{60'000};  // of work that an earlier call left
constexpr int StepsMax = 200'000;  // of one call: more is a call that goes round in circles

auto words_of(const std::string& text) -> std::vector<std::string> {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

auto ends_sentence(const std::string& word) -> bool { return !word.empty() && std::string_view(".!?;:").find(word.back()) != std::string_view::npos; }

}  // namespace

auto count_words(const std::string& text) -> int { return static_cast<int>(words_of(text).size()); }
auto time_to_say(const std::string& text) -> Millis { return std::max(1, count_words(text)) * PerWord; }

Stage::Stage(const ir::Program& program, Cast& cast) : program_(&program), cast_(&cast), session_(program), laws_(program), promises_(program) {}

void Stage::begin() { happens(CallerConnected{"+15550100", "rehearsal", true}); }

// ── Time ──

namespace {
struct Later {
  template <class T>
  auto operator()(const T& a, const T& b) const -> bool { return std::pair{a.at, a.number} > std::pair{b.at, b.number}; }
};
}  // namespace

void Stage::at(Instant when, std::function<void(Stage&)> what) {
  planned_.push_back({std::max(when, now_), ++last_planned_, std::move(what)});
  std::ranges::push_heap(planned_, Later{});
}

auto Stage::next() const -> std::optional<Instant> {
  std::optional<Instant> first;
  const auto consider = [&](Instant at) { first = first ? std::min(*first, at) : at; };
  if (!planned_.empty()) consider(planned_.front().at);
  if (over_) return first;
  if (const auto due = player_.next(now_)) consider(due->at);
  if (const auto timer = laws_.next_timer()) consider(std::max(now_, timer->at));
  return first;
}

void Stage::idle_until(Instant at) {
  now_ = std::max(now_, at);
  if (broken_.empty() && !over_) broken_ = promises_.wait(now_, session_);
}

// What the world does comes before what was waited for, if both are due.
void Stage::advance() {
  now_ = std::max(now_, *next());
  if (!planned_.empty() && planned_.front().at <= now_) {
    std::ranges::pop_heap(planned_, Later{});
    const auto what = std::move(planned_.back().what);
    planned_.pop_back();
    return what(*this);
  }
  if (const auto due = player_.next(now_); due && due->at <= now_) {
    player_.reported(due->event);
    return happens(due->event);
  }
  if (const auto timer = laws_.next_timer(); timer && timer->at <= now_) happens(TimerFired{timer->id});
}

void Stage::happens(const Event& event) {
  if (over_ || !broken_.empty()) return;
  if (++steps_ > StepsMax) {
    broken_ = "a call whose world behaves comes to rest";
    return;
  }
  EffectList effects;
  moments_.push_back({now_, event});
  session_.step(event, now_, effects);
  for (const auto& effect : effects) moments_.push_back({now_, effect});
  broken_ = laws_.check(event, effects, session_);
  if (broken_.empty()) broken_ = promises_.check(event, effects, session_);
  for (const auto& effect : effects) see(effect);
  note_state();
}

// Who is heard, and since when nobody is.
void Stage::note_state() {
  const auto sounds = player_.sounds(now_) && !gone_;
  if (sounds && !sounding_since_) sounding_since_ = now_;
  if (!sounds && sounding_since_) {
    if (now_ > *sounding_since_) agent_heard_.push_back({*sounding_since_, now_});
    sounding_since_.reset();
  }
  const auto& s = state();
  const auto at_rest = s.link.up() && s.ask.slot == Ask::Slot::Empty && s.voice.slot == Voice::Slot::Empty && s.tail.empty() && s.cut.empty() && s.queue.empty() &&
                       s.groups.empty() && !s.handoff && !s.caller.speaking && !s.caller.judged;
  const auto still = over_ || gone_ || (at_rest && !speaking_until_ && !turn_ && !sounds);
  if (!still) quiet_since_.reset();
  else if (!quiet_since_) quiet_since_ = now_;
}

void Stage::forget_the_past() {
  moments_.clear();
  agent_heard_.clear();
  if (caller_heard_.size() > 1) caller_heard_.erase(caller_heard_.begin(), std::prev(caller_heard_.end()));
}

auto Stage::under_way() const -> std::vector<std::uint64_t> {
  struct Next {
    Instant at;
    std::uint64_t number, kind;
  };
  std::vector<Next> all;
  for (const auto& planned : planned_) all.push_back({planned.at, planned.number, planned.what.target_type().hash_code()});
  if (const auto due = player_.next(now_)) all.push_back({due->at, last_planned_ + 1, due->event.index()});
  for (const auto& timer : state().timers.armed()) {
    const auto is_of_job = timer.wait >= Wait::JobEnds && timer.wait <= Wait::Grace;
    all.push_back({timer.at, last_planned_ + 2, 1'000 + static_cast<std::uint64_t>(timer.wait) * 64 + (is_of_job ? 0 : timer.subject % 64)});
  }
  std::ranges::sort(all, {}, [](const Next& n) { return std::tuple{n.at, n.number, n.kind}; });
  std::vector<std::uint64_t> numbers{open_, gone_, over_, static_cast<std::uint64_t>(refusals_), response_.ended, response_.cancelled, admitted_ == response_.id,
                                     speaking_until_.has_value(), turn_.has_value(), turn_ && turn_->stopped, turn_ && bool(turn_->item), player_.sounds(now_)};
  for (const auto& kept : kept_) numbers.push_back(std::uint64_t{kept.result.has_value()} + 1'000);
  for (const auto& run : runs_) numbers.push_back(run.tool.index * 2 + std::uint64_t{run.running});
  // How many words a sentence still has is of no account.
  for (const auto& next : all) {
    if (numbers.back() != next.kind) numbers.push_back(next.kind);
  }
  return numbers;
}

// ── The service ──

void Stage::see(const Effect& effect) {
  match(
      effect, [&](const OpenLink& e) { open(e.epoch); soon(e.after + LinkOpensAfter, [epoch = e.epoch](Stage& stage) { stage.link_answers(epoch); }); },
      [&](const CloseLink&) { open_ = false; },
      [&](const Configure& e) {
        configured_ = e;
        soon(ConfiguredAfter, [epoch = e.epoch, config = e.config](Stage& stage) {
          if (stage.up(epoch)) stage.happens(Configured{epoch, config});
        });
      },
      [&](const CreateResponse& e) {
        soon(ResponseBegins, [epoch = e.epoch, ask = e.ask, asked = Asked{state().ask.intents, state().ask.expected}](Stage& stage) { stage.start_response(epoch, ask, asked); });
      },
      [&](const CommitAudio& e) {
        soon(ConfiguredAfter, [epoch = e.epoch](Stage& stage) {
          if (stage.up(epoch)) stage.commit();
        });
      },
      [&](const ClearAudio&) {
        if (!speaking_until_) turn_.reset();
      },
      [&](const CancelResponse& e) { cancel(e.response); }, [&](const ReplayCallerAudio&) { replay_caller(); },
      [&](const AdmitAudio& e) { admitted_ = e.response; }, [&](const PausePlayout&) { player_.pause(now_); }, [&](const ResumePlayout&) { player_.resume(now_); },
      [&](const FlushPlayout& e) {
        admitted_ = {};
        soon(Millis{0}, [flush = e.flush, played = player_.flush(now_)](Stage& stage) { stage.happens(PlayoutFlushed{flush, played}); });
      },
      [&](const SetMark& e) { player_.mark(e.mark, e.at); }, [&](const WatchPauses& e) { player_.watch_pauses(e.on); },
      [&](const HangUp&) { soon(HungUpAfter, [](Stage& stage) { stage.caller_hangs_up(); }); },
      [&](const TransferCall& e) {
        transfer_ = e.transfer;
        transferring_ = e.to;
        cast_->ordered(e.transfer, e.to);
      },
      [&](const AbandonTransfer&) { transfer_ = {}; },
      [&](const StartTool& e) {
        runs_.push_back({e.job, e.attempt, e.tool});
        cast_->started(Run(runs_.back()));
      },
      [&](const StopTool& e) {
        for (auto& run : runs_) {
          if (run.job != e.job || run.attempt != e.attempt || !run.running) continue;
          run.running = false;
          soon(StoppedAfter, [e](Stage& stage) { stage.happens(ToolStopped{e.job, e.attempt}); });
        }
      },
      [&](const Recall&) { soon(StoredAfter, [kept = kept_](Stage& stage) { stage.happens(Recalled{{}, kept}); }); },
      [&](const StoreJob& e) { soon(StoredAfter, [job = e.job](Stage& stage) { stage.happens(JobStored{job}); }); }, [&](const Finish&) { over_ = true; }, [](const auto&) {});
}

void Stage::link_answers(Epoch epoch) {
  if (epoch != epoch_ || open_ || gone_) return;
  if (refusals_ != 0) {
    if (refusals_ > 0) --refusals_;
    return happens(LinkFailed{epoch, false, "R0103", "the service refused the connection"});
  }
  open_ = true;
  happens(LinkOpened{epoch, {}, std::nullopt});
}

void Stage::open(Epoch epoch) {
  epoch_ = epoch;
  open_ = false;
  response_.ended = true;  // with the link it was made on
  configured_.reset();
  if (turn_) turn_->item = {};  // whatever the old link had of it
}

void Stage::drop_link() {
  if (!open_) return;
  open_ = false;
  happens(LinkLost{epoch_, "R0108", "the connection was lost"});
}

void Stage::leave(Millis within) {
  if (!open_) return;
  happens(LinkGoingAway{epoch_, within});
  soon(within, [epoch = epoch_](Stage& stage) {
    if (stage.up(epoch)) stage.drop_link();
  });
}

auto Stage::offered(const std::string& function) const -> bool {
  return configured_ && std::ranges::find(configured_->functions, function, &Function::name) != configured_->functions.end();
}

// ── Responses ──

void Stage::start_response(Epoch epoch, AskId ask, const Asked& asked) {
  if (!up(epoch)) return;
  if (response_.id && !response_.ended) {
    return happens(ServiceFailed{epoch, ErrorCode::ActiveResponse, Command::CreateResponse, ask.n, "conversation_already_has_active_response", ""});
  }
  // What is asked for and given up in the same breath is answered by nobody's script.
  const bool wanted = state().ask.slot == Ask::Slot::Creating && state().ask.id == ask;
  response_ = {.id = ResponseId{++last_response_}, .item = ItemId{++last_item_}};
  const auto response = response_.id;
  const auto answer = wanted ? cast_->answer(asked) : Answer{};
  happens(ResponseStarted{epoch, response, ask});
  if (answer.fails) {
    soon(FirstSound, [epoch, response](Stage& stage) { stage.end(epoch, response, ResponseStatus::Failed, "server_error"); });
  } else if (!answer.calls.empty()) {
    call(epoch, response, answer);
  } else {
    speak(epoch, response, answer);
  }
}

// Word by word, sooner than it can be heard: its sound first, as the words of a real service run ahead of it.
void Stage::speak(Epoch epoch, ResponseId response, const Answer& answer) {
  const auto words = words_of(answer.words);
  const auto whole = answer.lasts.value_or(static_cast<int>(words.size()) * PerWord);
  auto when = FirstSound;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto count = static_cast<std::int64_t>(words.size());
    const auto begins = whole * static_cast<std::int64_t>(i) / count;
    const auto length = whole * static_cast<std::int64_t>(i + 1) / count - begins;
    soon(when, [epoch, response, first = i == 0, word = words[i], length](Stage& stage) { stage.sound(epoch, response, word, length, first); });
    when += length / FasterThanSpeech;
  }
  soon(when, [epoch, response, spoke = !words.empty()](Stage& stage) {
    if (!stage.runs(epoch, response)) return;
    if (spoke) stage.happens(ItemEnded{epoch, response, stage.response_.item, ItemKind::AgentSpeech, true});
    stage.end(epoch, response, ResponseStatus::Completed);
  });
}

void Stage::sound(Epoch epoch, ResponseId response, const std::string& word, Millis length, bool first) {
  if (!runs(epoch, response)) return;
  const auto item = response_.item;
  if (first) happens(ItemAdded{epoch, response, item, ItemKind::AgentSpeech});
  happens(SpokenTextArrived{epoch, response, item, (first ? "" : " ") + word});
  if (admitted_ != response) return;
  player_.queue(to_samples(length), ends_sentence(word), now_);
  happens(AudioArrived{epoch, response, item, to_samples(length)});
}

void Stage::call(Epoch epoch, ResponseId response, const Answer& answer) {
  auto when = FirstSound;
  for (const auto& call : answer.calls) {
    soon(when, [epoch, response, call](Stage& stage) {
      if (!stage.runs(epoch, response) || stage.response_.cancelled) return;
      const ItemId item{++stage.last_item_};
      stage.happens(ItemAdded{epoch, response, item, ItemKind::FunctionCall});
      stage.happens(FunctionCalled{epoch, response, item, FunctionCallId{++stage.last_call_}, call.name, call.arguments});
      stage.happens(ItemEnded{epoch, response, item, ItemKind::FunctionCall, true});
    });
    when += CallWritten;
  }
  soon(when, [epoch, response](Stage& stage) { stage.end(epoch, response, ResponseStatus::Completed); });
}

void Stage::end(Epoch epoch, ResponseId response, ResponseStatus status, std::string code) {
  if (!runs(epoch, response)) return;
  response_.ended = true;
  happens(ResponseEnded{epoch, response, status, false, std::move(code), {}});
}

void Stage::cancel(ResponseId id) {
  if (response_.id == id) response_.cancelled = true;
  soon(CancelledAfter, [epoch = epoch_, id](Stage& stage) {
    if (!stage.up(epoch)) return;
    if (stage.runs(epoch, id)) return stage.end(epoch, id, ResponseStatus::Cancelled);
    stage.happens(ServiceFailed{epoch, ErrorCode::NothingToCancel, Command::Cancel, id.n, "response_cancel_not_active", ""});
  });
}

// ── The caller ──

// What follows within the quiet that would end the turn belongs to the same turn.
void Stage::caller_speaks(const std::string& words, Millis lasts) {
  const auto until = now_ + lasts;
  if (!turn_) turn_ = Turn{};
  turn_->words += (turn_->words.empty() || words.empty() ? "" : " ") + words;
  turn_->stopped = false;
  speaking_until_ = std::max(speaking_until_.value_or(until), until);
  caller_heard_.push_back({now_, until});
  const auto by_key = turns_by_key();
  if (by_key) happens(TalkPressed{});
  else service_hears_speech();
  at(until, [by_key, speech = ++speech_](Stage& stage) { stage.caller_stops(speech, by_key); });
  note_state();
}

void Stage::caller_stops(std::uint64_t speech, bool by_key) {
  if (speech != speech_ || !caller_there()) return;
  speaking_until_.reset();
  turn_->stopped = true;
  note_state();
  if (by_key) return happens(TalkReleased{});
  soon(TurnEndsAfter, [speech](Stage& stage) { stage.service_ends_turn(speech); });
}

auto Stage::turns_by_key() const -> bool {
  const auto& turns = configured_ ? configured_->turn_detection : program_->agents[state().agent].turn_detection;
  return turns.kind == ir::TurnDetection::Kind::Manual;
}

void Stage::service_hears_speech() {
  if (turns_by_key() || !turn_ || turn_->item || !open_ || !state().link.up()) return;
  turn_->item = ItemId{++last_item_};
  happens(SpeechStarted{epoch_, turn_->item});
}

void Stage::service_ends_turn(std::uint64_t of_speech) {
  if (of_speech != speech_ || !turn_ || !turn_->stopped || !turn_->item || !open_ || !caller_there()) return;
  happens(SpeechStopped{epoch_, turn_->item});
  commit();
}

// The turn is part of the conversation; its words come a little later.
void Stage::commit() {
  if (!turn_) return;
  auto turn = *std::exchange(turn_, std::nullopt);
  const auto epoch = epoch_;
  if (!turn.item) turn.item = ItemId{++last_item_};
  happens(TurnCommitted{epoch, turn.item});
  const auto transcribed = program_->realtime && !program_->realtimes[program_->realtime].transcription.empty();
  if (!transcribed) return;
  soon(TranscribedAfter, [epoch, turn](Stage& stage) {
    if (stage.up(epoch)) stage.happens(CallerTranscribed{epoch, turn.item, turn.words, false});
  });
}

// A new link hears what the old one did not finish, at once.
void Stage::replay_caller() {
  soon(Millis{0}, [](Stage& stage) {
    stage.service_hears_speech();
    if (stage.turn_ && stage.turn_->stopped) stage.soon(TurnEndsAfter, [speech = stage.speech_](Stage& later) { later.service_ends_turn(speech); });
  });
}

void Stage::caller_types(const std::string& words) { happens(TextTyped{words}); }
void Stage::caller_presses(char digit) { happens(DigitPressed{digit}); }

void Stage::caller_hangs_up() {
  if (gone_) return;
  gone_ = true;
  if (speaking_until_) caller_heard_.back().to = now_;
  speaking_until_.reset();
  turn_.reset();
  happens(CallerHungUp{});
}

// ── Tools ──

void Stage::finish(const Run& run, Value result) {
  std::erase_if(runs_, [&](const Run& r) { return r.job == run.job && r.attempt == run.attempt; });
  happens(ToolFinished{run.job, run.attempt, std::move(result)});
}

void Stage::fail(const Run& run, const std::string& why, bool network) {
  std::erase_if(runs_, [&](const Run& r) { return r.job == run.job && r.attempt == run.attempt; });
  happens(ToolFailed{run.job, run.attempt, network ? "R0101" : "R0201", why, network});
}

// ── The far side of a transfer, and a machine instead of a caller ──

void Stage::transfer_moves(TransferStage stage, const std::string& why) {
  if (!transfer_) return;
  const auto transfer = transfer_;
  if (stage >= TransferStage::Connected) transfer_ = {};
  if (stage == TransferStage::Connected) {  // the caller is somebody else's: nothing of theirs is heard here any more
    gone_ = true;
    if (speaking_until_) caller_heard_.back().to = now_;
    speaking_until_.reset();
    turn_.reset();
  }
  happens(TransferMoved{transfer, stage, why});
}

void Stage::far_side(const ir::TestStep& step) {
  using Kind = ir::TestStep::Kind;
  if (transferring() != step.transfer) return;
  switch (step.kind) {
    case Kind::TransferRings: return transfer_moves(TransferStage::Ringing);
    case Kind::TransferFails: return transfer_moves(TransferStage::Failed, step.words);
    case Kind::TransferUnsupported: return transfer_moves(TransferStage::Unsupported);
    default:
      transfer_moves(TransferStage::Answered);
      transfer_moves(TransferStage::Connected);
  }
}

void Stage::machine_takes_call(Millis announces) {
  happens(MachineAnswered{false});
  soon(announces, [](Stage& stage) { stage.happens(MachineAnswered{true}); });
}

void Stage::leave_from_earlier(const ir::TestStep& step) {
  const auto& call = step.calls.front();
  const auto result = step.is_ready ? std::optional{step.result} : std::nullopt;
  kept_.push_back({.id = "earlier/" + std::to_string(kept_.size() + 1), .tool = program_->tools[call.tool].name, .arguments = call.arguments, .handle = {}, .result = result, .age = EarlierAge});
}

void Stage::progress(const Run& run, const std::string& words) { happens(ToolProgressed{run.job, words}); }

}  // namespace flow::rehearse
