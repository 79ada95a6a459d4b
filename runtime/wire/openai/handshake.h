#pragma once
// Where the service is asked for, and how.

#include "runtime/wire/dialect.h"

namespace flow::wire::openai {

// `url`: empty: the service's own. What it lacks of path and model is added. An empty `key` gives no auth header, which
// a service on one's own machine does not ask for.
auto handshake_of(std::string_view url, std::string_view model, std::string_view key) -> Handshake;

}  // namespace flow::wire::openai
