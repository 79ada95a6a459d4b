#pragma once
// One speaker: 24 kHz mono from the loop, made what the hardware's thread wants.

#include <array>
#include <atomic>
#include <vector>

#include "runtime/audio/device/backend.h"
#include "runtime/audio/device/ring.h"
#include "runtime/audio/resample.h"
#include "runtime/net/bell.h"

namespace flow::audio::device {

class Speaker final : public Traffic {
 public:
  // What is kept ready beyond one callback, for a loop that is late; it grows when that was not enough.
  static constexpr Millis Spare{30}, SpareStep{20}, SpareMax{70};

  Speaker(Format format, net::Bell::Rope rope);

  // On the hardware's thread. Every channel of the first two gets the voice; what is missing is silence.
  void moved(std::int16_t* samples, std::size_t frames, bool gap) noexcept override;
  void broke() noexcept override;

  // ── The loop's side ────────────────────────────────────────────────────────────────────────────────────────

  auto wanted() const -> Samples;
  void write(Pcm pcm);
  auto taken() const -> Samples;
  void drop();
  // Looks whether the queue was too short. Call it now and then.
  void tend();

  auto queue() const -> Samples { return queue_; }
  auto delay() const -> Millis;
  auto frames() const -> std::int64_t { return frames_.load(); }
  auto underruns() const -> std::int64_t { return underruns_.load(); }
  auto is_broken() const -> bool { return broken_.load(); }

 private:
  static constexpr std::size_t PieceMax = 1024;

  Format format_;
  net::Bell::Rope rope_;
  Ring ring_;  // mono, at the hardware's rate
  std::atomic<std::int64_t> frames_{0}, underruns_{0};
  std::atomic<bool> flows_{false};  // something was written since the last drop
  std::atomic<bool> broken_{false};

  // The loop's. Between two drops our samples and the hardware's are proportional, but for the resampler's delay.
  Resampler resampler_;
  Samples queue_, queue_max_;
  Samples written_, written_before_;  // since the start; up to the last drop
  std::int64_t taken_before_ = 0;     // of the ring, up to the last drop
  std::int64_t underruns_seen_ = 0;
  std::vector<std::int16_t> converted_;
};

}  // namespace flow::audio::device
