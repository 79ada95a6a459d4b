#pragma once
// Who looks on while a call is held or told again: the timeline, the figures, the trace, the picture.

#include <optional>
#include <string>

#include "cli/console.h"
#include "cli/live_line.h"
#include "runtime/edge/observer.h"
#include "runtime/store/replay.h"
#include "runtime/telemetry/figures.h"
#include "runtime/telemetry/otlp.h"
#include "runtime/telemetry/scene.h"
#include "runtime/telemetry/timeline.h"
#include "runtime/telemetry/trace.h"

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

// What a recorded call is made into. The timeline as one page.
class PageOnlooker final : public edge::Observer {
 public:
  PageOnlooker(const ir::Program& program, const Console& console) : timeline_(program, {.colour = console.colour, .width = console.width}) {}
  void happened(const core::Event& event, core::Instant now) override { text_ += timeline_.on(event, now); }
  void ordered(const core::Effect& effect, core::Instant now) override { text_ += timeline_.on(effect, now); }

  auto text() const -> const std::string& { return text_; }

 private:
  telemetry::Timeline timeline_;
  std::string text_;
};

// The lines of `--trace`.
class LinesOnlooker final : public edge::Observer {
 public:
  explicit LinesOnlooker(const ir::Program& program) : trace_(program) {}
  void happened(const core::Event& event, core::Instant) override { trace_.note(event); }
  void ordered(const core::Effect& effect, core::Instant now) override { text_ += trace_.line(effect, now); }
  void delayed(const telemetry::Delay& delay) override { text_ += telemetry::Trace::line(delay); }

  auto text() const -> const std::string& { return text_; }

 private:
  telemetry::Trace trace_;
  std::string text_;
};

// What a picture shows.
class SketchOnlooker final : public edge::Observer {
 public:
  SketchOnlooker(const ir::Program& program, std::string title) : sketch_(program, std::move(title)) {}
  void ordered(const core::Effect& effect, core::Instant now) override { sketch_.on(effect, now); }
  void delayed(const telemetry::Delay& delay) override { sketch_.delayed(delay); }

  auto hear() -> store::Hear;  // takes the sound; this outlives it
  auto scene() -> telemetry::Scene { return sketch_.scene(); }

 private:
  telemetry::Sketch sketch_;
};

// The call as a trace for a collector.
class SpansOnlooker final : public edge::Observer {
 public:
  explicit SpansOnlooker(const ir::Program& program) : spans_(program) {}
  void happened(const core::Event& event, core::Instant now) override { spans_.on(event, now); }
  void ordered(const core::Effect& effect, core::Instant now) override { spans_.on(effect, now); }
  void delayed(const telemetry::Delay& delay) override { spans_.delayed(delay); }

  auto otlp(const std::string& flow, const std::string& started) const -> std::string { return telemetry::to_otlp(spans_.spans(), {flow, spans_.call(), started}); }

 private:
  telemetry::Spans spans_;
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
