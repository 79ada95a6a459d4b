#include "runtime/audio/stereo.h"

#include <algorithm>

namespace flow::audio {

void Stereo::caller(Samples at, Pcm pcm) { put(caller_, at, pcm); }
void Stereo::agent(Samples at, Pcm pcm) { put(agent_, at, pcm); }

void Stereo::put(Side& side, Samples at, Pcm pcm) {
  const auto from = std::max(given_, side.end);
  if (at < from) {
    const auto late = std::min(from - at, samples(pcm));
    pcm = pcm.subspan(static_cast<std::size_t>(late.count));
    at = from;
  }
  if (pcm.empty()) return;
  side.waits.resize(static_cast<std::size_t>((at - given_).count), 0);
  side.waits.insert(side.waits.end(), pcm.begin(), pcm.end());
  side.end = at + samples(pcm);
}

void Stereo::take(std::vector<std::int16_t>& interleaved) {
  const auto [first, last] = std::minmax(caller_.end, agent_.end);
  give(std::max(first, last - SkewMax), interleaved);
}

void Stereo::finish(std::vector<std::int16_t>& interleaved) { give(std::max(caller_.end, agent_.end), interleaved); }

void Stereo::give(Samples until, std::vector<std::int16_t>& interleaved) {
  if (until <= given_) return;
  const auto count = static_cast<std::size_t>((until - given_).count);
  for (auto* side : {&caller_, &agent_}) {
    if (side->waits.size() < count) side->waits.resize(count, 0);
  }
  for (std::size_t n = 0; n < count; ++n) {
    interleaved.push_back(caller_.waits[n]);
    interleaved.push_back(agent_.waits[n]);
  }
  for (auto* side : {&caller_, &agent_}) {
    side->waits.erase(side->waits.begin(), side->waits.begin() + static_cast<std::ptrdiff_t>(count));
  }
  given_ = until;
}

}  // namespace flow::audio
