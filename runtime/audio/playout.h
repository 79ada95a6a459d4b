#pragma once
// What of the agent's voice is heard: the queue between the service, which speaks faster than real time, and whoever
// plays. The data plane beside the core: samples go through here, the core sees counts and marks.
//
// Three counts of samples since the call began, never decreasing but for a flush:
//
//     played  <=  taken  <=  pushed
//
// `push` moves pushed, `take` moves taken, `confirm` moves played. Only the agent's own samples count: silence that
// fills an underrun or a pause does not. A flush forgets what was not played: pushed and taken fall back to played.
//
// One thread, the call's loop. A device with its own callback thread plays from a wait-free ring of two or three
// frames: the loop fills the ring by `take` and confirms what the callback's atomic counter says it consumed; at a
// flush the ring is emptied the same way. A phone stream does so with marks. Who plays at once uses `pull`, which is
// both. So no lock and no atomic is needed here.
//
// Allocates nothing in steady state: blocks come from the loop's pool, lists keep their capacity.

#include <variant>
#include <vector>

#include "runtime/audio/block_pool.h"
#include "runtime/audio/pcm.h"
#include "runtime/core/event.h"

namespace flow::audio {

using Report = std::variant<core::MarkReached, core::PauseReached, core::PlayoutDrained>;
using Reports = std::vector<Report>;

class Playout {
 public:
  // Ten minutes of unheard speech, 29 MB, is more than any service generates at once. What exceeds it is not admitted.
  static constexpr Samples QueuedMax = to_samples(Millis{600'000});

  // A pause between words is this long, and no sample in it is louder than this (-42 dBFS, under a whispered `f`).
  // Closures inside words ("lo[o]k-up", "bla[ck] cat") stay well below 100 ms.
  static constexpr Samples PauseLength = to_samples(Millis{120});
  static constexpr int PauseLevel = 256;

  // `pool` outlives the playout; it is shared by the calls of a loop.
  explicit Playout(BlockPool& pool);
  Playout(const Playout&) = delete;
  auto operator=(const Playout&) -> Playout& = delete;
  ~Playout();

  // ── Orders of the core ─────────────────────────────────────────────────────────────────────────────────────

  // From now on only audio of `response` gets in. What is queued already stays and is played first.
  void admit(core::ResponseId response);

  void pause();  // holds what is queued; whoever plays gets silence
  void resume();

  // Drops all that was not played, shuts the gate, ends a pause and forgets the marks not reached. Returns all samples
  // played since the call began: the final word on what was heard.
  auto flush() -> Samples;

  // The first half of a flush whose player is far and says later what it played: shuts the gate and drops what was not
  // taken. The player confirms the rest, then `flush` follows.
  void cut();

  // Reported once `at` samples have been played since the call began; at the next pull or confirm if that is past.
  void set_mark(core::MarkId mark, Samples at);

  // While on: each time playback reaches PauseLength of quiet, which is looked for ahead of playback, it is reported,
  // once for each pause. Starts from what has not been taken yet.
  void watch_pauses(bool on);

  // ── The service's side ─────────────────────────────────────────────────────────────────────────────────────

  //   pcm      [n] samples, any n
  //   returns  how many were queued: n, or 0 if the gate is not open for `response`, or what QueuedMax leaves room for
  auto push(core::ResponseId response, Pcm pcm) -> Samples;

  // ── The player's side ──────────────────────────────────────────────────────────────────────────────────────

  // Fills `out` with the next samples and, where there are none, with silence. They count as taken, not as played.
  // Returns how many of them are the agent's; these come first.
  auto take(PcmOut out) -> Samples;

  // The player has played `count` more of the agent's samples it took. Appends to `reports` what that reached, in the
  // order of the timeline: marks, pauses, and once per emptying that all is played.
  void confirm(Samples count, Reports& reports);

  // For who plays at once: take and confirm.
  auto pull(PcmOut out, Reports& reports) -> Samples;

  // ── State ──────────────────────────────────────────────────────────────────────────────────────────────────

  auto played() const -> Samples { return played_; }
  auto taken() const -> Samples { return taken_; }
  auto pushed() const -> Samples { return pushed_; }
  auto paused() const -> bool { return paused_; }
  auto empty() const -> bool { return pushed_ == played_; }
  auto admitted() const -> core::ResponseId { return admitted_; }

 private:
  struct Mark {
    Samples at;
    core::MarkId mark;
  };

  void append(Pcm pcm);
  void copy_out(PcmOut out);
  void drop_queue();
  void look_for_pauses(Samples until);
  void report_reached(Reports& reports);

  BlockPool& pool_;

  // The queue: samples [taken_, pushed_), the first at `head_` + `head_used_`.
  Block* head_ = nullptr;
  Block* tail_ = nullptr;
  std::int64_t head_used_ = 0;
  std::int64_t tail_used_ = 0;
  Samples played_, taken_, pushed_;

  core::ResponseId admitted_;
  bool paused_ = false;
  bool drained_ = true;      // the emptiness was reported
  std::vector<Mark> marks_;  // by position, then as they were set

  // The search for pauses: everything before `searched_` was looked at; quiet has lasted since `quiet_since_`.
  bool watching_ = false;
  bool quiet_known_ = false;  // this quiet is already in `pauses_`
  Samples searched_, quiet_since_;
  std::vector<Samples> pauses_;  // beginnings of pauses ahead of playback
};

}  // namespace flow::audio
