#pragma once
// The world around one session, as small as it can be and still be nasty: a service that may refuse, race, fall silent,
// fail and go away; a caller who speaks, types, presses keys and hangs up at any moment; a player; tools that finish,
// fail, and answer late. It follows the order that the protocol promises and no other.
//
// A world is a value: a branch of a search is a copy. `moves()` says what may happen next.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/session.h"

namespace flow::explore {

// What may happen. A scope is a choice of these.
enum class Act {
  LinkOpens, LinkFails, LinkDrops, Confirms,
  Starts, StartsUnasked, Refuses, RefusesActive, Speaks, Calls, HalfCall, Ends, Fails, EndsCancelled, CancelRefused, LateAudio,
  CallerSpeaks, CallerStops, TalkPresses, TalkReleases, Commits, RefusesCommit,
  HearsWords, HearsBackChannel, TranscribesWords, TranscribesBackChannel, TranscribesNothing, CallerTypes, CallerPresses, CallerHangsUp,
  Drains, FlushedNothing, FlushedHalf, FlushedAll, MarkReached, PauseReached,
  ToolFinishes, ToolFails, ToolProgresses, ToolPends, ToolStops, Stored, LateTool, Recalls,
  TransferRings, TransferAnswers, TransferConnects, TransferFails, TransferUnsupported, LateTransfer, MachineAnswers, MachineBeeps,
  TimePasses, Stops,
};
inline constexpr int ActCount = static_cast<int>(Act::Stops) + 1;

auto name_of(Act act) -> const char*;

struct Move {
  Act act = Act::TimePasses;
  core::Event event;
  core::Instant at;
};

class World {
 public:
  // `functions`: what the model may call, by name, in turn.
  explicit World(std::vector<std::string> functions) : functions_(std::move(functions)) {}

  auto now() const -> core::Instant { return now_; }
  // Every move that the world may make now, in a fixed order.
  auto moves() const -> std::vector<Move>;
  // Makes one; call before the session takes its event.
  void make(const Move& move);
  // What the session ordered.
  void see(const core::EffectList& effects);
  auto over() const -> bool { return over_; }
  // Nothing is under way but timers and the caller's own initiative.
  auto at_rest() const -> bool;

  // How much a world may do of its own accord, so that searches end.
  int responses_left = 6, turns_left = 4, drops_left = 2, unasked_left = 1, calls_left = 3, pends_left = 0, machines_left = 0;

 private:
  struct Response {
    core::ResponseId id;
    core::ItemId item;       // of its speech
    int speech = 0;          // stretches
    int calls = 0;
    core::ItemId half_call;
    bool cancel_asked = false;
    bool ended = false;
  };
  struct Tool {
    core::JobId job;
    std::uint32_t attempt = 0;
    bool stop_asked = false;
  };
  struct Timer {
    core::TimerId id;
    core::Instant at;
  };

  void see(const core::Effect& effect);
  void queue_audio(core::ResponseId response, core::Samples length);
  template <class T>
  void offer(std::vector<Move>& list, Act act, T event) const { list.push_back({act, core::Event{std::move(event)}, now_}); }
  void service_moves(std::vector<Move>& list) const;
  void response_moves(std::vector<Move>& list, const Response& r) const;
  void caller_moves(std::vector<Move>& list) const;
  void player_moves(std::vector<Move>& list) const;
  void tool_moves(std::vector<Move>& list) const;
  void transfer_moves(std::vector<Move>& list) const;

  std::vector<std::string> functions_;
  core::Instant now_;
  bool over_ = false, started_ = false, hanging_up_ = false, gone_ = false;

  core::Epoch epoch_;
  enum class Link { Closed, Opening, Open } link_ = Link::Closed;
  std::vector<core::ConfigId> unconfirmed_;
  std::vector<core::AskId> asks_;
  std::vector<Response> responses_;                 // the last one may run
  std::vector<core::ResponseId> refused_cancels_;
  std::uint32_t last_response_ = 0, last_item_ = 0, last_call_ = 0;

  core::ItemId speaking_, stopped_, committed_;     // the caller's turn, by how far it is
  bool by_key_ = false;                             // turns are made by the talk key
  bool holds_key_ = false;
  int commits_ = 0;                                 // asked for, not answered
  core::ResponseId admitted_;
  core::Samples queued_, played_;
  bool paused_ = false, watching_ = false;
  std::optional<core::FlushId> flush_;
  std::optional<core::MarkId> mark_;
  std::vector<Tool> tools_, done_tools_;
  std::vector<core::JobId> storing_;
  bool recalling_ = false;
  core::TransferId transfer_, given_up_;            // ordered and without an answer; taken back
  bool rang_ = false, machine_ = false;
  std::vector<Timer> timers_;
};

}  // namespace flow::explore
