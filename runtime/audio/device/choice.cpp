#include "runtime/audio/device/choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace flow::audio::device {
namespace {

auto lower(std::string_view text) -> std::string {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return out;
}

auto as_number(std::string_view text) -> std::optional<std::size_t> {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

auto quoted(const std::vector<Device>& devices) -> std::string {
  std::string names;
  for (const auto& device : devices) names += fmt::format("{}`{}`", names.empty() ? "" : ", ", device.name);
  return names;
}

constexpr auto SeeDevices = "`flowc devices` lists what there is";

}  // namespace

auto has(const Device& device, Side side) -> bool { return (side == Side::Input ? device.inputs : device.outputs) > 0; }

auto is_default(const Device& device, Side side) -> bool {
  return has(device, side) && (side == Side::Input ? device.default_input : device.default_output);
}

auto word(Side side) -> std::string_view { return side == Side::Input ? "microphone" : "speaker"; }

auto choose(const std::vector<Device>& devices, Side side, std::string_view wanted) -> Result<Device> {
  std::vector<Device> fit;
  std::ranges::copy_if(devices, std::back_inserter(fit), [&](const Device& device) { return has(device, side); });
  if (fit.empty()) {
    return failure("R0310", fmt::format("there is no {}", word(side)), "plug one in; `flowc devices` lists what there is");
  }
  if (wanted.empty()) {
    const auto found = std::ranges::find_if(fit, [&](const Device& device) { return is_default(device, side); });
    return found != fit.end() ? *found : fit.front();
  }
  if (const auto number = as_number(wanted)) {
    if (*number < 1 || *number > devices.size()) {
      return failure("R0311", fmt::format("there is no device number {}", wanted), SeeDevices);
    }
    const auto& device = devices[*number - 1];
    if (has(device, side)) return device;
    return failure("R0311", fmt::format("device {} (`{}`) is no {}", wanted, device.name, word(side)), SeeDevices);
  }
  const auto exact = std::ranges::find(fit, wanted, &Device::name);
  if (exact != fit.end()) return *exact;
  std::erase_if(fit, [&](const Device& device) { return lower(device.name).find(lower(wanted)) == std::string::npos; });
  if (fit.size() == 1) return fit.front();
  if (fit.empty()) return failure("R0311", fmt::format("no {} has `{}` in its name", word(side), wanted), SeeDevices);
  return failure("R0311", fmt::format("`{}` can be {}", wanted, quoted(fit)), "give more of the name, or the number that `flowc devices` prints");
}

}  // namespace flow::audio::device
