#pragma once
// A caller who speaks: the machine's microphone and speaker.
//
// The speaker's own count says what was heard, so what a cut answer is truncated to is what sounded. What the hardware
// has taken sounds even after a flush; it counts as heard.

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "runtime/audio/device/duplex.h"
#include "runtime/audio/level.h"
#include "runtime/audio/processor.h"
#include "runtime/channels/channel.h"
#include "runtime/channels/in_flight.h"
#include "runtime/channels/keys.h"
#include "runtime/channels/reader.h"
#include "runtime/channels/steady.h"

namespace flow::channels {

class Device final : public Channel, private audio::device::Duplex::Owner {
 public:
  using Opened = std::function<void(Result<std::unique_ptr<audio::device::Duplex>>)>;

  // What people look at while they speak; of the last tenth of a second.
  struct Meter {
    audio::Level caller, agent;
    bool muted = false;
    bool talks = false;  // the talk key is down
  };

  // How often another device is tried when one was lost, and how long apart. One that was lost before it has served so
  // long was no other device: its loss is the next try.
  static constexpr int TriesMax = 5;
  static constexpr net::Millis TryAgain{1'000}, Serves{10'000};

  struct Options {
    // Opens what is there now, when the device was lost as the error says; answers on the loop, not from inside. None:
    // the call ends.
    std::function<void(const Error& lost, Opened)> reopen;
    audio::Processor* processor = nullptr;           // outlives the channel
    int keys = -1;                                   // descriptor of a terminal that gives every key at once; -1: none
    std::function<void(const std::string&)> notice;  // for the person who speaks
    std::function<void(const Meter&)> meter;         // ten times a second
  };

  // `loop` outlives it. `device` has not been started.
  Device(net::Loop& loop, std::unique_ptr<audio::device::Duplex> device, Options options);
  ~Device() override;

  void open(audio::Playout& playout, Listener& listener) override;
  void flush(core::FlushId flush) override;
  void close() override;
  auto has_voice() const -> bool override { return true; }
  // Only the way in: the agent's frames are told when they are heard.
  auto latency() const -> audio::Latency override { return latency_; }

  void mute(bool muted) { muted_ = muted; }
  auto muted() const -> bool { return muted_; }
  // Of the device there is, or was last. Gaps and losses are those of the whole call.
  auto facts() const -> audio::device::Duplex::Facts;

 private:
  static constexpr auto Frame = static_cast<std::size_t>(audio::FrameSamples);
  using FrameOf = std::array<std::int16_t, Frame>;

  // One side of the recording: how far it was told, and what is to be put in or left out of it.
  struct Track {
    audio::Samples told;
    Steady steady;
    int surplus = 0;  // frames to leave out
  };

  void start();
  void device_moved() override;
  void device_lost(const Error& error) override;
  void fill_speaker();
  void follow_speaker();
  void hear_caller();
  void tell_heard();
  void caller_frame(audio::PcmOut frame);
  void agent_frame(audio::Pcm frame);
  auto keep_steady(Track& track) -> int;
  void report();
  void measure();
  void try_again();
  void adopt(std::unique_ptr<audio::device::Duplex> device);
  void give_up();
  void key_came(char key);
  void toggle_talk();
  void hang_up();
  auto clock() const -> audio::Samples;

  net::Loop& loop_;
  Options options_;
  std::unique_ptr<audio::device::Duplex> device_;  // none while another is looked for
  audio::device::Duplex::Facts left_;              // of the devices before
  audio::Playout* playout_ = nullptr;              // while open
  Listener* listener_ = nullptr;
  net::Time opened_;
  audio::Samples output_delay_;  // of the device there is
  audio::Latency latency_;
  net::Millis echo_delay_{0};

  // The speaker: given, taken, heard, in the order of decreasing positions.
  InFlight in_flight_;
  audio::Samples far_told_, agent_told_;  // whole frames that the processor and the listener were told
  audio::Reports reports_;

  FrameOf near_{};
  std::size_t near_filled_ = 0;
  bool muted_ = false;
  bool talks_ = false;  // by the talk key
  Track caller_, agent_;

  std::vector<std::int16_t> caller_meter_, agent_meter_;

  Error lost_;
  int tries_ = 0;
  net::Time adopted_;
  net::Timer retry_;
  std::unique_ptr<Reader> reader_;
  std::shared_ptr<bool> here_ = std::make_shared<bool>(true);  // for answers that come when it is gone
};

}  // namespace flow::channels
