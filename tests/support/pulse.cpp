#include "tests/support/pulse.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "compiler/base/check.h"

namespace flow::test {

using namespace std::chrono_literals;

// What it printed; nothing if it failed.
static auto output_of(const std::vector<std::string>& command) -> std::string {
  const auto ended = Process{command}.end(20s);
  return ended.code == 0 ? ended.out : std::string{};
}

auto Pulse::is_installed() -> bool { return !output_of({"pulseaudio", "--version"}).empty() && !output_of({"pactl", "--version"}).empty(); }

Pulse::Pulse() {
  auto name = (std::filesystem::temp_directory_path() / "flow-pulse-XXXXXX").string();
  FLOW_ASSERT(::mkdtemp(name.data()) != nullptr);
  folder_ = name;
  const auto socket = folder_ + "/native";
  ::setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
  ::setenv("PULSE_SERVER", ("unix:" + socket).c_str(), 1);
  ::setenv("HOME", folder_.c_str(), 1);
  server_.emplace(std::vector<std::string>{"pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "--realtime=no",
                   "--high-priority=no", "-L", "module-native-protocol-unix auth-anonymous=1 socket=" + socket});
  // Each question takes pactl some milliseconds; a server needs a fifth of a second.
  for (int tries = 0; output_of({"pactl", "info"}).empty(); ++tries) FLOW_ASSERT(tries < 5'000, "pulseaudio does not come up");
}

Pulse::~Pulse() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Pulse::kill() { server_.reset(); }

// A null sink that rewinds what it has "played" stalls for a second when it begins.
auto Pulse::add_speaker(const std::string& name, int rate_hz, int channels) -> std::string {
  return output_of({"pactl", "load-module", "module-null-sink", "norewinds=1", "format=s16le", "sink_name=" + name, fmt::format("rate={}", rate_hz),
                    fmt::format("channels={}", channels), "sink_properties=device.description=" + name});
}

auto Pulse::add_microphone(const std::string& name, const std::string& speaker, int rate_hz, int channels) -> std::string {
  return output_of({"pactl", "load-module", "module-remap-source", "source_name=" + name, "master=" + speaker + ".monitor", fmt::format("rate={}", rate_hz),
                    fmt::format("channels={}", channels), "source_properties=device.description=" + name});
}

void Pulse::make_default(const std::string& speaker, const std::string& microphone) {
  output_of({"pactl", "set-default-sink", speaker});
  output_of({"pactl", "set-default-source", microphone});
}

void Pulse::unload(const std::string& module) { output_of({"pactl", "unload-module", module.substr(0, module.find_last_not_of(" \n") + 1)}); }

}  // namespace flow::test
