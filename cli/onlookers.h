#pragma once
// Who looks on while `flowc run` holds a call: the timeline on the terminal, the figures.

#include <optional>
#include <string>

#include "cli/console.h"
#include "cli/live_line.h"
#include "runtime/edge/observer.h"
#include "runtime/telemetry/figures.h"
#include "runtime/telemetry/timeline.h"

namespace flow::cli {

// The timeline, and problems as they come. Prints at once: a terminal is not slow for so few lines.
class TimelineOnlooker final : public edge::Observer {
 public:
  // `typed`: the caller types on this terminal, and the line they see already is taken back.
  TimelineOnlooker(const ir::Program& program, const Console& console, bool typed);

  void happened(const core::Event& event, core::Instant now) override;
  void ordered(const core::Effect& effect, core::Instant now) override;
  void problem(const Error& error, core::Instant now) override;

  // `flow.log` of a tool.
  void logged(core::JobId job, std::string_view words);

  // Below the timeline, in place: levels.
  auto live() -> LiveLine& { return live_; }

  // The first problem that makes the run a failed one: a script whose waiting was in vain, a device that was lost.
  auto failed() const -> const std::optional<Error>& { return failed_; }

 private:
  void show(const std::string& lines);

  const Console& console_;
  bool typed_;
  LiveLine live_;
  telemetry::Timeline timeline_;
  std::optional<Error> failed_;
  core::Instant now_;  // of the last thing that happened
};

class FiguresOnlooker final : public edge::Observer {
 public:
  explicit FiguresOnlooker(const ir::Program& program) : figures_(program) {}
  void happened(const core::Event& event, core::Instant now) override { figures_.on(event, now); }
  void ordered(const core::Effect& effect, core::Instant now) override { figures_.on(effect, now); }
  void measured(edge::Latency what, std::chrono::microseconds took, core::Instant now) override;
  void delayed(const telemetry::Delay& delay) override { figures_.delayed(delay); }

  auto text() const -> std::string { return figures_.text(); }

 private:
  telemetry::Figures figures_;
};

}  // namespace flow::cli
