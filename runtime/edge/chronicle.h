#pragma once
// Where a call is written down, in order, before it happens: the journal as the driver sees it.

#include <functional>
#include <span>

#include "compiler/base/result.h"
#include "runtime/core/effect.h"
#include "runtime/core/event.h"
#include "runtime/store/journal.h"

namespace flow::edge {

// On the loop's thread, and none of it waits for the disk. What each is: store::Journal.
class Chronicle {
 public:
  virtual ~Chronicle() = default;
  virtual void event(core::Instant now, const core::Event& event) = 0;
  virtual void effects(const core::EffectList& effects) = 0;
  virtual void audio(store::Track track, core::Samples at, std::span<const std::int16_t> pcm) = 0;
  virtual void latency(audio::Latency latency) = 0;
  // `then` is called later, when the disk has all that was given before, or with why it has not.
  virtual void flush(std::function<void(Result<void>)> then) = 0;
};

// A journal in a file, which outlives this.
class JournalFile final : public Chronicle {
 public:
  explicit JournalFile(store::Journal& journal) : journal_(journal) {}
  void event(core::Instant now, const core::Event& event) override;
  void effects(const core::EffectList& effects) override;
  void audio(store::Track track, core::Samples at, std::span<const std::int16_t> pcm) override;
  void latency(audio::Latency latency) override;
  void flush(std::function<void(Result<void>)> then) override;

 private:
  store::Journal& journal_;
};

}  // namespace flow::edge
