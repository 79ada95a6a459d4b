// The tests of the flows that ship pass, and leave nothing of those flows out.

#include <catch2/generators/catch_generators.hpp>

#include "tests/runtime/rehearse/playing.h"
#include "tests/support/places.h"

using namespace flow;

namespace {

auto tests_of(const std::string& path) -> lower::Compiled {
  auto result = lower::compile(test::source_dir() + "/" + path);
  INFO(diag::render(result.checked.report, result.checked.sources));
  REQUIRE(result.program);
  return result;
}

// Those of the library have tests of their own.
void expect_own_handlers(const ir::Program& program, const rehearse::Covered& covered, const rehearse::Covered& all) {
  for (const auto handler : all.handlers) {
    const auto& declared = program.handlers[Id<ir::Handler>{handler}].declared_at;
    INFO("handler " << handler);
    if (!program.files[declared.file.n].starts_with("std/")) CHECK(covered.handlers.contains(handler));
  }
}

}  // namespace

constexpr const char* Flows[] = {"flows/support/support.test.flow", "flows/appointments/appointments.test.flow"};

TEST_CASE("the calls of the flows that ship go as their tests say") {
  const auto* path = GENERATE(Flows[0], Flows[1]);
  INFO(path);
  const auto compiled = tests_of(path);
  CHECK(compiled.tests.tests.size() > 20);
  for (const auto& each : compiled.tests.tests) {
    INFO(each.title);
    const auto played = rehearse::rehearse(compiled.tests.program, each);
    for (const auto& failure : played.failures) UNSCOPED_INFO(failure.text);
    CHECK(played.passed());
  }
}

TEST_CASE("the tests of the flows that ship have been in every agent, edge and policy cell") {
  const auto* path = GENERATE(Flows[0], Flows[1]);
  INFO(path);
  const auto compiled = tests_of(path);
  const auto& program = compiled.tests.program;
  rehearse::Covered covered;
  for (const auto& each : compiled.tests.tests) covered.add(rehearse::rehearse(program, each).covered);
  const auto all = rehearse::coverable(program);
  CHECK(covered.agents == all.agents);
  CHECK(covered.handoffs == all.handoffs);
  for (const auto& [tool, cell] : all.cells) {
    INFO(program.tools[Id<ir::Tool>{tool}].name << ": " << rehearse::to_word(cell));
    CHECK(covered.cells.contains({tool, cell}));
  }
}

TEST_CASE("the tests of the planning desk pass, and have been in every agent, edge, handler and policy cell") {
  const auto compiled = tests_of("flows/plans/plans.test.flow");
  rehearse::Covered covered;
  for (const auto& each : compiled.tests.tests) {
    INFO(each.title);
    const auto played = rehearse::rehearse(compiled.tests.program, each);
    for (const auto& failure : played.failures) UNSCOPED_INFO(failure.text);
    CHECK(played.passed());
    covered.add(played.covered);
  }
  const auto all = rehearse::coverable(compiled.tests.program);
  CHECK(covered.agents == all.agents);
  CHECK(covered.handoffs == all.handoffs);
  expect_own_handlers(compiled.tests.program, covered, all);
  for (const auto& [tool, cell] : all.cells) {
    INFO(compiled.tests.program.tools[Id<ir::Tool>{tool}].name << ": " << rehearse::to_word(cell));
    CHECK(covered.cells.contains({tool, cell}));
  }
}

TEST_CASE("the tests of the bank's phone line pass, and have been in every agent, edge, handler, rule and policy cell") {
  const auto compiled = tests_of("flows/bank/bank.test.flow");
  rehearse::Covered covered;
  for (const auto& each : compiled.tests.tests) {
    INFO(each.title);
    const auto played = rehearse::rehearse(compiled.tests.program, each);
    for (const auto& failure : played.failures) UNSCOPED_INFO(failure.text);
    CHECK(played.passed());
    covered.add(played.covered);
  }
  const auto& program = compiled.tests.program;
  const auto all = rehearse::coverable(program);
  CHECK(covered.agents == all.agents);
  CHECK(covered.handoffs == all.handoffs);
  CHECK(covered.rules == all.rules);
  expect_own_handlers(program, covered, all);
  for (const auto& [tool, cell] : all.cells) {
    INFO(program.tools[Id<ir::Tool>{tool}].name << ": " << rehearse::to_word(cell));
    CHECK(covered.cells.contains({tool, cell}));
  }
}

TEST_CASE("the tests of the examples pass") {
  std::size_t count = 0;
  for (const auto* path : {"examples/02_background_tool/weather.flow", "examples/03_policies/policies.test.flow", "examples/04_handoffs/handoffs.test.flow", "examples/06_forms/returns.test.flow", "examples/07_transfer/transfer.test.flow", "examples/08_services/services.flow"}) {
    const auto compiled = tests_of(path);
    for (const auto& each : compiled.tests.tests) {
      INFO(path << ": " << each.title);
      const auto played = rehearse::rehearse(compiled.tests.program, each);
      for (const auto& failure : played.failures) UNSCOPED_INFO(failure.text);
      CHECK(played.passed());
      ++count;
    }
  }
  CHECK(count >= 17);
}

TEST_CASE("nothing is said to a caller who is being put through, not even the line that they spoke over") {
  const auto compiled = tests_of("tests/runtime/rehearse/put_through.test.flow");
  for (const auto& each : compiled.tests.tests) {
    const auto played = rehearse::rehearse(compiled.tests.program, each);
    for (const auto& failure : played.failures) UNSCOPED_INFO(failure.text);
    CHECK(played.passed());
  }
}
