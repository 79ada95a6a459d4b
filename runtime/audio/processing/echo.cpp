#include "runtime/audio/processing/echo.h"

#include "compiler/base/check.h"
#include "runtime/audio/level.h"
#include "runtime/audio/processing/ten_ms.h"

namespace flow::audio {
namespace {

using webrtc::AudioProcessing;

// The filter finds an echo up to 115 ms after the delay it is told, and up to 40 ms before it. Hardware rather forgets
// a queue than invents one, so it is told a little less.
constexpr Millis Caution{20};
constexpr Millis DelayMax{500};  // the module refuses longer ones

// Until the filter knows the room, the suppressor behind it does the work, as hard as it can. Callers who speak over the
// agent suffer from that (some are heard a second late, half a second at its middle level), so it is eased then.
constexpr int FramesToLearn = 150;  // 3 s of the agent's voice
constexpr double VoiceDbfs = -50;

auto create() -> AudioProcessing* {
  webrtc::Config config;  // owns what it is given
  config.Set(new webrtc::ExtendedFilter(true));
  config.Set(new webrtc::ExperimentalAgc(false));  // that one turns the knobs of a sound card
  return AudioProcessing::Create(config);
}

}  // namespace

EchoCanceller::EchoCanceller() : processing_(create()) {
  FLOW_ASSERT(processing_ != nullptr);
  processing_->high_pass_filter()->Enable(true);
  processing_->echo_cancellation()->set_suppression_level(webrtc::EchoCancellation::kHighSuppression);
  processing_->echo_cancellation()->Enable(true);
  processing_->noise_suppression()->set_level(webrtc::NoiseSuppression::kModerate);
  processing_->noise_suppression()->Enable(true);
  processing_->gain_control()->set_mode(webrtc::GainControl::kAdaptiveDigital);
  processing_->gain_control()->Enable(true);
}

EchoCanceller::~EchoCanceller() = default;

void EchoCanceller::far_end(Pcm frame) {
  FLOW_ASSERT(frame.size() == FrameSamples);
  if (learned_frames_ < FramesToLearn && level(frame).rms_dbfs > VoiceDbfs && ++learned_frames_ == FramesToLearn) {
    processing_->echo_cancellation()->set_suppression_level(webrtc::EchoCancellation::kLowSuppression);
  }
  for (std::size_t at = 0; at < frame.size(); at += TenMs) {
    auto samples = to_floats(frame.subspan(at, TenMs));
    float* const channel[] = {samples.data()};
    const int error = processing_->ProcessReverseStream(channel, stream(), stream(), channel);
    FLOW_ASSERT(error == AudioProcessing::kNoError);
  }
}

void EchoCanceller::near_end(PcmOut frame, Millis echo_delay) {
  FLOW_ASSERT(frame.size() == FrameSamples);
  for (std::size_t at = 0; at < frame.size(); at += TenMs) {
    const auto ten_ms = frame.subspan(at, TenMs);
    auto samples = to_floats(ten_ms);
    float* const channel[] = {samples.data()};
    processing_->set_stream_delay_ms(static_cast<int>(std::clamp(echo_delay - Caution, Millis{0}, DelayMax).count()));
    const int error = processing_->ProcessStream(channel, stream(), stream(), channel);
    FLOW_ASSERT(error == AudioProcessing::kNoError);
    from_floats(samples, ten_ms);
  }
}

}  // namespace flow::audio
