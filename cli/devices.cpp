#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "runtime/audio/device/choice.h"
#include "runtime/audio/device/rtaudio.h"
#include "runtime/audio/device/sound.h"
#include "runtime/json/json.h"

namespace flow::cli {
namespace {

using audio::device::Side;

auto side_words(const audio::device::Device& device, Side side) -> std::string {
  if (!has(device, side)) return "-";
  return is_default(device, side) ? "default" : "yes";
}

auto table(const std::vector<audio::device::Device>& devices) -> std::string {
  std::string text = fmt::format("  {:>2}  {:<10}  {:<8}  {:>6}  {:<6}  {}\n", "#", "microphone", "speaker", "Hz", "system", "name");
  for (std::size_t n = 0; n < devices.size(); ++n) {
    const auto& device = devices[n];
    text += fmt::format("  {:>2}  {:<10}  {:<8}  {:>6}  {:<6}  {}\n", n + 1, side_words(device, Side::Input),
                        side_words(device, Side::Output), device.rate_hz, device.system, device.name);
  }
  return text + "\n  flowc run FLOW --audio device --input 2 --output usb    by number, or by a part of the name\n";
}

auto as_json(const std::vector<audio::device::Device>& devices) -> std::string {
  std::string text = "[";
  for (std::size_t n = 0; n < devices.size(); ++n) {
    const auto& device = devices[n];
    text += fmt::format(R"({}{{"number":{},"name":{},"inputs":{},"outputs":{},"default_input":{},"default_output":{},"rate_hz":{},"system":{}}})",
                        n == 0 ? "" : ",", n + 1, to_json(Value{device.name}), device.inputs, device.outputs, device.default_input,
                        device.default_output, device.rate_hz, to_json(Value{device.system}));
  }
  return text + "]\n";
}

}  // namespace

auto perform(const Devices& asked, const Console& console) -> int {
  net::Loop loop;
  audio::device::Sound sound(loop, audio::device::rtaudio_backend(asked.verbose));
  int code = 0;
  sound.list([&](Result<std::vector<audio::device::Device>> devices) {
    if (devices) console.print(asked.json ? as_json(*devices) : table(*devices));
    else console.fail(devices.error());
    code = devices ? 0 : 1;
    loop.stop();
  });
  loop.run();
  return code;
}

}  // namespace flow::cli
