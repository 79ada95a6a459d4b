#pragma once
// What `flowc test --generate` proposes: tests for what the tests of a flow are not in.

#include <string>

#include "cli/test_report.h"

namespace flow::cli {

struct Proposals {
  std::string text;     // the tests, laid out; for a file: with the imports that they need
  std::string summary;  // how many there are, and what none was found for
};

// The runs of `tests` say what is covered. `file`: where the text will stand; empty: nowhere.
auto propose_tests(const FlowTests& tests, const std::string& file) -> Proposals;

}  // namespace flow::cli
