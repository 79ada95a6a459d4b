#pragma once
// The keys of a phone as they sound: two tones at once, one for the row and one for the column.
//
// SpanDSP finds them. It looks at blocks of 12.75 ms and believes two in a row, so that a tone of 40 ms is always found and
// one of 20 ms never, as ITU-T Q.24 asks; between them it depends on where the blocks fall. Tones may differ by 8 dB if
// the lower is the louder, by 4 dB if the higher is, and be 1.5 % out of tune.
// Source: ITU-T Q.23 (tones), Q.24 (who hears them).

#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include "runtime/audio/pcm.h"
#include "runtime/audio/resample.h"

struct dtmf_rx_state_s;

namespace flow::audio {

// What a phone sends for a key (0 to 9, *, #, A to D): 80 ms of its tones at -10 dBm0 each, then 80 ms of silence, so that
// the next one may follow at once. 24 kHz mono.
auto key_sound(char key) -> std::vector<std::int16_t>;

class KeyListener {
 public:
  KeyListener();
  KeyListener(KeyListener&&) noexcept;
  auto operator=(KeyListener&&) noexcept -> KeyListener&;
  ~KeyListener();

  // The next samples of a stream, 24 kHz, up to a second of them. The keys that were sure in them, each once however long
  // it sounds; valid until the next call. One thread; allocates nothing once the first ones have passed.
  auto hear(Pcm pcm) -> std::string_view;

  // Whether a key sounds, or may, at the end of what was heard.
  auto sounding() const -> bool;

 private:
  struct Free {
    void operator()(dtmf_rx_state_s* state) const;
  };
  static constexpr int ListensAtHz = 8'000;

  Resampler narrow_{RateHz, ListensAtHz};
  std::vector<std::int16_t> heard_;
  std::unique_ptr<dtmf_rx_state_s, Free> receiver_;
  std::array<char, 129> keys_{};
};

}  // namespace flow::audio
