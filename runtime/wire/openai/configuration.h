#pragma once
// What Configure says, as a session object.

#include "runtime/wire/openai/link.h"
#include "runtime/wire/openai/session.h"

namespace flow::wire::openai {

// Remembers voice and speed in `link`, to send them only when they change.
auto to_session(const core::Configure& order, Link& link) -> RealtimeSession;

}  // namespace flow::wire::openai
