#include "runtime/net/clock.h"

namespace flow::net {

namespace {

class SteadyClock final : public Clock {
 public:
  auto now() const -> Time override { return std::chrono::steady_clock::now(); }
  auto runs() const -> bool override { return true; }
};

}  // namespace

auto steady_clock() -> const Clock& {
  static const SteadyClock clock;
  return clock;
}

}  // namespace flow::net
