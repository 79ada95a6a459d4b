#pragma once
// A caller who follows a script, typing or speaking. A speaking one is a real caller as far as the call can tell: its
// voice is audio in real time, silent between the words, so that the service's voice detection makes the turns and an
// interruption is one by voice.

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/channels/player.h"
#include "runtime/channels/script_player.h"

namespace flow::channels {

class Scripted final : public Channel {
 public:
  struct Voice {
    // Text to 24 kHz mono. Called for every line of the script before the call, because it takes its time.
    std::function<std::vector<std::int16_t>(std::string_view text)> speak;
    // Told the words when the caller begins to say them, for a simulated service that does not recognise speech.
    std::function<void(std::string_view text)> begins;
  };

  // Pauses inside one line are shortened to this, under the 500 ms that end a turn for a usual service.
  static constexpr audio::Samples PauseMax = audio::to_samples(net::Millis{250});

  // `pacer` outlives it. Without `speak` the caller types.
  Scripted(Pacer& pacer, Script script, Voice voice = {});

  void open(audio::Playout& playout, Listener& listener) override;
  void flush(core::FlushId flush) override { player_.flush(flush); }
  void close() override { player_.stop(); }
  auto has_voice() const -> bool override { return static_cast<bool>(voice_.speak); }
  void told(const core::Decided& decided, std::string_view agent) override;

 private:
  void callers_turn(audio::Samples at);
  void move(const Move& move);
  void speak_frame(audio::Samples at);
  void end();

  std::string script_name_;
  Voice voice_;
  std::map<std::string, std::vector<std::int16_t>, std::less<>> spoken_;  // by text, whole frames
  ScriptPlayer script_;
  Player player_;
  std::span<const std::int16_t> saying_;  // what is left of the line being said
  core::Instant now_;
  std::map<core::JobId, std::string> tools_;  // of the jobs that decisions named
};

}  // namespace flow::channels
