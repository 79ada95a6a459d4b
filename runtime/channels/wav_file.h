#pragma once
// A caller whose voice is a WAV file, heard in real time. After its end the caller listens in silence and hangs up once
// the agent has been quiet for a while.

#include <memory>
#include <string>
#include <vector>

#include "runtime/channels/player.h"

namespace flow::channels {

class WavFile final : public Channel {
 public:
  // How long nobody may have spoken, after the file's end, before the caller hangs up.
  static constexpr net::Millis UsualTail{5'000};

  // Reads the whole file (blocks): R0301 to R0305, see audio/wav.h.
  static auto read(Pacer& pacer, const std::string& path, net::Millis tail = UsualTail)
      -> Result<std::unique_ptr<WavFile>>;

  //   voice  24 kHz mono
  WavFile(Pacer& pacer, std::vector<std::int16_t> voice, net::Millis tail = UsualTail);

  void open(audio::Playout& playout, Listener& listener) override;
  void flush(core::FlushId flush) override { player_.flush(flush); }
  void close() override { player_.stop(); }
  auto has_voice() const -> bool override { return true; }
  auto latency() const -> audio::Latency override { return Player::Delay; }

 private:
  void callers_turn(audio::Samples at);

  std::vector<std::int16_t> voice_;  // padded to whole frames
  net::Millis tail_;
  std::size_t next_ = 0;  // sample of `voice_`
  net::Millis quiet_{0};  // after the end, since somebody spoke
  Player player_;
};

}  // namespace flow::channels
