#pragma once
// Where the service is asked for, and how.

#include "runtime/wire/dialect.h"

namespace flow::wire::openai {

// Whose service it is: the vendor's own, or a deployment of its model on Azure, which has another path and another header.
enum class Host { OpenAi, Azure };

// `url`: empty: the vendor's own. What it lacks of path and model is added. An empty `key` gives no auth header, which
// a service on one's own machine does not ask for. An address on Azure is one whatever the host.
auto handshake_of(Host host, std::string_view url, std::string_view model, std::string_view key) -> Handshake;

}  // namespace flow::wire::openai
