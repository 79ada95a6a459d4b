#include "runtime/audio/processing/voice_activity.h"

#include <algorithm>

#include "compiler/base/check.h"
#include "runtime/audio/processing/ten_ms.h"

namespace flow::audio {
namespace {

// Found by measuring speech in white noise, pink noise and babble (voice_activity_test.cpp). The likelihood is good at
// beginnings and tires of long words, so who was surely heard is trusted for a while as long as he is loud; without
// the easing the ends of words fall off.
constexpr int FramesOfTrust = 75;
constexpr double EasedLikelihood = 0.2;
constexpr double EasedDb = 5.0;

constexpr double LevelMin = -75.0;      // below it all lines are alike
constexpr double FirstFloor = -50.0;    // who begins to speak at once is heard, too
constexpr double LevelSmoothing = 0.4;  // of the way to the level of this frame

// The suppression learns what is noise from the first sounds it gets, and passes over frames of zeros. On a line without
// any noise these were somebody's first words; so every line gets a hiss that nobody would hear.
constexpr float Hiss = 2.0F / 32768;

}  // namespace

VoiceActivity::VoiceActivity(double threshold)
    : suppression_(webrtc::AudioProcessing::Create()),
      likelihood_(0.2 + 0.5 * threshold),
      above_floor_(5.0 + 10.0 * threshold),
      at_least_(-55.0 + 20.0 * threshold),
      level_(LevelMin) {
  FLOW_ASSERT(suppression_ != nullptr);
  suppression_->high_pass_filter()->Enable(true);
  suppression_->noise_suppression()->set_level(webrtc::NoiseSuppression::kHigh);
  suppression_->noise_suppression()->Enable(true);
  levels_.fill(FirstFloor);
}

VoiceActivity::VoiceActivity(VoiceActivity&&) noexcept = default;
auto VoiceActivity::operator=(VoiceActivity&&) noexcept -> VoiceActivity& = default;
VoiceActivity::~VoiceActivity() = default;

auto VoiceActivity::frame(Pcm frame) -> bool {
  FLOW_ASSERT(frame.size() == FrameSamples);
  const auto [likelihood, dbfs] = suppress(frame);
  follow(dbfs);
  const double floor = *std::min_element(levels_.begin(), levels_.end());
  const auto loud = [&](double ease) { return level_ > floor + above_floor_ - ease && level_ > at_least_ - ease; };
  trust_ = likelihood > likelihood_ && loud(0) ? FramesOfTrust : std::max(0, trust_ - 1);
  voiced_ = loud(0) ? trust_ > 0 : voiced_ && likelihood > likelihood_ - EasedLikelihood && loud(EasedDb);
  return voiced_;
}

auto VoiceActivity::suppress(Pcm frame) -> Heard {
  Heard heard;
  double energy = 0;
  for (std::size_t at = 0; at < frame.size(); at += TenMs) {
    auto samples = to_floats(frame.subspan(at, TenMs));
    for (auto& sample : samples) sample += next_hiss();
    float* const channel[] = {samples.data()};
    const int error = suppression_->ProcessStream(channel, stream(), stream(), channel);
    FLOW_ASSERT(error == webrtc::AudioProcessing::kNoError);
    heard.likelihood += suppression_->noise_suppression()->speech_probability() / 2;
    for (const double s : samples) energy += s * s;
  }
  heard.dbfs = std::max(LevelMin, 10 * std::log10(energy / static_cast<double>(frame.size()) + 1e-12));
  return heard;
}

// Evenly spread, the same in every run.
auto VoiceActivity::next_hiss() -> float {
  hiss_ = hiss_ * 1'664'525 + 1'013'904'223;
  return (static_cast<float>(hiss_ >> 8U) / static_cast<float>(1U << 23U) - 1) * Hiss;
}

void VoiceActivity::follow(double dbfs) {
  level_ += (dbfs - level_) * LevelSmoothing;
  levels_[frames_++ % FramesOfMemory] = level_;
}

}  // namespace flow::audio
