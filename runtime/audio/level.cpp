#include "runtime/audio/level.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace flow::audio {
namespace {

auto dbfs(double amplitude) -> double {
  constexpr double FullScale = 32768.0;
  return amplitude <= 0 ? SilenceDbfs : 20.0 * std::log10(amplitude / FullScale);
}

}  // namespace

auto level(Pcm pcm) -> Level {
  std::int64_t squares = 0;  // 2^30 * 2^33 samples: four days before it could overflow
  int peak = 0;
  for (const int sample : pcm) {
    squares += sample * sample;
    peak = std::max(peak, std::abs(sample));
  }
  if (pcm.empty()) return {};
  const double mean = static_cast<double>(squares) / static_cast<double>(pcm.size());
  return {.rms_dbfs = dbfs(std::sqrt(mean)), .peak_dbfs = dbfs(peak)};
}

}  // namespace flow::audio
