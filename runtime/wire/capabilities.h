#pragma once
// What a link can do, from the one list of what services can do (compiler/ir/providers.h).

#include <string_view>

#include "runtime/core/event.h"

namespace flow::wire {

// Of a service that the list does not have: what the language takes for granted.
auto capabilities_of(std::string_view provider) -> core::Capabilities;

}  // namespace flow::wire
