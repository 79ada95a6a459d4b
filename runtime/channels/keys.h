#pragma once
// What a key means while somebody speaks with a device. Pure.

#include <optional>
#include <string_view>
#include <variant>

#include "runtime/core/event.h"

namespace flow::channels {

struct ToggleMute {};
using Key = std::variant<ToggleMute, core::DigitPressed, core::CallerHungUp>;

// m, the keys of a phone, q. Nothing for all others.
auto read_key(char key) -> std::optional<Key>;

}  // namespace flow::channels
