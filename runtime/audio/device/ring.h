#pragma once
// Samples on their way between the loop and the callback of a sound card. Wait-free on both sides: no lock, no
// allocation, no loop that could turn twice.
//
// One thread writes and one reads. The writer may also `drop` what was not read yet; a reader that was just copying it
// learns so and gets silence, so what the writer is then told is final to the sample. Ready-made rings let only the
// reader empty them, and would leave the writer guessing by a whole callback.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

#include "runtime/audio/pcm.h"

namespace flow::audio::device {

class Ring {
 public:
  // At 48 kHz 0.7 s, at 192 kHz 0.17 s.
  static constexpr std::size_t Capacity = 1U << 15U;

  // ── The writer's side ──────────────────────────────────────────────────────────────────────────────────────

  // Returns how many of the first samples found room.
  auto write(Pcm pcm) noexcept -> std::size_t {
    const auto written = written_.load(std::memory_order_relaxed);
    const auto room = Capacity - static_cast<std::size_t>(written - read_.load(std::memory_order_acquire));
    const auto count = std::min(room, pcm.size());
    for (std::size_t n = 0; n < count; ++n) slot(written + n).store(pcm[n], std::memory_order_relaxed);
    written_.store(written + count, std::memory_order_release);
    return count;
  }

  // Forgets what was not read.
  void drop() noexcept {
    const auto written = written_.load(std::memory_order_relaxed);
    dropped_ += written - read_.exchange(written, std::memory_order_acq_rel);
  }

  auto queued() const noexcept -> std::int64_t {
    return static_cast<std::int64_t>(written_.load(std::memory_order_relaxed) - read_.load(std::memory_order_acquire));
  }
  // How many samples were read since the beginning; none of them was dropped.
  auto taken() const noexcept -> std::int64_t {
    return static_cast<std::int64_t>(read_.load(std::memory_order_acquire) - dropped_);
  }

  // ── The reader's side ──────────────────────────────────────────────────────────────────────────────────────

  // Returns how many samples were read to the beginning of `out`; the rest of `out` is not touched, or silenced if the
  // writer dropped the samples meanwhile.
  auto read(PcmOut out) noexcept -> std::size_t {
    auto from = read_.load(std::memory_order_relaxed);
    const auto count =
        std::min(out.size(), static_cast<std::size_t>(written_.load(std::memory_order_acquire) - from));
    for (std::size_t n = 0; n < count; ++n) out[n] = slot(from + n).load(std::memory_order_relaxed);
    if (read_.compare_exchange_strong(from, from + count, std::memory_order_acq_rel)) return count;
    std::ranges::fill(out.first(count), std::int16_t{0});
    return 0;
  }

 private:
  auto slot(std::uint64_t position) noexcept -> std::atomic<std::int16_t>& { return slots_[position % Capacity]; }

  std::array<std::atomic<std::int16_t>, Capacity> slots_{};
  alignas(64) std::atomic<std::uint64_t> written_{0};
  alignas(64) std::atomic<std::uint64_t> read_{0};  // or dropped
  std::uint64_t dropped_ = 0;                       // the writer's
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<std::int16_t>::is_always_lock_free);

}  // namespace flow::audio::device
