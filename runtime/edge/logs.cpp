#include "runtime/edge/logs.h"

#include <fmt/format.h>

namespace flow::edge {

void WireLog::frame(wire::Direction direction, std::string_view frame, core::Instant now) {
  line_.clear();
  wire::log_line(now.since_start, direction, frame, line_);
  file_.append(line_);
}

void TraceLog::happened(const core::Event& event, core::Instant) { trace_.note(event); }

void TraceLog::ordered(const core::Effect& effect, core::Instant now) { file_.append(trace_.line(effect, now)); }

void TraceLog::delayed(const telemetry::Delay& delay) { file_.append(telemetry::Trace::line(delay)); }

void TraceLog::measured(Latency what, std::chrono::microseconds took, core::Instant now) {
  const auto* name = what == Latency::Injection ? "injection" : "silence";
  file_.append(fmt::format(R"({{"t_ms":{},"measured":"{}","us":{}}})"
                           "\n",
                           now.since_start.count(), name, took.count()));
}

}  // namespace flow::edge
