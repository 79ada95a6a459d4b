#include "runtime/store/journal.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "runtime/store/last_words.h"
#include "runtime/store/lines.h"
#include "runtime/store/writer.h"

namespace flow::store {

struct Journal::Impl {
  // So much audio is gathered before it is handed over without an event: some 0.1 s of both voices.
  static constexpr std::size_t Enough = 16'384;

  std::shared_ptr<Writer::State> writer;
  std::shared_ptr<JournalFile> file;
  std::shared_ptr<const bool> alive = std::make_shared<const bool>(true);
  std::string batch;
  core::Samples lost;
  LastLines last;

  auto waiting() const -> std::size_t { return file->waiting.load() + batch.size(); }
  auto takes_no_more() -> bool;
  void hand_over(std::function<void(Result<void>)> flushed = {});
};

auto Journal::Impl::takes_no_more() -> bool {
  if (file->given_up.load()) return true;
  if (waiting() < WaitingMax) return false;
  file->give_up({"R0401", fmt::format("cannot write the journal {}: the disk is too slow", file->path), "the call goes on without it; name another disk"});
  batch.clear();
  return true;
}

void Journal::Impl::hand_over(std::function<void(Result<void>)> flushed) {
  if (batch.empty() && !flushed) return;
  writer->hand_over(file, std::exchange(batch, {}), std::move(flushed));
}

auto Journal::create(Writer& writer, const std::string& path, const Header& header, Post home, std::function<void(Error)> failed)
    -> Result<std::unique_ptr<Journal>> {
  auto impl = std::make_unique<Impl>();
  impl->writer = writer.state();
  impl->file = std::make_shared<JournalFile>();
  impl->file->path = path;
  impl->file->home = std::move(home);
  impl->file->failed = std::move(failed);
  impl->file->alive = impl->alive;
  // For the owner alone: it holds what was said.
  impl->file->fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (impl->file->fd < 0) {
    return failure("R0401", fmt::format("cannot write the journal {}: {}", path, std::strerror(errno)), "name a place that can be written: --journal OUT");
  }
  write_header_line(header, impl->batch);
  impl->hand_over();
  return std::make_unique<Journal>(std::move(impl));
}

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Journal::~Journal() {
  forget(impl_->last);
  impl_->hand_over();
}

// Handed over at once: if taking it is the end of this process, it is the one event that matters.
void Journal::event(core::Instant now, const core::Event& event) {
  auto& line = impl_->last.next();
  write_event_line(now, event, line);
  remember(impl_->last, impl_->file);
  if (impl_->takes_no_more()) return;
  impl_->batch += line;
  impl_->hand_over();
}

void Journal::effects(const core::EffectList& effects) {
  if (impl_->takes_no_more()) return;
  write_effects_line(effects, impl_->batch);
  impl_->hand_over();
}

void Journal::audio(Track track, core::Samples at, std::span<const std::int16_t> pcm) {
  auto& self = *impl_;
  if (pcm.empty() || self.takes_no_more()) return;
  if (self.waiting() >= AudioWaitingMax) {
    self.lost.count += static_cast<std::int64_t>(pcm.size());
    return;
  }
  if (self.batch.empty()) self.batch.reserve(Impl::Enough + 4096);
  if (self.lost.count > 0) write_lost_line(std::exchange(self.lost, {}), self.batch);
  write_audio_line(track, at, pcm, self.batch);
  if (self.batch.size() >= Impl::Enough) self.hand_over();
}

void Journal::latency(audio::Latency latency) {
  if (!impl_->takes_no_more()) write_latency_line(latency, impl_->batch);
}

void Journal::flush(std::function<void(Result<void>)> then) { impl_->hand_over(std::move(then)); }

}  // namespace flow::store
