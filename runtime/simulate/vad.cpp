#include "runtime/simulate/vad.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "runtime/audio/level.h"

namespace flow::simulate {
namespace {

// Speech rises and falls by 30 dB within a syllable; noise does not. So the floor follows quiet at once and loudness
// slowly, what hardly changes for 800 ms is noise however loud, and a voice that has begun may sink lower than
// it had to rise.
constexpr double FloorMin = -75.0;        // below it all lines are alike
constexpr double FirstFloorMax = -35.0;   // a line that begins louder begins with somebody speaking
constexpr double FallShare = 0.3;         // of the way down to a quieter frame
constexpr double RiseDb = 0.3;            // a frame of 20 ms: 15 dB a second while nobody speaks
constexpr double HysteresisDb = 5.0;
constexpr double SteadyDb = 3.0;                 // of 480 samples of white noise the level varies by half of this
constexpr std::size_t FramesToLearn = 5;  // 100 ms at the start of a line: nobody speaks sooner
constexpr std::size_t FramesOfMemory = 40;

class EnergyVad final : public VoiceActivity {
 public:
  explicit EnergyVad(double threshold)
      : above_floor_(4.0 + 16.0 * threshold), at_least_(-55.0 + 20.0 * threshold) {}

  auto frame(audio::Pcm frame) -> bool override {
    const double loud = std::max(audio::level(frame).rms_dbfs, FloorMin);
    recent_[frames_++ % FramesOfMemory] = loud;
    if (frames_ <= FramesToLearn) {
      floor_ = frames_ == 1 ? std::min(loud, FirstFloorMax) : std::min(loud, floor_);
      return false;
    }
    const double limit = std::max(floor_ + above_floor_, at_least_) - (voiced_ ? HysteresisDb : 0);
    voiced_ = loud > limit && !steady();
    if (loud < floor_) floor_ += (loud - floor_) * FallShare;
    else if (steady()) floor_ = loud;
    else if (!voiced_) floor_ = std::min(loud, floor_ + RiseDb);
    return voiced_;
  }

 private:
  auto steady() const -> bool {
    if (frames_ < FramesOfMemory) return false;
    const auto [low, high] = std::minmax_element(recent_.begin(), recent_.end());
    return *high - *low < SteadyDb;
  }

  double above_floor_;
  double at_least_;
  double floor_ = FloorMin;
  bool voiced_ = false;
  std::size_t frames_ = 0;
  std::array<double, FramesOfMemory> recent_{};
};

}  // namespace

auto energy_vad(double threshold) -> std::unique_ptr<VoiceActivity> { return std::make_unique<EnergyVad>(threshold); }

}  // namespace flow::simulate
