#pragma once
// One microphone: what the hardware's thread brings, made 24 kHz mono for the loop.

#include <array>
#include <atomic>
#include <vector>

#include "runtime/audio/device/backend.h"
#include "runtime/audio/device/ring.h"
#include "runtime/audio/resample.h"
#include "runtime/net/bell.h"

namespace flow::audio::device {

class Microphone final : public Traffic {
 public:
  Microphone(Format format, net::Bell::Rope rope);

  // On the hardware's thread. Channels are mixed into one.
  void moved(std::int16_t* samples, std::size_t frames, bool gap) noexcept override;
  void broke() noexcept override;

  // ── The loop's side ────────────────────────────────────────────────────────────────────────────────────────

  // Forgets what came before anybody listened.
  void begin();
  auto read(PcmOut out) -> Samples;
  auto delay() const -> Millis;
  auto frames() const -> std::int64_t { return frames_.load(); }  // since it was opened: it moves as long as this grows
  auto overruns() const -> std::int64_t { return overruns_.load() - overruns_before_; }
  auto is_broken() const -> bool { return broken_.load(); }

 private:
  static constexpr std::size_t PieceMax = 1024;

  Format format_;
  net::Bell::Rope rope_;
  Ring ring_;  // mono, at the hardware's rate
  std::atomic<std::int64_t> frames_{0}, overruns_{0};
  std::atomic<bool> broken_{false};

  // The loop's.
  void fetch();
  Resampler resampler_;
  std::vector<std::int16_t> waits_;
  std::int64_t overruns_before_ = 0;
};

}  // namespace flow::audio::device
