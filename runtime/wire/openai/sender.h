#pragma once
// Effects to client events.

#include "runtime/wire/openai/client_event.h"
#include "runtime/wire/openai/link.h"

namespace flow::wire::openai {

// What `effect` is as an event, in order; none if it has none, or names what this link never had (counted).
auto to_client_events(const core::Effect& effect, Link& link) -> std::vector<client::Event>;

}  // namespace flow::wire::openai
