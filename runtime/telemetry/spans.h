#pragma once
// A call as a trace: the stretches of time that a collector of traces shows as bars, one inside the other. The call holds
// each agent's stay, each way to another agent or out, and each run of a tool and each wait of the caller within the stay
// in which it began.
//
// Names follow the field where it has names for it (OpenTelemetry's `gen_ai.…`); ours begin with `flow.`. A span says
// who, what and how long, never what was said: no words, no arguments, no results, no reasons.

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/core/event.h"
#include "runtime/telemetry/delays.h"
#include "runtime/telemetry/jobs.h"

namespace flow::telemetry {

struct TraceSpan {
  enum class Kind { Internal, Server };
  std::string name;
  Kind kind = Kind::Internal;
  std::optional<std::size_t> parent;  // its place in the list; none: the call
  core::Instant from, until;
  Value::Record attributes;
  std::string error;                  // what kind of failure it came to; empty: none
  auto operator==(const TraceSpan&) const -> bool = default;
};

class Spans {
 public:
  // `program` must outlive it.
  explicit Spans(const ir::Program& program);

  // All of these in the order of what happens.
  void on(const core::Event& event, core::Instant now);
  void on(const core::Effect& effect, core::Instant now);
  void delayed(const Delay& delay);

  // The call first; a parent stands before what is in it. What was begun and is not over ends with the call.
  auto spans() const -> std::vector<TraceSpan>;
  auto call() const -> const std::string& { return call_; }  // its name

 private:
  struct Run {
    core::JobId job;
    std::size_t span;
    bool done = false;  // it has its result or will have none
  };

  void decided(const core::Decided& decided, core::Instant now);
  void tool(const core::Decided& decided, core::Instant now);
  void way(const std::string& name, core::Instant now);
  void way_ends(core::Instant now, std::string error = {});
  void stay(Id<ir::Agent> agent, core::Instant now);
  auto begin(TraceSpan span) -> std::size_t;
  void end(std::size_t span, core::Instant now);
  auto stay_at(core::Instant at) const -> std::size_t;

  const ir::Program* program_;
  JobNames jobs_;
  std::string call_;
  std::vector<TraceSpan> spans_;
  std::vector<bool> open_;           // by span
  std::vector<std::size_t> stays_;   // of agents, in order
  std::optional<std::size_t> way_;   // to another agent, or out of here
  std::vector<Run> runs_;
  std::vector<core::Millis> replies_;
  core::Usage usage_;
  std::optional<double> cost_;
};

}  // namespace flow::telemetry
