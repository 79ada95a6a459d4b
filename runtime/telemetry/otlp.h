#pragma once
// A trace as OpenTelemetry's collectors take it: the JSON of OTLP over HTTP, the body of a POST to `/v1/traces`.

#include <string>
#include <vector>

#include "runtime/telemetry/spans.h"

namespace flow::telemetry {

struct TraceOf {
  std::string flow;     // the program's name
  std::string call;     // its name, which no other call has
  std::string started;  // wall time as a journal's first line has it, 2026-11-20T22:15:00Z; else 1970
};

// One JSON object, without an end of line. Ids come of the call's name and start alone, so that a call and its journal
// give the same trace. Times are as exact as `started`, a second, and among each other to the millisecond.
auto to_otlp(const std::vector<TraceSpan>& spans, const TraceOf& of) -> std::string;

}  // namespace flow::telemetry
