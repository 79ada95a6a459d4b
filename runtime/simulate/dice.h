#pragma once
// Chance that is the same on every machine: the standard fixes the numbers of its engines, but not what its
// distributions make of them, so those are made here.

#include <cstdint>
#include <random>
#include <string>

namespace flow::simulate {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  // 0 to n - 1; 0 if n is 0. The bias is below 2^-40 for what is asked here.
  auto below(std::uint64_t n) -> std::uint64_t { return n == 0 ? 0 : engine_() % n; }
  auto between(std::int64_t low, std::int64_t high) -> std::int64_t {
    return low >= high ? low : low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
  }
  auto one_in(std::uint64_t n) -> bool { return below(n) == 0; }

  // `prefix` and 16 letters or digits, as the service's ids look.
  auto id(const char* prefix) -> std::string {
    static constexpr char Alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    std::string text = prefix;
    for (int i = 0; i < 16; ++i) text += Alphabet[below(62)];
    return text;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace flow::simulate
