#include "runtime/explore/world.h"

#include <algorithm>

#include "compiler/base/match.h"

namespace flow::explore {

using namespace core;

namespace {
constexpr Samples Stretch{to_samples(Millis{800})};
constexpr int StretchesMax = 3;
// Of a form's function: answers of every kind at once, and the claim that the caller has said yes.
auto arguments_of(const std::string& function) -> Value {
  if (!function.starts_with("fill_")) return Value::Record{{"query", "orders"}};
  const auto order = function == "fill_request" ? "A1" : "B2";
  return Value::Record{{"order", order}, {"reason", "damaged"}, {"code", "1111"}, {"confirmed", true}};
}

}  // namespace

auto name_of(Act act) -> const char* {
  static constexpr const char* names[] = {
      "link opens", "link fails", "link drops", "confirms", "starts", "starts unasked", "refuses", "refuses: active", "speaks", "calls", "half a call", "ends",
      "fails", "ends cancelled", "cancel refused", "late audio", "caller speaks", "caller stops", "presses the talk key", "releases the talk key",
      "commits", "refuses to commit", "hears words", "hears a back-channel", "transcribes words", "transcribes a back-channel", "transcribes nothing", "caller types", "caller presses", "caller hangs up", "drains", "flushed: nothing heard", "flushed: half heard", "flushed: all heard", "mark reached",
      "pause reached", "tool finishes", "tool fails", "tool progresses", "tool goes on elsewhere", "tool stops", "stored", "late tool", "recalls", "the far side rings", "the far side answers", "the caller is put through", "the transfer fails", "no transfers here", "late transfer", "a machine answers", "the machine beeps", "time passes", "stops"};
  static_assert(std::size(names) == ActCount);
  return names[static_cast<std::size_t>(act)];
}

auto World::moves() const -> std::vector<Move> {
  std::vector<Move> list;
  if (over_) return list;
  if (!started_) {
    offer(list, Act::CallerSpeaks, CallerConnected{"+15550100", "call", true});
    return list;
  }
  service_moves(list);
  caller_moves(list);
  player_moves(list);
  tool_moves(list);
  transfer_moves(list);
  const auto due = std::ranges::min_element(timers_, {}, [](const Timer& t) { return std::pair{t.at, t.id}; });
  if (due != timers_.end()) list.push_back({Act::TimePasses, TimerFired{due->id}, std::max(now_, due->at)});
  return list;
}

void World::service_moves(std::vector<Move>& list) const {
  if (link_ == Link::Opening) {
    offer(list, Act::LinkOpens, LinkOpened{epoch_, {}, std::nullopt});
    if (drops_left > 0) offer(list, Act::LinkFails, LinkFailed{epoch_, false, "R0101", "refused"});
  }
  if (link_ != Link::Open) return;
  if (drops_left > 0) offer(list, Act::LinkDrops, LinkLost{epoch_, "R0109", "gone"});
  if (!unconfirmed_.empty()) offer(list, Act::Confirms, Configured{epoch_, unconfirmed_.front()});
  const auto running = !responses_.empty() && !responses_.back().ended;
  if (!asks_.empty()) {
    const auto ask = asks_.front();
    if (running) {
      offer(list, Act::RefusesActive, ServiceFailed{epoch_, ErrorCode::ActiveResponse, Command::CreateResponse, ask.n, "conversation_already_has_active_response", ""});
    } else {
      if (responses_left > 0) offer(list, Act::Starts, ResponseStarted{epoch_, ResponseId{last_response_ + 1}, ask});
      offer(list, Act::Refuses, ServiceFailed{epoch_, ErrorCode::ServerError, Command::CreateResponse, ask.n, "server_error", ""});
    }
  }
  if (!running && unasked_left > 0 && committed_) offer(list, Act::StartsUnasked, ResponseStarted{epoch_, ResponseId{last_response_ + 1}, {}});
  if (running) response_moves(list, responses_.back());
  if (!refused_cancels_.empty()) {
    offer(list, Act::CancelRefused, ServiceFailed{epoch_, ErrorCode::NothingToCancel, Command::Cancel, refused_cancels_.front().n, "response_cancel_not_active", ""});
  }
}

void World::response_moves(std::vector<Move>& list, const Response& r) const {
  const auto admitted = admitted_ == r.id;
  if (r.half_call) {
    offer(list, Act::Calls, FunctionCalled{epoch_, r.id, r.half_call, FunctionCallId{last_call_ + 1}, functions_[last_call_ % functions_.size()], arguments_of(functions_[last_call_ % functions_.size()])});
  } else if (r.speech < StretchesMax && r.calls == 0 && admitted) {
    offer(list, Act::Speaks, AudioArrived{epoch_, r.id, r.item ? r.item : ItemId{last_item_ + 1}, Stretch});
  } else if (r.speech < StretchesMax && r.calls == 0 && !admitted) {
    offer(list, Act::LateAudio, SpokenTextArrived{epoch_, r.id, r.item ? r.item : ItemId{last_item_ + 1}, "late words"});
  }
  if (!r.half_call && calls_left > 0 && !functions_.empty()) offer(list, Act::HalfCall, ItemAdded{epoch_, r.id, ItemId{last_item_ + 1}, ItemKind::FunctionCall});
  if (r.cancel_asked) offer(list, Act::EndsCancelled, ResponseEnded{epoch_, r.id, ResponseStatus::Cancelled, false, {}, {}});
  if (r.half_call) return;
  offer(list, Act::Ends, ResponseEnded{epoch_, r.id, ResponseStatus::Completed, false, {}, {}});
  offer(list, Act::Fails, ResponseEnded{epoch_, r.id, ResponseStatus::Failed, false, "server_error", {}});
}

void World::caller_moves(std::vector<Move>& list) const {
  if (gone_) return;
  offer(list, Act::CallerHangsUp, CallerHungUp{});
  if (hanging_up_) return;
  offer(list, Act::Stops, StopRequested{});
  if (turns_left > 0) {
    offer(list, Act::CallerTypes, TextTyped{"typed words"});
    offer(list, Act::CallerPresses, DigitPressed{'1'});
  }
  if (holds_key_) {
    offer(list, Act::TalkReleases, TalkReleased{});
  } else if (turns_left > 0 && by_key_) {
    offer(list, Act::TalkPresses, TalkPressed{});
  }
  if (link_ != Link::Open || !unconfirmed_.empty()) return;
  if (commits_ > 0) {
    offer(list, Act::Commits, TurnCommitted{epoch_, ItemId{last_item_ + 1}});
    offer(list, Act::RefusesCommit, ServiceFailed{epoch_, ErrorCode::EmptyBuffer, Command::Commit, 0, "input_audio_buffer_commit_empty", ""});
  }
  if (by_key_) {
    // the service detects no turns
  } else if (speaking_) {
    offer(list, Act::CallerStops, SpeechStopped{epoch_, speaking_});
  } else if (stopped_) {
    offer(list, Act::Commits, TurnCommitted{epoch_, stopped_});
  } else if (turns_left > 0) {
    offer(list, Act::CallerSpeaks, SpeechStarted{epoch_, ItemId{last_item_ + 1}});
  }
  if (speaking_ || committed_) {
    offer(list, Act::HearsWords, CallerTextArrived{epoch_, speaking_ ? speaking_ : committed_, "some"});
    offer(list, Act::HearsBackChannel, CallerTextArrived{epoch_, speaking_ ? speaking_ : committed_, "uh"});
  }
  if (committed_) {
    offer(list, Act::TranscribesBackChannel, CallerTranscribed{epoch_, committed_, "Uh-huh.", false});
    offer(list, Act::TranscribesWords, CallerTranscribed{epoch_, committed_, "some words", false});
    offer(list, Act::TranscribesNothing, CallerTranscribed{epoch_, committed_, "", false});
  }
}

void World::player_moves(std::vector<Move>& list) const {
  if (flush_) {
    const auto half = Samples{(queued_.count - played_.count) / 2};
    offer(list, Act::FlushedNothing, PlayoutFlushed{*flush_, played_});
    if (half > Samples{}) {
      offer(list, Act::FlushedHalf, PlayoutFlushed{*flush_, played_ + half});
      offer(list, Act::FlushedAll, PlayoutFlushed{*flush_, queued_});
    }
    return;
  }
  if (paused_ || queued_ <= played_) return;
  if (mark_) offer(list, Act::MarkReached, core::MarkReached{*mark_});
  if (watching_) offer(list, Act::PauseReached, core::PauseReached{played_ + Samples{(queued_.count - played_.count) / 2}});
  offer(list, Act::Drains, PlayoutDrained{queued_});
}

void World::tool_moves(std::vector<Move>& list) const {
  for (const auto& tool : tools_) {
    offer(list, Act::ToolFinishes, ToolFinished{tool.job, tool.attempt, "two boots"});
    if (tool.stop_asked) {
      offer(list, Act::ToolStops, ToolStopped{tool.job, tool.attempt});
      continue;
    }
    offer(list, Act::ToolFails, ToolFailed{tool.job, tool.attempt, "R0201", "broken", true});
    if (pends_left > 0) offer(list, Act::ToolPends, ToolPending{tool.job, tool.attempt, "elsewhere"});
    offer(list, Act::ToolProgresses, ToolProgressed{tool.job, "half way"});
  }
  if (!done_tools_.empty()) offer(list, Act::LateTool, ToolFinished{done_tools_.back().job, done_tools_.back().attempt, "late boots"});
  for (const auto job : storing_) offer(list, Act::Stored, JobStored{job});
  if (recalling_) offer(list, Act::Recalls, Recalled{});
}

void World::transfer_moves(std::vector<Move>& list) const {
  if (gone_) return;
  if (transfer_) {
    if (!rang_) offer(list, Act::TransferRings, TransferMoved{transfer_, TransferStage::Ringing, {}});
    if (!rang_) offer(list, Act::TransferUnsupported, TransferMoved{transfer_, TransferStage::Unsupported, {}});
    offer(list, Act::TransferAnswers, TransferMoved{transfer_, TransferStage::Answered, {}});
    offer(list, Act::TransferConnects, TransferMoved{transfer_, TransferStage::Connected, {}});
    offer(list, Act::TransferFails, TransferMoved{transfer_, TransferStage::Failed, "busy"});
  }
  if (given_up_) offer(list, Act::LateTransfer, TransferMoved{given_up_, TransferStage::Failed, "late"});
  if (machines_left > 0 && !machine_) offer(list, Act::MachineAnswers, MachineAnswered{false});
  if (machines_left > 0) offer(list, Act::MachineBeeps, MachineAnswered{true});
}

void World::queue_audio(ResponseId response, Samples length) {
  if (response == admitted_) queued_ = queued_ + length;
}

void World::make(const Move& move) {
  now_ = std::max(now_, move.at);
  match(
      move.event, [&](const CallerConnected&) { started_ = true; },
      [&](const LinkOpened&) { link_ = Link::Open; },
      [&](const LinkFailed&) { --drops_left, link_ = Link::Closed; },
      [&](const LinkLost&) {
        --drops_left;
        link_ = Link::Closed;
      },
      [&](const Configured&) { unconfirmed_.erase(unconfirmed_.begin()); },
      [&](const ResponseStarted& e) {
        if (e.ask) {
          asks_.erase(asks_.begin());
        } else {
          --unasked_left;
        }
        --responses_left;
        last_response_ = e.response.n;
        responses_.push_back({.id = e.response, .item = {}, .half_call = {}});
      },
      [&](const AudioArrived& e) {
        auto& r = responses_.back();
        r.item = e.item;
        last_item_ = std::max(last_item_, e.item.n);
        ++r.speech;
        queue_audio(r.id, e.length);
      },
      [&](const SpokenTextArrived& e) {
        responses_.back().item = e.item;
        last_item_ = std::max(last_item_, e.item.n);
        ++responses_.back().speech;
      },
      [&](const ItemAdded& e) {
        last_item_ = std::max(last_item_, e.item.n);
        responses_.back().half_call = e.item;
      },
      [&](const FunctionCalled& e) {
        --calls_left;
        last_call_ = e.call.n;
        responses_.back().half_call = {};
        ++responses_.back().calls;
      },
      [&](const ResponseEnded&) { responses_.back().ended = true; },
      [&](const ServiceFailed& e) {
        if (e.command == Command::Commit) {
          --commits_;
        } else if (e.command == Command::Cancel) {
          refused_cancels_.erase(refused_cancels_.begin());
        } else {
          asks_.erase(asks_.begin());
        }
      },
      [&](const SpeechStarted& e) {
        --turns_left;
        last_item_ = e.item.n;
        speaking_ = e.item;
      },
      [&](const SpeechStopped&) { stopped_ = std::exchange(speaking_, {}); },
      [&](const TurnCommitted& e) {
        if (!stopped_) --commits_;
        last_item_ = std::max(last_item_, e.item.n);
        committed_ = e.item;
        stopped_ = {};
      },
      [&](const TalkPressed&) {
        --turns_left;
        holds_key_ = true;
      },
      [&](const TalkReleased&) { holds_key_ = false; },
      [&](const CallerTranscribed&) { committed_ = {}; },
      [&](const TextTyped&) { --turns_left; },
      [&](const DigitPressed&) { --turns_left; },
      [&](const CallerHungUp&) { gone_ = true; },
      [&](const TransferMoved& e) {
        if (e.transfer == given_up_) return void(given_up_ = {});
        rang_ = true;
        if (e.stage >= TransferStage::Connected) transfer_ = {};
        gone_ = gone_ || e.stage == TransferStage::Connected;
      },
      [&](const MachineAnswered& e) {
        machine_ = true;
        if (e.beeped) --machines_left;
      },
      [&](const core::MarkReached&) { mark_.reset(); },
      [&](const core::PauseReached& e) { played_ = e.played; },
      [&](const PlayoutDrained& e) {
        played_ = e.played;
        mark_.reset();
      },
      [&](const PlayoutFlushed& e) {
        played_ = queued_ = e.played;
        flush_.reset();
        mark_.reset();
      },
      [&](const ToolFinished& e) {
        const auto at = std::ranges::find(tools_, e.job, &Tool::job);
        if (at == tools_.end()) return done_tools_.clear();
        done_tools_ = {*at};
        tools_.erase(at);
      },
      [&](const ToolFailed& e) { std::erase_if(tools_, [&](const Tool& t) { return t.job == e.job; }); },
      [&](const ToolPending& e) {
        --pends_left;
        std::erase_if(tools_, [&](const Tool& t) { return t.job == e.job; });
      },
      [&](const Recalled&) { recalling_ = false; },
      [&](const ToolStopped& e) { std::erase_if(tools_, [&](const Tool& t) { return t.job == e.job; }); },
      [&](const JobStored& e) { std::erase(storing_, e.job); },
      [&](const TimerFired& e) { std::erase_if(timers_, [&](const Timer& t) { return t.id == e.timer; }); }, [](const auto&) {});
}

void World::see(const EffectList& effects) {
  for (const auto& effect : effects) see(effect);
}

void World::see(const Effect& effect) {
  const auto forget_link = [&] {
    link_ = Link::Closed;
    unconfirmed_.clear();
    asks_.clear();
    refused_cancels_.clear();
    for (auto& r : responses_) r.ended = true;
    speaking_ = stopped_ = committed_ = {};
    commits_ = 0;
  };
  match(
      effect,
      [&](const OpenLink& e) {
        forget_link();
        epoch_ = e.epoch;
        link_ = Link::Opening;
      },
      [&](const CloseLink&) { forget_link(); }, [&](const Configure& e) {
        unconfirmed_.push_back(e.config);
        by_key_ = e.turn_detection.kind == ir::TurnDetection::Kind::Manual;
        if (by_key_) speaking_ = stopped_ = {};
      },
      [&](const CommitAudio&) { ++commits_; },
      [&](const CreateResponse& e) { asks_.push_back(e.ask); },
      [&](const CancelResponse& e) {
        const auto runs = !responses_.empty() && responses_.back().id == e.response && !responses_.back().ended;
        if (runs) {
          responses_.back().cancel_asked = true;
        } else {
          refused_cancels_.push_back(e.response);
        }
      },
      [&](const AdmitAudio& e) { admitted_ = e.response; }, [&](const PausePlayout&) { paused_ = true; }, [&](const ResumePlayout&) { paused_ = false; },
      [&](const FlushPlayout& e) {
        flush_ = e.flush;
        admitted_ = {};
        paused_ = false;
      },
      [&](const SetMark& e) { mark_ = e.mark; }, [&](const WatchPauses& e) { watching_ = e.on; },
      [&](const HangUp&) { hanging_up_ = true; },
      [&](const TransferCall& e) {
        transfer_ = e.transfer;
        rang_ = false;
      },
      [&](const AbandonTransfer& e) {
        given_up_ = e.transfer;
        transfer_ = {};
      },
      [&](const StartTool& e) { tools_.push_back({e.job, e.attempt}); },
      [&](const StopTool& e) {
        for (auto& tool : tools_) tool.stop_asked = tool.stop_asked || tool.job == e.job;
      },
      [&](const Recall&) { recalling_ = true; },
      [&](const StoreJob& e) { storing_.push_back(e.job); }, [&](const SetTimer& e) { timers_.push_back({e.timer, e.at}); },
      [&](const DropTimer& e) { std::erase_if(timers_, [&](const Timer& t) { return t.id == e.timer; }); }, [&](const Finish&) { over_ = true; },
      [](const auto&) {});
}

auto World::at_rest() const -> bool {
  const auto running = !responses_.empty() && !responses_.back().ended;
  return over_ || (link_ == Link::Open && asks_.empty() && !running && unconfirmed_.empty() && !flush_ && queued_ <= played_ && tools_.empty() && storing_.empty() && !transfer_ &&
                   !speaking_ && !stopped_ && !holds_key_ && commits_ == 0);
}

}  // namespace flow::explore
