#pragma once
// How loud caller and agent are, in one line.

#include <string>

#include "runtime/channels/device.h"

namespace flow::cli {

// `  you ▮▮▮▮▮▯▯▯▯▯  agent ▮▮▯▯▯▯▯▯▯▯  m mutes, q hangs up`; 60 dB a bar. `talk_key`: turns are made by one.
auto meter_text(const channels::Device::Meter& meter, bool talk_key) -> std::string;

}  // namespace flow::cli
