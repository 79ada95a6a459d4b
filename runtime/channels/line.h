#pragma once
// The line between a caller and the call: another channel, as it sounds and as its keys come in through a telephone.
//
// Both voices pass through the line's format, so that the service, the recording and whoever listens to it hear what
// a call by that line is like. A key is told beside the sound, is a tone in it that has to be heard out of it, or gets lost.

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "runtime/audio/dtmf.h"
#include "runtime/audio/phone_line.h"
#include "runtime/channels/channel.h"

namespace flow::channels {

class Line final : public Channel, private Listener {
 public:
  enum class Keys {
    Events,  // As the caller's channel tells them.
    Inband,  // A key is a tone in the caller's sound, whoever makes it. Who has no voice has no tones: they come as events.
    None,    // The line loses them.
  };
  struct Options {
    std::optional<audio::Law> law;  // none: the sound is left as it is
    Keys keys = Keys::Events;
    std::function<void(char key)> lost;  // a key that the line lost, for whoever pressed it
  };

  // `caller` outlives it, and is opened and closed by it.
  Line(Channel& caller, Options options);

  void open(audio::Playout& playout, Listener& listener) override;
  void flush(core::FlushId flush) override { caller_.flush(flush); }
  void close() override;
  auto has_voice() const -> bool override { return caller_.has_voice(); }
  auto transfers() const -> bool override { return caller_.transfers(); }
  void transfer(const core::TransferCall& order, const ir::Transfer& to) override { caller_.transfer(order, to); }
  void abandon_transfer(core::TransferId transfer) override { caller_.abandon_transfer(transfer); }
  auto latency() const -> audio::Latency override;
  void told(const core::Decided& decided, std::string_view agent) override { caller_.told(decided, agent); }

 private:
  static constexpr auto Frame = static_cast<std::size_t>(audio::FrameSamples);
  static constexpr std::size_t Fade = 2 * core::SamplesPerMs;  // a tone that stopped at once would be a click

  void happened(core::Event event) override;
  void caller_audio(audio::Samples at, audio::Pcm pcm) override;
  void agent_audio(audio::Samples at, audio::Pcm pcm) override;
  void channel_failed(const Error& error) override { listener_->channel_failed(error); }

  void press(char key);
  void take_out_keys();

  Channel& caller_;
  Options options_;
  Listener* listener_ = nullptr;
  bool open_ = false;
  std::optional<audio::PhoneLine> there_, back_;  // the caller's voice, the agent's
  std::optional<audio::KeyListener> ear_;
  bool silenced_ = false;            // the frame before held a key
  std::vector<std::int16_t> tones_;  // of pressed keys, from `tones_at_` on: not sent yet
  std::size_t tones_at_ = 0;
  std::array<std::int16_t, Frame> frame_{};
};

}  // namespace flow::channels
