#pragma once
// The figures of a whole call, for the lines under the timeline.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/event.h"
#include "runtime/telemetry/jobs.h"

namespace flow::telemetry {

class Figures {
 public:
  // `program` must outlive the figures.
  explicit Figures(const ir::Program& program) : jobs_(program) {}

  // All events and effects are to be shown, in order.
  void on(const core::Event& event, core::Instant now);
  void on(const core::Effect& effect, core::Instant now);

  // Some lines, each with its newline; nothing is said of what did not happen.
  auto text() const -> std::string;

 private:
  struct Runs {
    int runs = 0;
    std::vector<core::Millis> ready;     // since the start
    std::vector<core::Millis> injected;  // since ready
    int heard = 0, failed = 0;
  };

  void decided(const core::Decided& decided, core::Instant now);

  JobNames jobs_;
  core::Instant last_;
  std::vector<core::Millis> replies_;    // from the caller's complete turn to the voice
  std::vector<core::Millis> silences_;   // from the caller's first sound to an agent that is silent
  std::optional<core::Instant> spoke_;   // the caller, into the agent's speech
  int cuts_ = 0;
  std::map<std::string, Runs, std::less<>> tools_;
  core::Usage usage_;
};

}  // namespace flow::telemetry
