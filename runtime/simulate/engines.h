#pragma once
// The two speech engines as plain functions. Both libraries keep global state, so a call holds the engine's lock; a
// phrase takes some tens of milliseconds at most.

#include <cstdint>
#include <string>
#include <vector>

namespace flow::simulate {

struct Sound {
  std::vector<std::int16_t> pcm;  // mono
  int rate_hz = 0;                // 0: the engine could not speak this
};

// English. `deep` takes the man's voice; `pitch_hz` is the mean; `stretch` above 1 is slower.
auto speak_with_flite(const std::string& text, bool deep, float pitch_hz, float stretch) -> Sound;

// Any language espeak-ng has; `language` as in BCP 47. `pitch` 0 to 100, `rate` in words a minute.
auto speak_with_espeak(const std::string& text, const std::string& language, int pitch, int rate) -> Sound;

}  // namespace flow::simulate
