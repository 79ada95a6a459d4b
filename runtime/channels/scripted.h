#pragma once
// A caller who follows a script, typing or speaking. A speaking one is a real caller as far as the call can tell: its
// voice is audio in real time, silent between the words, so that the service's voice detection makes the turns and an
// interruption is one by voice.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/audio/recorder.h"
#include "runtime/channels/player.h"
#include "runtime/channels/script_player.h"

namespace flow::channels {

class Scripted final : public Channel {
 public:
  struct Voice {
    // Text to 24 kHz mono. Takes its time, so every line of the script is spoken ahead: before the call, or with
    // `background` while it begins; there it is called on another thread, one line after the other or several at once.
    std::function<std::vector<std::int16_t>(std::string_view text)> speak;
    // The flow's turns are made by a key: it is held for each line.
    bool holds_key = false;
    // Told the words when the caller begins to say them, for a simulated service that does not recognise speech.
    std::function<void(std::string_view text)> begins;
    audio::Background background;
  };

  // Pauses inside one line are shortened to this, under the 500 ms that end a turn for a usual service.
  static constexpr audio::Samples PauseMax = audio::to_samples(net::Millis{250});

  // `pacer` outlives it. Without `speak` the caller types.
  Scripted(Pacer& pacer, Script script, Voice voice);
  Scripted(Pacer& pacer, Script script) : Scripted(pacer, std::move(script), Voice{}) {}

  void open(audio::Playout& playout, Listener& listener) override;
  void flush(core::FlushId flush) override { player_.flush(flush); }
  void close() override { player_.stop(); }
  auto has_voice() const -> bool override { return static_cast<bool>(voice_.speak); }
  void told(const core::Decided& decided, std::string_view agent) override;
  auto transfers() const -> bool override { return !far_sides_.empty(); }
  void transfer(const core::TransferCall& order, const ir::Transfer& to) override;
  void abandon_transfer(core::TransferId transfer) override;

 private:
  // What the caller says in one step, or a cough. Filled elsewhere until `ready`, which is the loop's.
  struct Line {
    std::string text;  // of a cough: empty
    std::vector<std::int16_t> pcm = {};  // whole frames
    bool ready = false;
  };

  auto line_of(std::string_view text) const -> std::shared_ptr<Line>;  // or none
  void say(std::string_view text, bool means_it);
  void press_key(bool down);
  void prepare(const std::shared_ptr<Line>& line);
  void callers_turn(audio::Samples at);
  void move(const Move& move);
  auto next_frame() -> audio::Pcm;
  auto voice_frame() -> audio::Pcm;
  void end();
  void far_side_moves();

  // A try to put the caller through that has no answer yet.
  struct Calling {
    core::TransferId transfer;
    FarSide side;
    bool is_warm = false;
    bool rang = false, answered = false;
    core::Instant since;
  };

  std::string script_name_;
  std::vector<FarSide> far_sides_;
  std::map<std::string, std::size_t> tries_;   // so far, by the transfer's name
  std::optional<Calling> calling_;
  std::optional<core::Instant> beeps_at_;
  CallerSound sound_;
  Voice voice_;
  std::vector<std::shared_ptr<Line>> lines_;  // each text once, in the script's order
  std::vector<std::int16_t> noise_;           // around the caller, over and over; none: silence
  std::size_t noise_at_ = 0;
  std::vector<std::int16_t> mixed_;           // one frame
  ScriptPlayer script_;
  Player player_;
  std::shared_ptr<const Line> to_say_;  // not begun yet
  bool means_it_ = false;               // what is being said, or is to be
  bool holds_key_ = false;
  audio::Pcm saying_;                   // what is left of the line being said
  core::Instant now_;
  std::map<core::JobId, std::string> tools_;  // of the jobs that decisions named
};

}  // namespace flow::channels
