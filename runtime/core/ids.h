#pragma once
// Names of what a call is made of. All are counters given out by the session or, for what the service names, by the
// dialect that keeps the service's own names; the core never sees a string id.

#include <chrono>
#include <compare>
#include <cstdint>

namespace flow::core {

using Millis = std::chrono::milliseconds;

// Time as the session knows it: since the call's first event. It never runs backwards.
struct Instant {
  Millis since_start{0};
  auto operator<=>(const Instant&) const = default;
  friend auto operator+(Instant at, Millis after) -> Instant { return {at.since_start + after}; }
  friend auto operator-(Instant a, Instant b) -> Millis { return a.since_start - b.since_start; }
};

template <class Tag>
struct Number {
  std::uint32_t n = 0;  // 0: none
  constexpr explicit operator bool() const { return n != 0; }
  auto operator<=>(const Number&) const = default;
};

using Epoch = Number<struct EpochTag>;            // one life of a link; what an older one says is ignored
using ResponseId = Number<struct ResponseTag>;    // the service's, numbered as they appear
using ItemId = Number<struct ItemTag>;            // the service's and ours, numbered as they appear: see FirstOwnItem
using FunctionCallId = Number<struct CallTag>;    // the service's, numbered as they appear
using AskId = Number<struct AskTag>;              // one `response.create` of ours: its tag on the wire
using ConfigId = Number<struct ConfigTag>;        // one configuration of ours
using JobId = Number<struct JobTag>;              // one run of a tool
using TimerId = Number<struct TimerTag>;
using MarkId = Number<struct MarkTag>;
using FlushId = Number<struct FlushTag>;
using TransferId = Number<struct TransferTag>;    // one order to a channel to give the call away

// Items that the session makes are numbered from here, so that both sides can count without asking.
inline constexpr std::uint32_t FirstOwnItem = 1'000'000;

// A count of samples; never of bytes. 24 000 a second, mono.
struct Samples {
  std::int64_t count = 0;
  auto operator<=>(const Samples&) const = default;
  friend auto operator+(Samples a, Samples b) -> Samples { return {a.count + b.count}; }
  friend auto operator-(Samples a, Samples b) -> Samples { return {a.count - b.count}; }
};
inline constexpr std::int64_t SamplesPerMs = 24;

// Rounds down: never claims that the caller heard what is still in the device.
constexpr auto to_ms(Samples n) -> Millis { return Millis{n.count / SamplesPerMs}; }
constexpr auto to_samples(Millis ms) -> Samples { return Samples{ms.count() * SamplesPerMs}; }

}  // namespace flow::core
