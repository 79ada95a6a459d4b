#pragma once
// A judge of voices by loudness above a learned noise floor, and by nothing else: what VoiceActivity is compared with.

#include <algorithm>
#include <array>

#include "runtime/audio/level.h"

namespace flow::audio::test {

class Loudness {
 public:
  auto frame(Pcm frame) -> bool {
    const double loud = std::max(level(frame).rms_dbfs, FloorMin);
    recent_[frames_++ % recent_.size()] = loud;
    if (frames_ <= FramesToLearn) {
      floor_ = frames_ == 1 ? std::min(loud, FirstFloorMax) : std::min(loud, floor_);
      return false;
    }
    voiced_ = loud > std::max(floor_ + 12, -45.0) - (voiced_ ? 5 : 0) && !steady();
    if (loud < floor_) floor_ += (loud - floor_) * 0.3;
    else if (steady()) floor_ = loud;
    else if (!voiced_) floor_ = std::min(loud, floor_ + 0.3);
    return voiced_;
  }

 private:
  static constexpr double FloorMin = -75.0, FirstFloorMax = -35.0;
  static constexpr std::size_t FramesToLearn = 5;

  auto steady() const -> bool {
    if (frames_ < recent_.size()) return false;
    const auto [low, high] = std::minmax_element(recent_.begin(), recent_.end());
    return *high - *low < 3;
  }

  double floor_ = FloorMin;
  bool voiced_ = false;
  std::size_t frames_ = 0;
  std::array<double, 40> recent_{};
};

}  // namespace flow::audio::test
