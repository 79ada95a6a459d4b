#pragma once
// Lua's string patterns, counted: what they match is as the language's manual says (§6.4.1), but every step is paid
// for, so that a pattern that backtracks for ever ends when the budget does. Lua's own matcher is one C function that
// no hook interrupts; README.md has the figures that decided for this one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flow::tools::lua {

// Asked for more steps when those in hand are spent. Zero: stop.
class Steps {
 public:
  virtual ~Steps() = default;
  auto spend(std::uint64_t n = 1) -> bool {
    if (in_hand_ < n && !refill(n)) return false;
    in_hand_ -= n;
    return true;
  }

 protected:
  // Grants some thousand steps, none if the run must end.
  virtual auto more() -> std::uint64_t = 0;

 private:
  auto refill(std::uint64_t n) -> bool {
    while (in_hand_ < n) {
      const auto granted = more();
      if (granted == 0) return false;
      in_hand_ += granted;
    }
    return true;
  }
  std::uint64_t in_hand_ = 0;
};

class Matcher {
 public:
  static constexpr std::size_t None = static_cast<std::size_t>(-1);
  static constexpr std::size_t CapturesMax = 32;
  static constexpr int DepthMax = 200;  // as in Lua: deeper is `pattern too complex`

  struct Capture {
    std::size_t begin = 0;
    std::size_t length = 0;      // or one of:
    static constexpr std::size_t Open = static_cast<std::size_t>(-1);
    static constexpr std::size_t Position = static_cast<std::size_t>(-2);
  };

  // Neither text is copied. `pattern` without its anchor.
  Matcher(std::string_view subject, std::string_view pattern, Steps& steps) : subject_(subject), pattern_(pattern), steps_(steps) {}

  // The end of the match that begins at `at`, or None: no match, or `fault` says why there is no answer.
  auto match_at(std::size_t at) -> std::size_t;

  auto captures() const -> std::size_t { return level_; }
  auto capture(std::size_t i) const -> const Capture& { return captures_[i]; }

  // A mistake in the pattern, for people; null if there is none.
  auto fault() const -> const char* { return fault_; }
  // The steps were used up.
  auto exhausted() const -> bool { return exhausted_; }

 private:
  auto match(std::size_t s, std::size_t p) -> std::size_t;
  auto match_special(std::size_t s, std::size_t p, bool& special) -> std::size_t;
  auto match_item(std::size_t s, std::size_t p, std::size_t item_end, bool& go_on) -> std::size_t;
  auto most_first(std::size_t s, std::size_t p, std::size_t item_end) -> std::size_t;
  auto least_first(std::size_t s, std::size_t p, std::size_t item_end) -> std::size_t;
  auto open_capture(std::size_t s, std::size_t p, std::size_t kind) -> std::size_t;
  auto close_capture(std::size_t s, std::size_t p) -> std::size_t;
  auto balanced(std::size_t s, std::size_t p) -> std::size_t;
  auto repeated_capture(std::size_t s, char digit) -> std::size_t;
  auto at_frontier(std::size_t s, std::size_t p, std::size_t set_end) -> bool;
  auto item_end(std::size_t p) -> std::size_t;
  auto fits(std::size_t s, std::size_t p, std::size_t item_end) -> bool;
  auto in_set(unsigned char c, std::size_t p, std::size_t last) const -> bool;
  auto fail(const char* why) -> std::size_t;

  std::string_view subject_, pattern_;
  Steps& steps_;
  std::array<Capture, CapturesMax> captures_{};
  std::size_t level_ = 0;
  int depth_ = 0;
  const char* fault_ = nullptr;
  bool exhausted_ = false;
};

}  // namespace flow::tools::lua
