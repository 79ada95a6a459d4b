#pragma once
// The way from the service to the client: at once, or with the delays of a bad network. Nothing overtakes anything; a
// stream does not reorder.

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "runtime/simulate/dice.h"
#include "runtime/simulate/options.h"

namespace flow::simulate {

class Delivery {
 public:
  Delivery(bool delays, std::uint64_t seed) : delays_(delays), dice_(seed) {}

  // Every tenth frame is held up, and what follows waits behind it.
  void put(std::string frame, Millis now) {
    auto due = now;
    if (delays_ && dice_.one_in(10)) due += Millis{dice_.between(20, 500)};
    if (!waiting_.empty()) due = std::max(due, waiting_.back().due);
    waiting_.push_back({due, std::move(frame)});
  }
  auto next() const -> std::optional<Millis> { return waiting_.empty() ? std::nullopt : std::optional(waiting_.front().due); }
  auto take(Millis now) -> std::vector<std::string> {
    std::vector<std::string> frames;
    while (!waiting_.empty() && waiting_.front().due <= now) {
      frames.push_back(std::move(waiting_.front().frame));
      waiting_.pop_front();
    }
    return frames;
  }

 private:
  struct Waiting {
    Millis due;
    std::string frame;
  };
  bool delays_;
  Dice dice_;
  std::deque<Waiting> waiting_;
};

}  // namespace flow::simulate
