#pragma once
// What a key means while somebody speaks with a device. Pure.

#include <optional>
#include <string_view>
#include <variant>

#include "runtime/core/event.h"

namespace flow::channels {

struct ToggleMute {};
struct ToggleTalk {};  // begins what the caller says, and ends it: terminals do not tell when a key is let go
using Key = std::variant<ToggleMute, ToggleTalk, core::DigitPressed, core::CallerHungUp>;

// m, space, the keys of a phone, q. Nothing for all others.
auto read_key(char key) -> std::optional<Key>;

}  // namespace flow::channels
