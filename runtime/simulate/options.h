#pragma once
// How the simulated service behaves. Everything that could be chance comes from `seed`: the same seed and the same
// client events at the same times give the same bytes.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/base/result.h"

namespace flow::simulate {

using Millis = std::chrono::milliseconds;

// What it does wrong, on request. All of it is permitted by the protocol or is what networks and services do.
struct Chaos {
  bool delay = false;    // events wait up to half a second now and then
  bool reorder = false;  // events without a fixed place (transcriptions, rate limits, twin `done`s) change places
  bool drop = false;     // the connection is lost in the middle of a response now and then
  bool error = false;    // a response fails with `server_error` now and then
  auto any() const -> bool { return delay || reorder || drop || error; }
  auto operator==(const Chaos&) const -> bool = default;
};

// Reads "delay,reorder,drop,error", any of them, in any order. Another word fails with `R0121`.
auto read_chaos(std::string_view words) -> Result<Chaos>;

struct Options {
  std::uint64_t seed = 1;
  Millis latency_min{200};          // from `response.created` to the first delta
  Millis latency_max{400};
  double pace = 5.0;                // how many times faster than real time audio is sent
  Millis lifetime{60 * 60 * 1000};  // of a connection
  std::int64_t opened_at = 0;       // unix seconds when the connection opened; `session.expires_at` counts from it
  std::string locale = "en-US";     // what the voice speaks if the session names no language
  std::int64_t tokens_a_minute = 2'000'000;  // beyond it responses fail with `rate_limit_exceeded`
  std::string required_key;         // empty: any key, or none, is accepted
  std::string script;               // what the model says to what; empty: it works from the tools. See script.h
  Chaos chaos;
};

}  // namespace flow::simulate
