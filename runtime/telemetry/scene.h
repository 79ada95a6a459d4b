#pragma once
// What a picture of a call shows, and when: gathered from the call as it happens, or as it is told again from its journal.

#include <optional>
#include <string>
#include <vector>

#include "runtime/telemetry/delays.h"
#include "runtime/telemetry/jobs.h"
#include "runtime/telemetry/personal.h"

namespace flow::telemetry {

// How loud a side was: the highest amplitude of every 10 ms since the call began.
class Envelope {
 public:
  static constexpr core::Samples Step = core::to_samples(core::Millis{10});
  static constexpr core::Millis TimeMax{24 * 3'600'000};  // what lies beyond is not kept

  void add(core::Samples at, audio::Pcm pcm);
  // The highest from one moment to another, 0 to 32768; 0 where nothing is known.
  auto peak(core::Instant from, core::Instant until) const -> int;
  auto end() const -> core::Instant;

 private:
  std::vector<std::uint16_t> peaks_;
};

struct Scene {
  using Instant = core::Instant;
  // Who speaks from when to when, as the session knew it: the caller as the service said, the agent by the playout.
  struct Speech {
    Instant from, until;
    std::string who, words;  // words: as they were heard
    bool cut = false;
    bool typed = false;
    core::Millis heard{0};   // of the agent
  };
  struct Run {
    enum class End { Open, Told, Quiet, Failed };  // Quiet: done, and nobody is told
    std::string tool;
    core::JobId job;
    Instant from, until;
    std::optional<Instant> ready;
    End end = End::Open;
    std::string words;  // why it ended so
  };
  struct Mark {
    enum class Kind { Handoff, Digit, Trouble, Ending };
    Kind kind = Kind::Ending;
    Instant at;
    std::string words;
  };

  std::string title;
  std::vector<Speech> caller, agent;  // each in order; the agent's may not overlap
  std::vector<Run> runs;
  std::vector<Mark> marks;
  std::vector<Delay> delays;
  Envelope caller_sound, agent_sound;
  Instant end;
};

class Sketch {
 public:
  // `program` must outlive the sketch.
  Sketch(const ir::Program& program, std::string title);

  // All of these in the order of what happens.
  void on(const core::Effect& effect, core::Instant now);
  void delayed(const Delay& delay) { scene_.delays.push_back(delay); }
  void caller(core::Samples at, audio::Pcm pcm) { scene_.caller_sound.add(at, pcm); }
  void agent(core::Samples at, audio::Pcm pcm) { scene_.agent_sound.add(at, pcm); }

  auto scene() -> Scene;  // what was begun ends with the call

 private:
  void decided(const core::Decided& decided, core::Instant now);
  void speech(const core::Decided& decided, core::Instant now);
  void tool(const core::Decided& decided, core::Instant now);
  void agent_ends(const core::Decided& decided, core::Instant now, bool cut);

  const ir::Program* program_;
  JobNames jobs_;
  Personal personal_;
  Scene scene_;
  bool caller_speaks_ = false, agent_speaks_ = false;
};

}  // namespace flow::telemetry
