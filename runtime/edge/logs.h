#pragma once
// The two logs of a call that other programs read: `--wire` and `--trace`.

#include "runtime/edge/log_file.h"
#include "runtime/edge/observer.h"
#include "runtime/telemetry/trace.h"

namespace flow::edge {

// Every event that went over the link, both ways, as it was.
class WireLog final : public Observer {
 public:
  explicit WireLog(LogFile& file) : file_(file) {}  // outlives it
  void frame(wire::Direction direction, std::string_view frame, core::Instant now) override;

 private:
  LogFile& file_;
  std::string line_;
};

// Every decision, and the delays that were measured: docs/reference/trace.md.
class TraceLog final : public Observer {
 public:
  TraceLog(LogFile& file, const ir::Program& program) : file_(file), trace_(program) {}  // both outlive it
  void happened(const core::Event& event, core::Instant now) override;
  void ordered(const core::Effect& effect, core::Instant now) override;
  void measured(Latency what, std::chrono::microseconds took, core::Instant now) override;
  void delayed(const telemetry::Delay& delay) override;

 private:
  LogFile& file_;
  telemetry::Trace trace_;
};

}  // namespace flow::edge
