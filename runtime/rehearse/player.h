#pragma once
// The loudspeaker of a rehearsed call: what is queued sounds in real time, and where it stands is known exactly.

#include <optional>
#include <vector>

#include "runtime/core/event.h"

namespace flow::rehearse {

class Player {
 public:
  // `pause_after`: a sentence ends with this stretch.
  void queue(core::Samples length, bool pause_after, core::Instant now);
  void pause(core::Instant now);
  void resume(core::Instant now);
  // Drops what has not sounded; gives what has.
  auto flush(core::Instant now) -> core::Samples;
  void mark(core::MarkId mark, core::Samples at) { mark_ = {mark, at}; }
  void watch_pauses(bool on) { watching_ = on; }

  auto played(core::Instant now) const -> core::Samples;
  auto sounds(core::Instant now) const -> bool { return !paused_ && played(now) < queued_; }

  struct Due {
    core::Instant at;
    core::Event event;
  };
  // What it will report next if nothing changes; `report` takes it off.
  auto next(core::Instant now) const -> std::optional<Due>;
  void reported(const core::Event& event);

 private:
  auto when(core::Samples position) const -> core::Instant { return since_ + core::to_ms(position - base_); }

  core::Samples base_, queued_;    // played when `since_`; queued in all
  core::Instant since_;
  bool paused_ = false, watching_ = false, drained_ = true;
  struct Mark {
    core::MarkId id;
    core::Samples at;
  };
  std::optional<Mark> mark_;
  std::vector<core::Samples> pauses_;  // ends of sentences that have not been reported
};

}  // namespace flow::rehearse
