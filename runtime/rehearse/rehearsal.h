#pragma once
// Runs one test: its script on the stage, then what it expects. Pure; a call of minutes takes milliseconds.

#include <set>
#include <string>
#include <vector>

#include "compiler/ir/test.h"
#include "runtime/rehearse/coverage.h"
#include "runtime/rehearse/stage.h"

namespace flow::rehearse {

struct Failure {
  enum class Kind {
    Expectation,  // what should follow did not
    Step,         // a step had no moment to happen
    Law,          // the runtime broke what holds for every call
  };
  Kind kind = Kind::Expectation;
  Span at;
  std::string text;                  // what is wrong, in the words of a message
  std::vector<std::string> instead;  // what happened, a line each
  core::Instant around;              // where in the call to look
};

// Where a call was when a step's turn came: the time, and what its `after` counts from.
struct Reached {
  core::Instant at, mark;
};

struct Played {
  std::vector<Failure> failures;     // empty: the test passed
  std::vector<Moment> moments;
  std::vector<Reached> reached;      // by step, as far as it came
  core::Instant script_over;         // what comes later is the end that every test gets
  Covered covered;
  auto passed() const -> bool { return failures.empty(); }
};

// `program` is that of ir::Tests.
auto rehearse(const ir::Program& program, const ir::Test& test) -> Played;

}  // namespace flow::rehearse
