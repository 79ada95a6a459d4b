#include "runtime/channels/wav_file.h"

#include <array>
#include <utility>

#include "runtime/audio/wav.h"

namespace flow::channels {
namespace {

constexpr auto Frame = static_cast<std::size_t>(audio::FrameSamples);
constexpr std::array<std::int16_t, Frame> Silence{};

}  // namespace

auto WavFile::read(Pacer& pacer, const std::string& path, net::Millis tail) -> Result<std::unique_ptr<WavFile>> {
  auto voice = audio::read_wav(path);
  if (!voice) return tl::unexpected{voice.error()};
  return std::make_unique<WavFile>(pacer, std::move(*voice), tail);
}

WavFile::WavFile(Pacer& pacer, std::vector<std::int16_t> voice, net::Millis tail)
    : voice_{std::move(voice)}, tail_{tail}, player_{pacer} {
  voice_.resize((voice_.size() + Frame - 1) / Frame * Frame, 0);
}

void WavFile::open(audio::Playout& playout, Listener& listener) {
  player_.start(playout, listener, [this](audio::Samples at) { callers_turn(at); });
}

void WavFile::callers_turn(audio::Samples at) {
  auto& listener = player_.listener();
  if (next_ < voice_.size()) {
    const auto frame = audio::Pcm{voice_}.subspan(next_, Frame);
    next_ += Frame;
    return listener.caller_audio(at, frame);
  }
  quiet_ = player_.agent_sounded() ? net::Millis{0} : quiet_ + Beats::Period;
  if (quiet_ > tail_) {
    player_.stop();
    return listener.happened(core::CallerHungUp{});
  }
  listener.caller_audio(at, Silence);
}

}  // namespace flow::channels
