#pragma once
// Quiet within recorded speech.

#include <vector>

#include "runtime/audio/pcm.h"

namespace flow::audio {

// The same speech, without quiet at both ends and with every quiet between words shortened to `longest`. Quiet is what
// Playout::PauseLevel says. Cuts in the middle of the quiet, so that words keep their ends. Empty if all is quiet.
auto without_long_pauses(Pcm speech, Samples longest) -> std::vector<std::int16_t>;

}  // namespace flow::audio
