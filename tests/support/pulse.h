#pragma once
// A PulseAudio server of a test's own: virtual speakers and microphones, no hardware. Reached only by this process and
// what it starts; gone with this object.

#include <sys/types.h>

#include <string>
#include <vector>

namespace flow::test {

// Runs a program found on the PATH; returns what it printed, or nothing if it failed.
auto output_of(const std::vector<std::string>& command) -> std::string;

class Pulse {
 public:
  // False: PulseAudio is not installed, and a test that needs it is to be skipped.
  static auto is_installed() -> bool;

  // Sets PULSE_SERVER and XDG_RUNTIME_DIR of this process. Asserts that the server comes up.
  Pulse();
  ~Pulse();
  Pulse(const Pulse&) = delete;
  auto operator=(const Pulse&) -> Pulse& = delete;

  // A virtual speaker; what it plays can be heard at the microphone `NAME.monitor`. Returns the module's number.
  auto add_speaker(const std::string& name, int rate_hz = 24'000, int channels = 1) -> std::string;
  // A virtual microphone that hears what `speaker` plays.
  auto add_microphone(const std::string& name, const std::string& speaker, int rate_hz = 24'000, int channels = 1) -> std::string;
  void make_default(const std::string& speaker, const std::string& microphone);
  void unload(const std::string& module);
  // The server ends at once, as if it crashed.
  void kill();

 private:
  std::string folder_;
  pid_t server_ = -1;
};

}  // namespace flow::test
