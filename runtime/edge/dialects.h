#pragma once
// Which protocol a connection speaks: the one list of providers that can be called.

#include "runtime/edge/call.h"

namespace flow::edge {

// Null if nothing here speaks to that provider.
auto dialect_of(std::string_view provider) -> MakeDialect;

}  // namespace flow::edge
