#pragma once
// What `flowc test` found, for people (a line a test, and all about those that failed) and for programs.

#include <optional>
#include <string>
#include <vector>

#include "compiler/base/source.h"
#include "compiler/ir/test.h"
#include "runtime/prove/fuzz.h"
#include "runtime/rehearse/rehearsal.h"

namespace flow::cli {

struct TestRun {
  const ir::Test* test = nullptr;
  rehearse::Played played;
  std::optional<prove::Fuzzed> fuzzed = {};  // with `--fuzz`
  auto passed() const -> bool { return played.passed() && (!fuzzed || fuzzed->law.empty()); }
};

// The tests of one flow. The pointers are good as long as what was compiled.
struct FlowTests {
  std::string flow;
  const ir::Program* program = nullptr;
  const Sources* sources = nullptr;
  std::vector<TestRun> runs;
};

// `✓ title  (12 s of a call)`, with its newline.
auto test_line(const TestRun& run, bool colour) -> std::string;
// Each failure at its place in the source, what happened instead, and the call around it. Empty if the test passed.
auto test_failures(const FlowTests& tests, const TestRun& run, bool colour, std::size_t width) -> std::string;

// The law that a disturbed test broke, and the call as a test; empty if there is none.
auto fuzz_failure(const FlowTests& tests, const TestRun& run, bool colour) -> std::string;

auto tests_as_json(const std::vector<FlowTests>& all) -> std::string;
auto tests_as_junit(const std::vector<FlowTests>& all) -> std::string;

}  // namespace flow::cli
