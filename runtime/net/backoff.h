#pragma once
// How long to wait before the next try: doubling from `first` to `most`, each spread by `jitter` so that a thousand
// calls do not return at once. A value; whether there is a next try is not decided here.

#include <chrono>
#include <cstdint>

namespace flow::net {

struct Backoff {
  std::chrono::milliseconds first{250};
  std::chrono::milliseconds most{8'000};
  double jitter = 0.3;  // 0..1: the share of a wait that is random; the wait never exceeds `most`

  // The wait before try `attempt` (the first retry is 1). The same seed and attempt give the same wait.
  auto wait(int attempt, std::uint64_t seed) const -> std::chrono::milliseconds;
};

}  // namespace flow::net
