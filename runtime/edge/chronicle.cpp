#include "runtime/edge/chronicle.h"

namespace flow::edge {

void JournalFile::event(core::Instant now, const core::Event& event) { journal_.event(now, event); }
void JournalFile::effects(const core::EffectList& effects) { journal_.effects(effects); }
void JournalFile::audio(store::Track track, core::Samples at, std::span<const std::int16_t> pcm) {
  journal_.audio(track, at, pcm);
}
void JournalFile::latency(audio::Latency latency) { journal_.latency(latency); }
void JournalFile::flush(std::function<void(Result<void>)> then) { journal_.flush(std::move(then)); }

}  // namespace flow::edge
