#pragma once
// Where time comes from: the machine's steady clock, or a test that owns it.

#include <chrono>
#include <functional>

namespace flow::net {

using Millis = std::chrono::milliseconds;
using Time = std::chrono::steady_clock::time_point;
using Task = std::function<void()>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual auto now() const -> Time = 0;
  // False: time stands still until somebody moves it, and a loop waits for Loop::fire_due instead of the machine.
  virtual auto runs() const -> bool = 0;
};

auto steady_clock() -> const Clock&;

// Moves only when told. After `advance`, Loop::fire_due carries out what has become due.
class ManualClock final : public Clock {
 public:
  auto now() const -> Time override { return now_; }
  auto runs() const -> bool override { return false; }
  void advance(Millis by) { now_ += by; }

 private:
  Time now_{std::chrono::hours{1}};
};

}  // namespace flow::net
