#pragma once
// A PulseAudio server of a test's own: virtual speakers and microphones, no hardware. Reached only by this process and
// what it starts; gone with this object.

#include <optional>
#include <string>

#include "tests/support/process.h"

namespace flow::test {

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
  // Where a test may put files of its own; goes with the server.
  auto folder() const -> const std::string& { return folder_; }
  // The server ends at once, as if it crashed.
  void kill();

 private:
  std::string folder_;
  std::optional<Process> server_;
};

}  // namespace flow::test
