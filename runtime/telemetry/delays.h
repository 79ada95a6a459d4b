#pragma once
// Where the time goes: what a caller waits for, stage by stage. From their last sound to the agent's first, and from
// their first sound while the agent speaks to its silence.
//
// A function of events, effects and sound in their order, so a call and its replay measure the same. The stages of a
// delay follow each other without gaps: their sum is the delay.
//
// How exact: events have whole milliseconds. Places of samples are those of the recording; channels that play by the beat
// keep them within a frame, 20 ms. A sound is found by its level in blocks of 10 ms (audio::Sounding): a word that fades
// away ends some ten milliseconds early, a noisy caller ends late, and then endpointing is too long or too short by that.
// Where an earlier voice still plays when the answer's first sound comes in, the wait ends in that voice.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/audio/latency.h"
#include "runtime/audio/sounding.h"
#include "runtime/core/effect.h"
#include "runtime/core/event.h"

namespace flow::telemetry {

enum class Stage {
#define FLOW_STAGE(enumerator, name, from, to) enumerator,
#include "runtime/telemetry/stages.def"
#undef FLOW_STAGE
};

struct StageRow {
  Stage what;
  std::string_view name, from, to;
};
auto stages() -> std::span<const StageRow>;
auto name_of(Stage what) -> std::string_view;
auto words_of(Stage what) -> std::string;  // its name for people
// docs/reference/trace.md between its table's marks.
auto stages_as_markdown() -> std::string;

struct Delay {
  enum class Kind { Reply, TypedReply, BargeIn };
  struct Part {
    Stage stage = Stage::Playout;
    core::Millis took{0};
    auto operator==(const Part&) const -> bool = default;
  };
  Kind kind = Kind::Reply;
  core::Instant began, ended;  // by the call's clock, devices included: may begin before the first event that tells of it
  std::vector<Part> parts;     // in order; only those that are known to be there
  auto took() const -> core::Millis { return ended - began; }
  auto operator==(const Delay&) const -> bool = default;
};
auto name_of(Delay::Kind kind) -> std::string_view;  // `reply`, `typed_reply`, `barge_in`

class Delays {
 public:
  // All of these in the order of what happens; each returns a delay that is complete now.
  auto on(const core::Event& event, core::Instant now) -> std::optional<Delay>;
  auto on(const core::Effect& effect, core::Instant now) -> std::optional<Delay>;
  auto caller(core::Samples at, audio::Pcm pcm) -> std::optional<Delay>;
  auto agent(core::Samples at, audio::Pcm pcm) -> std::optional<Delay>;
  void latency(audio::Latency latency) { latency_ = latency; }

 private:
  using Moment = std::optional<core::Instant>;
  struct Turn {  // of the caller, and the way to its answer
    bool typed = false;
    core::Instant sounded;  // its last sound here; typed: the line
    core::Instant ended;
    Moment asked_first, asked, started, arrived;
    core::AskId ask;
    core::ResponseId response;
  };
  struct BargeIn {
    core::Instant sounded;  // its first sound here
    core::Instant detected;
    Moment ordered;
  };

  void decided(const core::Decided& decided, core::Instant now);
  auto has_sounded() const -> bool;  // the caller, by our ears too
  void caller_speaks(core::Instant now);
  void caller_is_silent(core::Instant now);
  void answer_begins(core::Instant now);
  auto reply(core::Instant heard) -> Delay;
  auto barge_in() -> Delay;

  audio::Latency latency_;
  audio::Sounding callers_, agents_;
  std::optional<audio::Stretch> caller_;  // their last stretch of sound, short pauses included
  core::Instant spoke_;                   // when the service said that they speak
  core::Samples agent_until_;             // the agent's last sound
  bool agent_plays_ = false;
  core::ResponseId arrived_;              // whose audio came last
  std::optional<Turn> turn_;
  std::optional<BargeIn> barge_in_;
};

}  // namespace flow::telemetry
