#pragma once
// Every wait of a call ends by a timer: this is the list of what can be waited for.

#include <vector>

#include "runtime/core/effect.h"

namespace flow::core {

enum class Wait {
  LinkOpens, LinkConfigured, LinkRenews, LinkComesBack,        // link
  AskVerdict, AskHold, VoiceStill, CancelEnds, TailEnds, FlushAnswers,  // arbiter
  SpeechEnds, CommitComes, Transcript, BargePatience, BargeWords, DigitsEnd, KeysEnd,  // caller
  GroupAnswers, JobEnds, JobRetries, JobPolls, JobProgress, ResultExpires, ResultEscalates, ResultOverrides, Coalesce, Grace,  // tools
  HandoffEdge, HandoffStalls, SummaryEnds, TransferAnswers, MachineBeeps,  // agents, ways out
  Silence, CallLimit, FarewellEnds, CallerGoes, JobsEnd, Recall,  // the call
};

// What is being waited for, at most once for each subject (a job, a group, an edge; 0 where there is only one).
struct Timer {
  TimerId id;
  Wait wait = Wait::LinkOpens;
  std::uint32_t subject = 0;
  Instant at;
  auto operator==(const Timer&) const -> bool = default;
};

class Timers {
 public:
  // Starts the wait, or starts it anew.
  void arm(Wait wait, std::uint32_t subject, Instant at, EffectList& out);
  void drop(Wait wait, std::uint32_t subject, EffectList& out);
  void drop_all(EffectList& out);
  auto armed(Wait wait, std::uint32_t subject = 0) const -> bool;
  // The timer that fired, taken off the list; none if it was dropped meanwhile.
  auto take(TimerId id) -> std::optional<Timer>;
  auto size() const -> std::size_t { return armed_.size(); }
  auto armed() const -> const std::vector<Timer>& { return armed_; }

  auto operator==(const Timers&) const -> bool = default;

 private:
  std::vector<Timer> armed_;
  std::uint32_t last_ = 0;
};

}  // namespace flow::core
