#include "tests/support/pulse.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "compiler/base/check.h"

namespace flow::test {
namespace {

auto arguments(const std::vector<std::string>& command) -> std::vector<char*> {
  std::vector<char*> out;
  for (const auto& word : command) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

// Input and output lead nowhere, but for `output` if it is one.
auto start(const std::vector<std::string>& command, int output = -1) -> pid_t {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {0, 1, 2}) posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
  if (output >= 0) posix_spawn_file_actions_adddup2(&actions, output, 1);
  pid_t child = -1;
  const int failed = posix_spawnp(&child, command.front().c_str(), &actions, nullptr, arguments(command).data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? child : -1;
}

}  // namespace

auto output_of(const std::vector<std::string>& command) -> std::string {
  std::array<int, 2> pipe{};
  FLOW_ASSERT(::pipe2(pipe.data(), O_CLOEXEC) == 0);
  const auto child = start(command, pipe[1]);
  ::close(pipe[1]);
  std::string text;
  std::array<char, 4096> bytes{};
  for (ssize_t count = 0; (count = ::read(pipe[0], bytes.data(), bytes.size())) > 0;) text.append(bytes.data(), static_cast<std::size_t>(count));
  ::close(pipe[0]);
  int status = -1;
  if (child > 0) ::waitpid(child, &status, 0);
  return status == 0 ? text : std::string{};
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
  server_ = start({"pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "--realtime=no",
                   "--high-priority=no", "-L", "module-native-protocol-unix auth-anonymous=1 socket=" + socket});
  FLOW_ASSERT(server_ > 0);
  // Each question takes pactl some milliseconds; a server needs a fifth of a second.
  for (int tries = 0; output_of({"pactl", "info"}).empty(); ++tries) FLOW_ASSERT(tries < 5'000, "pulseaudio does not come up");
}

Pulse::~Pulse() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Pulse::kill() {
  if (server_ < 0) return;
  ::kill(server_, SIGKILL);
  ::waitpid(server_, nullptr, 0);
  server_ = -1;
}

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
