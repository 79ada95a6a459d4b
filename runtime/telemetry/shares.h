#pragma once
// Many delays in a few lines: how long, and which stage has which share of it.

#include <span>
#include <string>

#include "runtime/telemetry/delays.h"

namespace flow::telemetry {

// For each kind of delay that there is:
//
//   replies     412 ms p50, 1.2 s p95, 1.2 s worst of 6, from the caller's last sound to the agent's first
//                 endpointing  320 ms   61 %  ████████████████████
//                 first audio  180 ms   34 %  ███████████
//                 device out    20 ms    5 %  █▋
//
// A stage's time is its median; its share is of the time of all delays, a bar of 100 % has 32 columns. A stage with
// less than half a per cent is left out. The percentiles are delays that occurred (nearest rank).
auto shares_text(std::span<const Delay> delays) -> std::string;

}  // namespace flow::telemetry
