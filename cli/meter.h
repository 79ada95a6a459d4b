#pragma once
// How loud caller and agent are, in one line.

#include <string>

#include "runtime/channels/device.h"

namespace flow::cli {

// `  you ▮▮▮▮▮▯▯▯▯▯  agent ▮▮▯▯▯▯▯▯▯▯  m mutes, q hangs up`; 60 dB a bar.
auto meter_text(const channels::Device::Meter& meter) -> std::string;

}  // namespace flow::cli
