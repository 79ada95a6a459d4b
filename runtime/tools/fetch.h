#pragma once
// How a tool asks the network; a test answers in its place.

#include <functional>
#include <memory>

#include "runtime/net/http.h"
#include "runtime/net/loop.h"

namespace flow::tools {

// What comes back keeps the request alive, and dropping it gives the request up. `done` is called once, on the loop's
// thread, never inside the call.
using Fetch = std::function<std::shared_ptr<void>(net::Loop&, net::HttpRequest, std::function<void(Result<net::HttpResponse>)> done)>;

// Connections are used again for the next request to the same place.
auto over_network(net::Proxies proxies) -> Fetch;

}  // namespace flow::tools
