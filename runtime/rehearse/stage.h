#pragma once
// The world around one rehearsed call: a service, a player, a caller and tools that behave, on virtual time. It holds the
// session that live calls use, hands it what happens and carries out what it orders. What the model says and the tools
// return is somebody else's script (`Cast`).
//
// Nothing here is random: the same script gives the same call.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/ir/test.h"
#include "runtime/core/session.h"
#include "runtime/core/state.h"
#include "runtime/explore/laws.h"
#include "runtime/explore/promises.h"
#include "runtime/rehearse/player.h"

namespace flow::rehearse {

// How the virtual world takes its time. A test that needs other times says so with `after` and `for`.
inline constexpr core::Millis PerWord{400};        // 150 words a minute
inline constexpr core::Millis Cough{500};
inline constexpr core::Millis TurnEndsAfter{200};  // quiet after which the service takes the turn to be over
inline constexpr core::Millis ResponseBegins{100};
inline constexpr core::Millis FirstSound{100};     // after the response began
inline constexpr core::Millis Announcement{4'000}; // of an answering machine, before its beep
inline constexpr int FasterThanSpeech = 4;         // the service sends a word's sound in a quarter of its length

auto count_words(const std::string& text) -> int;
auto time_to_say(const std::string& text) -> core::Millis;

// What the model does when it is asked.
struct Answer {
  std::string words;                       // empty: nothing is said
  std::optional<core::Millis> lasts;
  struct Call {
    std::string name;
    Value arguments;
  };
  std::vector<Call> calls;
  bool fails = false;
};

// What the model was asked for.
struct Asked {
  std::vector<core::Intent> intents;
  std::string expected;                    // words that are to be read as they are
};

// A run of a tool that the session has ordered.
struct Run {
  core::JobId job;
  std::uint32_t attempt = 0;
  Id<ir::Tool> tool;
  bool running = true;                     // false: it was stopped, and may still answer too late
};

// Who has the say in what the world does.
class Cast {
 public:
  virtual ~Cast() = default;
  virtual auto answer(const Asked& asked) -> Answer = 0;
  virtual void started(const Run& run) = 0;
  virtual void ordered(core::TransferId /*transfer*/, Id<ir::Transfer> /*to*/) {}
};

// What happened, in order: events and effects as the session saw them.
struct Moment {
  core::Instant at;
  std::variant<core::Event, core::Effect> what;
};

// When somebody was heard.
struct Heard {
  core::Instant from, to;
};

class Stage {
 public:
  // Both must outlive the stage.
  // A stage is a value: a copy is a branch of the call. The copy keeps the cast until it is given one of its own.
  Stage(const ir::Program& program, Cast& cast);
  void play_with(Cast& cast) { cast_ = &cast; }

  // The caller rings. The first thing that happens.
  void begin();

  // ── Time ──
  auto now() const -> core::Instant { return now_; }
  // When the next thing will happen; none: nothing is under way.
  auto next() const -> std::optional<core::Instant>;
  // Makes it happen. There must be one.
  void advance();
  // Time passes and nothing happens; `next()` must not be earlier.
  void idle_until(core::Instant at);
  void at(core::Instant when, std::function<void(Stage&)> what);

  // ── The script's moves ──
  void caller_speaks(const std::string& words, core::Millis lasts);
  void caller_types(const std::string& words);
  void caller_presses(char digit);
  void caller_hangs_up();
  void drop_link();
  void refuse_links(int times) { refusals_ = times; }
  void leave(core::Millis within);
  void finish(const Run& run, Value result);
  void fail(const Run& run, const std::string& why, bool network);
  void progress(const Run& run, const std::string& words);
  // What becomes of the order that is open; nothing if there is none any more.
  void transfer_moves(core::TransferStage stage, const std::string& why = {});
  // What a step of the far side says of it; nothing if it is not theirs.
  void far_side(const ir::TestStep& step);
  // An answering machine: it speaks for so long, beeps and records.
  void machine_takes_call(core::Millis announces);
  // Before the call begins: work of an earlier one.
  void leave_from_earlier(const ir::TestStep& step);

  // ── What can be seen ──
  auto session() const -> const core::Session& { return session_; }
  auto state() const -> const core::Session::State& { return session_.state(); }
  auto over() const -> bool { return over_; }
  auto caller_there() const -> bool { return !gone_ && !over_; }
  auto caller_speaking() const -> bool { return speaking_until_.has_value(); }
  auto agent_sounds() const -> bool { return player_.sounds(now_); }
  auto agent_sounds_since() const -> std::optional<core::Instant> { return sounding_since_; }
  // Nobody speaks, nothing is asked for and nothing is about to be said.
  auto quiet() const -> bool { return quiet_since_.has_value(); }
  auto quiet_since() const -> core::Instant { return quiet_since_.value_or(now_); }
  auto runs() const -> const std::vector<Run>& { return runs_; }
  // The transfer that was ordered and has no answer yet.
  auto transferring() const -> Id<ir::Transfer> { return transfer_ ? transferring_ : Id<ir::Transfer>{}; }
  auto offered(const std::string& function) const -> bool;
  auto moments() const -> const std::vector<Moment>& { return moments_; }
  // Lets go of what has happened, for whoever holds many calls and looks only forward.
  void forget_the_past();
  // What is under way and in which order, as numbers: two stages with equal sessions and equal numbers go on alike, but
  // for how long things take.
  auto under_way() const -> std::vector<std::uint64_t>;
  auto agent_heard() const -> const std::vector<Heard>& { return agent_heard_; }
  auto caller_heard() const -> const std::vector<Heard>& { return caller_heard_; }
  // Empty, or the first law of every call that this one broke.
  auto broken_law() const -> const std::string& { return broken_; }

 private:
  struct Response {
    core::ResponseId id;                   // none: there was none yet
    core::ItemId item = {};                // of its speech
    bool ended = false;
    bool cancelled = false;
  };
  // A turn of the caller, as far as the service has it.
  struct Turn {
    std::string words;
    core::ItemId item;                     // none: the service has not heard its beginning
    bool stopped = false, committed = false;
  };
  struct Planned {
    core::Instant at;
    std::uint64_t number;
    std::function<void(Stage&)> what;
  };

  void happens(const core::Event& event);
  void see(const core::Effect& effect);
  void note_state();
  void soon(core::Millis after, std::function<void(Stage&)> what) { at(now_ + after, std::move(what)); }
  auto up(core::Epoch epoch) const -> bool { return open_ && epoch == epoch_; }

  void open(core::Epoch epoch);
  void link_answers(core::Epoch epoch);
  void start_response(core::Epoch epoch, core::AskId ask, const Asked& asked);
  void speak(core::Epoch epoch, core::ResponseId response, const Answer& answer);
  void call(core::Epoch epoch, core::ResponseId response, const Answer& answer);
  void end(core::Epoch epoch, core::ResponseId response, core::ResponseStatus status, std::string code = {});
  void sound(core::Epoch epoch, core::ResponseId response, const std::string& word, core::Millis length, bool first);
  void cancel(core::ResponseId response);
  auto runs(core::Epoch epoch, core::ResponseId response) const -> bool { return up(epoch) && response_.id == response && !response_.ended; }
  void caller_stops(std::uint64_t speech, bool by_key);
  auto turns_by_key() const -> bool;  // the caller holds a key while they speak
  void service_hears_speech();
  void commit();
  void service_ends_turn(std::uint64_t of_speech);
  void replay_caller();

  const ir::Program* program_;
  Cast* cast_;
  core::Session session_;
  explore::Laws laws_;
  explore::Promises promises_;
  core::Instant now_;
  std::vector<Planned> planned_;           // a heap: the earliest first
  std::uint64_t last_planned_ = 0;
  std::vector<Moment> moments_;
  std::string broken_;
  int steps_ = 0;
  bool over_ = false, gone_ = false;

  core::Epoch epoch_;
  bool open_ = false;
  int refusals_ = 0;                       // connections that will be refused; below 0: all
  std::optional<core::Configure> configured_;
  Response response_;                      // the last one
  std::uint32_t last_response_ = 0, last_item_ = 0, last_call_ = 0;

  std::optional<core::Instant> speaking_until_;
  std::uint64_t speech_ = 0;               // counts what the caller says, so that an older end is no end
  std::optional<Turn> turn_;

  core::ResponseId admitted_;
  Player player_;
  std::optional<core::Instant> sounding_since_, quiet_since_;
  std::vector<Heard> agent_heard_, caller_heard_;
  std::vector<Run> runs_;
  core::TransferId transfer_;
  Id<ir::Transfer> transferring_;
  std::vector<core::KeptJob> kept_;        // of earlier calls
};

}  // namespace flow::rehearse
