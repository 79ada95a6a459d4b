#pragma once
// Which device is meant. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/audio/device/backend.h"

namespace flow::audio::device {

// `wanted` is empty for the default, else a number as `flowc devices` prints it (from 1), a name, or a part of one in
// any case. R0310: there is none of that side at all. R0311: none is meant, or several are.
auto choose(const std::vector<Device>& devices, Side side, std::string_view wanted) -> Result<Device>;

auto has(const Device& device, Side side) -> bool;
auto is_default(const Device& device, Side side) -> bool;
auto word(Side side) -> std::string_view;  // microphone, speaker

}  // namespace flow::audio::device
