#pragma once
// Chance with the same numbers on every machine.

#include <cstddef>
#include <cstdint>

namespace flow::explore {

// SplitMix64: good enough to choose by, and a state of one number.
struct Dice {
  std::uint64_t state;
  auto roll(std::size_t below) -> std::size_t {
    state += 0x9E3779B97F4A7C15ULL;
    auto z = state;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return static_cast<std::size_t>((z ^ (z >> 31U)) % below);
  }
};

}  // namespace flow::explore
