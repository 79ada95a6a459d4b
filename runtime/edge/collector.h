#pragma once
// Sends a trace to a collector, by OTLP over HTTP, when the call is over. Nobody waits for it but its own deadline.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "compiler/base/result.h"
#include "runtime/net/endpoint.h"
#include "runtime/net/loop.h"

namespace flow::edge {

struct Collector {
  std::string url;             // without `/v1/traces`
  net::Proxies proxies = {};
  std::chrono::milliseconds deadline{3'000};
};

// R0407 if the collector is away, refuses the trace or takes a part of it only. `done` is called once, on the loop's thread,
// never inside this call; what comes back keeps the request alive.
auto send_trace(net::Loop& loop, const Collector& to, std::string otlp, std::function<void(Result<void>)> done) -> std::shared_ptr<void>;

}  // namespace flow::edge
