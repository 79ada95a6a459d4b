// What `flowc test` prints, for people and for programs.

#include "cli/coverage_report.h"
#include "tests/runtime/rehearse/playing.h"

using namespace flow;
using namespace flow::cli;

namespace {

// One test that passes and one that fails, of the same flow.
struct Tested {
  lower::Compiled compiled = test::compiled(test::Shop +
                                            "test \"good & quick\" { caller presses \"0\" ; expect agent other }\n"
                                            "test \"bad\" { caller says \"Hello.\" ; expect call ended }\n");
  FlowTests tests{"shop.flow", &compiled.tests.program, &compiled.checked.sources, {}};

  Tested() {
    for (const auto& each : compiled.tests.tests) tests.runs.push_back({&each, rehearse::rehearse(compiled.tests.program, each)});
  }
};

auto has(const std::string& text, const std::string& part) -> bool {
  INFO(text);
  CHECK(text.find(part) != std::string::npos);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a test is one line, and a failed one shows its expectation and the call around it") {
  const Tested tested;
  has(test_line(tested.tests.runs[0], false), "✓ good & quick  (");
  has(test_line(tested.tests.runs[1], false), "✗ bad  (");
  CHECK(test_failures(tested.tests, tested.tests.runs[0], false, 0).empty());
  const auto text = test_failures(tested.tests, tested.tests.runs[1], false, 0);
  has(text, "error: this did not happen [R0601]");
  has(text, "expect call ended }\n");
  has(text, "^~~~");
  has(text, "caller     Hello.");
}

TEST_CASE("programs read the results as JSON and as JUnit XML") {
  const Tested tested;
  const auto json = tests_as_json({tested.tests});
  has(json, R"({"flows":[{"flow":"shop.flow","tests":[{"title":"good & quick","passed":true)");
  has(json, R"("failures":[{"code":"R0601","text":"this did not happen","file":"shop.flow","line":)");
  const auto xml = tests_as_junit({tested.tests});
  has(xml, "<testsuite name=\"shop.flow\" tests=\"2\" failures=\"1\">");
  has(xml, "name=\"good &amp; quick\"");
  has(xml, "<failure type=\"R0601\" message=\"this did not happen\">shop.flow:");
}

TEST_CASE("coverage counts agents, edges, handlers and policy cells, and names what no test is in") {
  const Tested tested;
  const auto report = coverage_of(tested.tests);
  CHECK(report.covered() > 0);
  CHECK(report.covered() < report.rows.size());
  CHECK(report.percent() > 0);
  CHECK(report.percent() < 100);
  const auto text = coverage_as_text(report);
  has(text, "agents          2 of   2");
  has(text, "no test: desk → other, when \"the caller wants the other one\"");
  has(text, "no test: on phrase \"full stop\"");
  has(text, "no test: look: timeout");
  CHECK(text.find("no test: desk → other, on dtmf \"0\"") == text.npos);
}

TEST_CASE("coverage is written as lcov and as a page") {
  const Tested tested;
  const auto report = coverage_of(tested.tests);
  const auto lcov = coverage_as_lcov({report});
  CHECK(lcov.starts_with("TN:\nSF:shop.flow\nBRDA:"));
  CHECK(lcov.ends_with("end_of_record\n"));
  has(lcov, "\nDA:");
  const auto page = coverage_as_html({report});
  has(page, "<h2>policy cells</h2>");
  has(page, "<td>desk → other, on dtmf &quot;0&quot;</td>");
}

TEST_CASE("a flow without anything to cover is covered") { CHECK(CoverageReport{.flow = "", .sources = nullptr, .rows = {}}.percent() == 100); }
