#pragma once
// The lines of `--trace`: one JSON object a decision. docs/reference/trace.md is their reference.

#include <string>

#include "runtime/telemetry/delays.h"
#include "runtime/telemetry/jobs.h"
#include "runtime/telemetry/personal.h"

namespace flow::telemetry {

class Trace {
 public:
  // `program` must outlive the trace.
  explicit Trace(const ir::Program& program) : program_(&program), jobs_(program), personal_(program) {}

  // Every event, before the effects of it: what is personal in it is not shown (personal.h).
  void note(const core::Event& event) { personal_.note(event); }

  // The line of a decision, with its newline; empty for every other effect. All effects are to be shown, in order.
  //
  //   {"t_ms":6012,"decision":"tool.ready","job":1,"tool":"lookup_orders","duration_ms":3101}
  //
  // `t_ms` counts from the start of the call. A member that has nothing to say is left out, but for `duration_ms`: it is
  // there whenever the decision measures something.
  auto line(const core::Effect& effect, core::Instant now) -> std::string;

  // The line of a delay that the caller felt.
  //
  //   {"t_ms":6900,"delay":"reply","from_ms":6012,"duration_ms":888,"stages":{"endpointing":520,"deciding":1,…}}
  static auto line(const Delay& delay) -> std::string;

 private:
  const ir::Program* program_;
  JobNames jobs_;
  Personal personal_;
};

}  // namespace flow::telemetry
