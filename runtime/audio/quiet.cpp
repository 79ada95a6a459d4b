#include "runtime/audio/quiet.h"

#include <algorithm>

#include "runtime/audio/playout.h"

namespace flow::audio {

auto without_long_pauses(Pcm speech, Samples longest) -> std::vector<std::int16_t> {
  const auto loud = [](std::int16_t sample) { return sample > Playout::PauseLevel || sample < -Playout::PauseLevel; };
  const auto keep = static_cast<std::ptrdiff_t>(longest.count);
  std::vector<std::int16_t> kept;
  auto at = std::find_if(speech.begin(), speech.end(), loud);
  while (at != speech.end()) {
    const auto quiet = std::find_if_not(at, speech.end(), loud);
    const auto next = std::find_if(quiet, speech.end(), loud);
    kept.insert(kept.end(), at, quiet);
    if (next == speech.end()) break;
    const auto first = std::min(next - quiet, keep - keep / 2);
    const auto last = std::min(next - quiet - first, keep / 2);
    kept.insert(kept.end(), quiet, quiet + first);
    kept.insert(kept.end(), next - last, next);
    at = next;
  }
  return kept;
}

}  // namespace flow::audio
