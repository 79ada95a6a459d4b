#include "runtime/audio/sounding.h"

#include <algorithm>
#include <cmath>

namespace flow::audio {
namespace {

constexpr double RisePerBlock = 1.00346;  // 3 dB a second
constexpr double NoiseMax = 1'000;

auto root_mean_square(Pcm block) -> double {
  std::int64_t sum = 0;
  for (const auto sample : block) sum += std::int64_t{sample} * sample;
  return std::sqrt(static_cast<double>(sum) / static_cast<double>(block.size()));
}

}  // namespace

auto Sounding::next(Samples at, Pcm pcm) -> std::optional<Stretch> {
  std::optional<Stretch> found;
  while (!pcm.empty()) {
    const auto block = pcm.first(std::min(pcm.size(), static_cast<std::size_t>(Block.count)));
    const auto end = at + samples(block);
    if (sounds(block)) found = Stretch{found ? found->begin : at, end};
    at = end;
    pcm = pcm.subspan(block.size());
  }
  return found;
}

auto Sounding::sounds(Pcm block) -> bool {
  const auto loud = root_mean_square(block);
  noise_ = std::clamp(std::min(loud, noise_ * RisePerBlock), NoiseMin, NoiseMax);
  return loud > noise_ * AboveNoise;
}

}  // namespace flow::audio
