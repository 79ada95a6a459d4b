#include "runtime/net/backoff.h"

#include <algorithm>

namespace flow::net {

namespace {

// SplitMix64: one well-mixed number for each input, the same on every machine.
auto mixed(std::uint64_t x) -> std::uint64_t {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

auto Backoff::wait(int attempt, std::uint64_t seed) const -> std::chrono::milliseconds {
  auto full = std::min(first, most);
  for (int i = 1; i < attempt && full < most; ++i) full = std::min(full * 2, most);
  const double random = static_cast<double>(mixed(seed ^ mixed(static_cast<std::uint64_t>(attempt))) >> 11) * 0x1.0p-53;
  const double share = std::clamp(jitter, 0.0, 1.0) * random;
  return full - std::chrono::milliseconds{static_cast<std::int64_t>(static_cast<double>(full.count()) * share)};
}

}  // namespace flow::net
