#include "runtime/audio/playout.h"

#include <algorithm>
#include <utility>

#include "compiler/base/check.h"

namespace flow::audio {

Playout::Playout(BlockPool& pool) : pool_{pool} {
  marks_.reserve(32);
  pauses_.reserve(8);
}

Playout::~Playout() { drop_queue(); }

// ── Orders of the core ───────────────────────────────────────────────────────────────────────────────────────

void Playout::admit(core::ResponseId response) { admitted_ = response; }
void Playout::pause() { paused_ = true; }
void Playout::resume() { paused_ = false; }

void Playout::cut() {
  drop_queue();
  pushed_ = taken_;
  admitted_ = {};
  watch_pauses(watching_);  // what was known of the dropped audio is not true any more
}

auto Playout::flush() -> Samples {
  cut();
  pushed_ = taken_ = played_;
  paused_ = false;
  drained_ = true;
  marks_.clear();
  watch_pauses(watching_);
  return played_;
}

void Playout::set_mark(core::MarkId mark, Samples at) {
  const auto later =
      std::upper_bound(marks_.begin(), marks_.end(), at, [](Samples a, const Mark& b) { return a < b.at; });
  marks_.insert(later, Mark{at, mark});
}

void Playout::watch_pauses(bool on) {
  watching_ = on;
  quiet_known_ = false;
  searched_ = quiet_since_ = taken_;
  pauses_.clear();
}

// ── The service's side ───────────────────────────────────────────────────────────────────────────────────────

auto Playout::push(core::ResponseId response, Pcm pcm) -> Samples {
  if (!response || response != admitted_) return {};
  const auto room = QueuedMax - (pushed_ - taken_);
  pcm = pcm.first(static_cast<std::size_t>(std::min(room, samples(pcm)).count));
  if (pcm.empty()) return {};
  append(pcm);
  pushed_ = pushed_ + samples(pcm);
  drained_ = false;
  return samples(pcm);
}

void Playout::append(Pcm pcm) {
  while (!pcm.empty()) {
    if (!tail_ || tail_used_ == Block::Capacity) {
      Block* block = pool_.take();
      (tail_ ? tail_->next : head_) = block;
      tail_ = block;
      tail_used_ = 0;
    }
    const auto count = std::min<std::size_t>(pcm.size(), static_cast<std::size_t>(Block::Capacity - tail_used_));
    std::copy_n(pcm.begin(), count, tail_->samples.begin() + tail_used_);
    tail_used_ += static_cast<std::int64_t>(count);
    pcm = pcm.subspan(count);
  }
}

void Playout::drop_queue() {
  while (head_) pool_.give_back(std::exchange(head_, head_->next));
  tail_ = nullptr;
  head_used_ = tail_used_ = 0;
}

// ── The player's side ────────────────────────────────────────────────────────────────────────────────────────

auto Playout::take(PcmOut out) -> Samples {
  const auto queued = paused_ ? Samples{} : pushed_ - taken_;
  const auto count = std::min(queued, samples(out));
  const auto voice = out.first(static_cast<std::size_t>(count.count));
  std::ranges::fill(out.subspan(voice.size()), std::int16_t{0});
  if (voice.empty()) return {};
  if (watching_) look_for_pauses(taken_ + count);
  copy_out(voice);
  taken_ = taken_ + count;
  return count;
}

// `out` holds no more than is queued. Blocks that were read to their end go back to the pool.
void Playout::copy_out(PcmOut out) {
  while (!out.empty()) {
    const auto filled = head_ == tail_ ? tail_used_ : Block::Capacity;
    const auto count = std::min<std::size_t>(out.size(), static_cast<std::size_t>(filled - head_used_));
    std::copy_n(head_->samples.begin() + head_used_, count, out.begin());
    out = out.subspan(count);
    head_used_ += static_cast<std::int64_t>(count);
    if (head_used_ < filled) return;
    if (head_ == tail_) return drop_queue();
    pool_.give_back(std::exchange(head_, head_->next));
    head_used_ = 0;
  }
}

void Playout::confirm(Samples count, Reports& reports) {
  FLOW_ASSERT(count >= Samples{} && played_ + count <= taken_);
  played_ = played_ + count;
  if (watching_) look_for_pauses(taken_ + PauseLength);
  report_reached(reports);
}

auto Playout::pull(PcmOut out, Reports& reports) -> Samples {
  const auto count = take(out);
  confirm(count, reports);
  return count;
}

void Playout::report_reached(Reports& reports) {
  std::size_t marks = 0, pauses = 0;
  while (true) {
    const bool mark = marks < marks_.size() && marks_[marks].at <= played_;
    const bool pause = pauses < pauses_.size() && pauses_[pauses] <= played_;
    if (!mark && !pause) break;
    if (mark && (!pause || marks_[marks].at <= pauses_[pauses])) {
      reports.push_back(core::MarkReached{marks_[marks++].mark});
    } else {
      reports.push_back(core::PauseReached{played_});
      pauses += 1;
    }
  }
  marks_.erase(marks_.begin(), marks_.begin() + static_cast<std::ptrdiff_t>(marks));
  pauses_.erase(pauses_.begin(), pauses_.begin() + static_cast<std::ptrdiff_t>(pauses));
  if (empty() && !drained_) {
    drained_ = true;
    reports.push_back(core::PlayoutDrained{played_});
  }
}

// Looks at the queued samples from `searched_` up to `until`, each once, so that a pull costs what it plays however
// much is queued. A pause is known PauseLength before its end is, which is why playback need not have reached it.
void Playout::look_for_pauses(Samples until) {
  until = std::min(until, pushed_);
  const Block* block = head_;
  auto at = head_used_ + (searched_ - taken_).count;
  for (; searched_ < until; searched_.count += 1, at += 1) {
    for (; at >= Block::Capacity; at -= Block::Capacity) block = block->next;
    const int sample = block->samples[static_cast<std::size_t>(at)];
    if (sample > PauseLevel || sample < -PauseLevel) {
      quiet_since_ = searched_ + Samples{1};
      quiet_known_ = false;
    } else if (!quiet_known_ && searched_ + Samples{1} - quiet_since_ >= PauseLength) {
      quiet_known_ = true;
      pauses_.push_back(quiet_since_);
    }
  }
}

}  // namespace flow::audio
