#pragma once
// What all measuring programs share: a clock, the best of several runs, and the row they print.

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace flow::bench {

// Seconds of CPU that this thread has used: others on the machine do not count.
inline auto cpu_seconds() -> double {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// The shortest time of `runs` runs of `work`, by `clock`: what the machine can do when nothing is in its way.
template <class Clock, class Work>
auto best_of(int runs, const Clock& clock, const Work& work) -> double {
  double best = 1e300;
  for (int i = 0; i < runs; ++i) {
    const auto begin = clock();
    work();
    best = std::min(best, clock() - begin);
  }
  return best;
}

// Value below which `share` (0 to 1) of the values lie.
inline auto percentile(std::vector<double> values, double share) -> double {
  if (values.empty()) return 0;
  const auto place = std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place), values.end());
  return values[place];
}

// Keeps the compiler from leaving out what nobody reads.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

// One row of the table: what was measured, ours, what it is compared with, and how the two compare.
inline void row(const std::string& what, const std::string& ours, const std::string& reference, const std::string& ratio) {
  fmt::print("{} | {} | {} | {}\n", what, ours, reference, ratio);
  std::fflush(stdout);
}
inline auto ratio(double ours, double reference) -> std::string { return fmt::format("{:.2g}", ours / reference); }

}  // namespace flow::bench
