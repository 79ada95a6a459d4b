#pragma once
// Keeps what is personal out of what people and other programs read of a call. A value is personal if the flow marks it
// `pii` or `secret`: a parameter of a tool, a field of the state, a field of a record in either or in a result. Once it was
// seen in the call it is replaced wherever it stands in words, as long as the call is.
//
// It knows values, not words that mean the same: "one oh one one five" is not 10115, and a caller's own words are shown
// until a tool was called with them.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/effect.h"
#include "runtime/core/event.h"

namespace flow::telemetry {

class Personal {
 public:
  // `program` must outlive it.
  explicit Personal(const ir::Program& program) : program_(&program) {}

  // Every event and effect, in order.
  void note(const core::Event& event);
  void note(const core::Effect& effect);

  // The words with `…` for each personal value.
  auto masked(std::string_view words) const -> std::string;

 private:
  void remember(const Value& value);
  void look(const Value& value, Id<ir::Type> type);
  void look(const Value& values, const std::vector<ir::Field>& fields);

  const ir::Program* program_;
  std::map<core::JobId, Id<ir::Tool>> tools_;
  std::vector<std::string> values_;  // the longest first
};

}  // namespace flow::telemetry
