#pragma once
// A caller who types. The agent's voice is paced, marked and recorded in real time though nobody hears it.
//
// There is no caller's voice: the service's voice detection hears nothing, and turns are made of text.

#include <functional>
#include <memory>
#include <string>

#include "runtime/channels/player.h"
#include "runtime/channels/reader.h"
#include "runtime/channels/typed_line.h"

namespace flow::channels {

class Terminal final : public Channel {
 public:
  struct Options {
    int input = 0;                                   // file descriptor; stays open
    std::function<void(const std::string&)> notice;  // for the person who types; on the loop
  };

  // `loop` and `pacer` outlive it.
  Terminal(net::Loop& loop, Pacer& pacer, Options options);
  ~Terminal() override;

  void open(audio::Playout& playout, Listener& listener) override;
  void flush(core::FlushId flush) override { player_.flush(flush); }
  void close() override;
  auto has_voice() const -> bool override { return false; }
  auto latency() const -> audio::Latency override { return Player::Delay; }

 private:
  void bytes_came(std::string_view bytes);
  void line_came(std::string_view line);
  void tell(const Notice& notice);
  void hang_up();

  net::Loop& loop_;
  Options options_;
  Player player_;
  Lines lines_;
  bool hung_up_ = false;
  std::unique_ptr<Reader> reader_;
};

}  // namespace flow::channels
