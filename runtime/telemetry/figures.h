#pragma once
// The figures of a whole call, for the lines under the timeline.

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/event.h"
#include "runtime/telemetry/delays.h"
#include "runtime/telemetry/jobs.h"

namespace flow::telemetry {

class Figures {
 public:
  // `program` must outlive the figures.
  explicit Figures(const ir::Program& program) : program_(&program), jobs_(program) {}

  // All events and effects are to be shown, in order.
  void on(const core::Event& event, core::Instant now);
  void on(const core::Effect& effect, core::Instant now);

  // Delays that an edge measured by its own clock. A replayed call has none; then the call's own times stand in.
  void injected_in(std::chrono::microseconds took) { injections_.push_back(took); }
  void silent_in(std::chrono::microseconds took) { silences_.push_back(took); }

  // What the caller felt; then `replies` says where the time went instead of what the decisions know of it.
  void delayed(const Delay& delay) { delays_.push_back(delay); }

  // Some lines, each with its newline; nothing is said of what did not happen.
  auto text() const -> std::string;

 private:
  using Micros = std::chrono::microseconds;
  struct Runs {
    int runs = 0;
    std::vector<Micros> ready;     // since the start
    int heard = 0, failed = 0;
  };

  void decided(const core::Decided& decided, core::Instant now);
  auto cost() const -> std::string;

  const ir::Program* program_;
  JobNames jobs_;
  core::Instant last_;
  std::vector<Micros> replies_;     // from the caller's complete turn to the voice
  std::vector<Micros> silences_;    // from the caller's first sound to an agent that is silent
  std::vector<Micros> injections_;  // from the moment a result may be told to its first byte on the wire
  std::vector<Delay> delays_;
  int cuts_ = 0;
  std::map<std::string, Runs, std::less<>> tools_;
  core::Usage usage_;
  std::optional<double> spent_;      // what the call has cost
  std::optional<double> allowance_;  // ... and may cost, by the budget
};

}  // namespace flow::telemetry
