#pragma once
// Connections that a request has left open for the next one to the same place. For this folder only.

#include <optional>
#include <string>
#include <vector>

#include "runtime/net/dial.h"

namespace flow::net {

class IdleConnections {
 public:
  static constexpr std::size_t Max = 16;         // of a loop; the oldest is closed
  static constexpr Millis KeptFor{15'000};       // services close theirs after some time, and we had better be first

  static auto of(Loop& loop) -> IdleConnections&;
  // What tells two places apart: also the proxy and whom we trust.
  static auto key(const Route& route) -> std::string;

  // One that is still there and silent.
  auto take(const std::string& key, Time now) -> std::optional<AnyStream>;
  void put(std::string key, AnyStream stream, Time now);

 private:
  struct Idle {
    std::string key;
    AnyStream stream;
    Time until;
  };
  void close_old(Time now);

  std::vector<Idle> all_;  // the oldest first
};

}  // namespace flow::net
