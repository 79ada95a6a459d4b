#include "runtime/audio/device/rtaudio.h"

#include <RtAudio.h>
#include <fmt/format.h>

#include <algorithm>

#include "runtime/audio/device/choice.h"
#include "runtime/audio/device/hushed.h"
#include "runtime/audio/device/pulse.h"
#include "runtime/audio/resample.h"

namespace flow::audio::device {
namespace {

// 10 ms a callback of a speaker, and as few of them queued in the hardware as play without gaps. A microphone is read a
// whole frame at a time: half a frame would wake everybody for nothing.
constexpr int SpeakerPeriodsASecond = 100, MicrophonePeriodsASecond = 50;
constexpr unsigned PeriodsQueued = 3;

class RtStream final : public Stream {
 public:
  explicit RtStream(RtAudio::Api api) : audio_(api), errors_max_(api == RtAudio::LINUX_PULSE ? 1 : 50) {
    audio_.showWarnings(false);
  }
  ~RtStream() override {
    if (audio_.isStreamOpen()) audio_.closeStream();
  }

  void open(const Device& device, Side side, unsigned index) {
    format_.channels = std::min(side == Side::Input ? device.inputs : device.outputs, 2);
    format_.rate_hz = std::clamp(device.rate_hz, Resampler::LowestHz, Resampler::HighestHz);
    RtAudio::StreamParameters where{.deviceId = index, .nChannels = static_cast<unsigned>(format_.channels)};
    RtAudio::StreamOptions options;
    options.flags = 0;
    options.numberOfBuffers = PeriodsQueued;
    options.streamName = "flowc";
    const bool input = side == Side::Input;
    auto period = static_cast<unsigned>(format_.rate_hz / (input ? MicrophonePeriodsASecond : SpeakerPeriodsASecond));
    audio_.openStream(input ? nullptr : &where, input ? &where : nullptr, RTAUDIO_SINT16,
                      static_cast<unsigned>(format_.rate_hz), &period, &RtStream::moved, this, &options, &RtStream::failed);
    format_.period = static_cast<int>(period);
    const auto said = static_cast<int>(audio_.getStreamLatency());  // 0 with PulseAudio
    format_.delay = input ? said : std::max(said, format_.period * static_cast<int>(PeriodsQueued));
  }

  auto format() const -> Format override { return format_; }

  auto start(Traffic& traffic) -> Result<void> override {
    traffic_ = &traffic;
    try {
      audio_.startStream();
    } catch (const RtAudioError& error) {
      return failure("R0312", fmt::format("the device does not start: {}", error.getMessage()), "does another program hold it?");
    }
    if (!audio_.isStreamRunning()) return failure("R0312", "the device does not start", "does another program hold it?");
    return {};
  }

 private:
  static constexpr int Continue = 0, Abort = 2;  // what RtAudio is answered

  // RtAudio goes on calling a dead stream at once and for ever, unless it is told to give it up.
  static auto moved(void* out, void* in, unsigned frames, double, RtAudioStreamStatus status, void* stream) -> int {
    auto& self = *static_cast<RtStream*>(stream);
    moved_here_ = &self;
    if (self.errors_ >= self.errors_max_) return Abort;
    if (++self.calls_ % 16 == 0 && self.errors_ > 0) self.errors_ -= 1;
    self.traffic_->moved(static_cast<std::int16_t*>(out != nullptr ? out : in), frames, status != 0);
    return Continue;
  }

  // Told on the thread of the stream it is about, but not which stream that is. With PulseAudio an error is the end of the
  // stream. With ALSA every gap is one, too, so only many in a row are, or a card that is gone.
  static void failed(RtAudioError::Type, const std::string& text) {
    auto* self = moved_here_;
    if (self == nullptr) return;
    self->errors_ += text.find("No such device") == text.npos ? 1 : self->errors_max_;
    if (self->errors_ >= self->errors_max_) self->traffic_->broke();
  }

  static thread_local RtStream* moved_here_;

  RtAudio audio_;
  Format format_;
  Traffic* traffic_ = nullptr;

  // The stream's thread's.
  int errors_max_;
  int errors_ = 0;
  std::int64_t calls_ = 0;
};

thread_local RtStream* RtStream::moved_here_ = nullptr;

// Whatever is thrown means that there are no devices this way.
auto devices_of(RtAudio::Api api, const char* system) -> std::vector<Device> {
  std::vector<Device> devices;
  try {
    RtAudio audio(api);
    audio.showWarnings(false);
    const auto count = audio.getDeviceCount();
    for (unsigned index = 0; index < count; ++index) {
      const auto info = audio.getDeviceInfo(index);
      if (!info.probed || info.name.empty()) continue;
      devices.push_back({.name = info.name, .inputs = static_cast<int>(info.inputChannels),
                         .outputs = static_cast<int>(info.outputChannels), .default_input = info.isDefaultInput,
                         .default_output = info.isDefaultOutput, .rate_hz = static_cast<int>(info.preferredSampleRate),
                         .system = system, .id = static_cast<int>(index)});
    }
  } catch (const RtAudioError&) {
    return {};
  }
  return devices;
}

class RtBackend final : public Backend {
 public:
  explicit RtBackend(bool chatter) : hush_(!chatter) {}

  auto devices() -> Result<std::vector<Device>> override {
    const Hushed hushed(hush_);
    const auto server = ask_pulse();
    if (server == PulseServer::WithoutDevices) {  // ALSA would only lead back to it
      return failure("R0310", "there is no microphone and no speaker: the sound server has none", "plug one in; `flowc devices` lists what there is");
    }
    auto devices = server == PulseServer::WithDevices ? devices_of(RtAudio::LINUX_PULSE, "pulse") : devices_of(RtAudio::LINUX_ALSA, "alsa");
    if (!devices.empty()) return devices;
    return failure("R0310", "there is no microphone and no speaker: no sound server answers, and there is no sound card",
                   "is PulseAudio or PipeWire running for this user? `flowc devices --verbose` shows what its library says; "
                   "without sound, type: leave out --audio device");
  }

  auto open(const Device& device, Side side) -> Result<std::unique_ptr<Stream>> override {
    const Hushed hushed(hush_);
    const auto api = device.system == "pulse" ? RtAudio::LINUX_PULSE : RtAudio::LINUX_ALSA;
    if (api == RtAudio::LINUX_PULSE && ask_pulse() != PulseServer::WithDevices) {  // RtAudio looks again
      return failure("R0312", fmt::format("the {} is gone: {}", word(side), device.name), "`flowc devices` lists what there is");
    }
    try {
      auto stream = std::make_unique<RtStream>(api);
      stream->open(device, side, static_cast<unsigned>(device.id));
      return stream;
    } catch (const RtAudioError& error) {
      return failure("R0312", fmt::format("the {} cannot be opened: {} ({})", word(side), device.name, error.getMessage()),
                     "does another program hold it? choose another with --input or --output");
    }
  }

  void left_behind() override { Hushed::lift(); }

 private:
  bool hush_;
};

}  // namespace

auto rtaudio_backend(bool chatter) -> std::shared_ptr<Backend> { return std::make_shared<RtBackend>(chatter); }

}  // namespace flow::audio::device
