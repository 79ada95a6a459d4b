#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>
#include <fstream>

#include "cli/commands.h"
#include "cli/coverage_report.h"
#include "cli/flow_files.h"
#include "cli/live_line.h"
#include "cli/proposals.h"
#include "compiler/diag/render.h"
#include "compiler/lower/compile.h"

namespace flow::cli {
namespace {

using Seconds = std::chrono::duration<double>;

struct Tested {
  std::vector<FlowTests> flows;
  std::size_t run = 0, failed = 0;
  core::Millis call_time{0};
};

auto write_file(const std::string& path, const std::string& text, const Console& console) -> bool {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.flush();
  if (!out) console.fail({"R0504", fmt::format("cannot write `{}`: {}", path, std::strerror(errno)), "does the folder exist, and is there room?"});
  return bool(out);
}

// The test, broken into at every moment of it; a terminal sees how far it is.
auto disturb(const Test& asked, const ir::Program& program, const ir::Test& test, const Console& console) -> prove::Fuzzed {
  LiveLine line(console);
  const auto show = [&](std::uint64_t tried) {
    if (tried % 50 == 0 && !asked.json && !console.quiet) line.show(fmt::format("  … {}: disturbed {} times", test.title, tried));
    return true;
  };
  auto fuzzed = prove::fuzz(program, test, *asked.fuzz, asked.seed, show);
  line.clear();
  return fuzzed;
}

void run_flow(const Test& asked, const lower::Compiled& compiled, FlowTests& tests, Tested& tested, const Console& console) {
  const bool talks = !asked.json && !console.quiet;
  if (talks) console.print(tests.flow + "\n");
  for (const auto& test : compiled.tests.tests) {
    if (!asked.filter.empty() && test.title.find(asked.filter) == test.title.npos) continue;
    tests.runs.push_back({&test, rehearse::rehearse(compiled.tests.program, test)});
    auto& run = tests.runs.back();
    if (asked.fuzz && run.played.passed()) run.fuzzed = disturb(asked, compiled.tests.program, test, console);
    ++tested.run;
    tested.call_time += run.played.script_over.since_start;
    if (!run.passed()) ++tested.failed;
    if (talks) console.print(test_line(run, console.colour));
    if (!asked.json) console.print(test_failures(tests, run, console.colour, console.width) + fuzz_failure(tests, run, console.colour));
    if (!asked.coverage_wanted()) tests.runs.back().played.covered = {};
    tests.runs.back().played.moments = {};  // printed, and big
  }
  if (talks && tests.runs.empty()) console.print(asked.filter.empty() ? "  no tests\n" : "  no test of that name\n");
}

// What was asked about coverage is printed or written; whether there is enough of it.
auto report_coverage(const Test& asked, const Tested& tested, const Console& console) -> bool {
  if (!asked.coverage_wanted()) return true;
  std::vector<CoverageReport> reports;
  for (const auto& tests : tested.flows) reports.push_back(coverage_of(tests));
  bool good = true;
  const bool page = asked.coverage.starts_with("html:");
  const bool lcov = asked.coverage.starts_with("lcov:");
  if (page) good = write_file(asked.coverage.substr(5), coverage_as_html(reports), console);
  if (lcov) good = write_file(asked.coverage.substr(5), coverage_as_lcov(reports), console);
  for (const auto& report : reports) {
    if (!page && !lcov && !asked.json && !asked.coverage.empty()) console.print("\n" + coverage_as_text(report));
    if (!asked.fail_under || report.percent() >= *asked.fail_under) continue;
    console.fail({"R0604", fmt::format("the tests of `{}` cover {:.1f} %, less than {:g} %", report.flow, report.percent(), *asked.fail_under), "`--coverage` lists what no test is in"});
    good = false;
  }
  return good;
}

void print_summary(const Tested& tested, Seconds took, const Console& console) {
  const auto minutes = static_cast<double>(tested.call_time.count()) / 60'000;
  console.print(fmt::format("\n{} test{}, {} failed; {:.1f} minutes of calls in {:.0f} ms\n", tested.run, tested.run == 1 ? "" : "s", tested.failed, minutes, took.count() * 1000));
}

}  // namespace

auto perform(const Test& asked, const Console& console) -> int {
  const auto files = find_flows(asked.flows);
  if (!files) {
    console.fail(files.error());
    return 2;
  }
  const auto named = [&](const std::string& file) { return std::ranges::find(asked.flows, file) != asked.flows.end(); };
  std::deque<lower::Compiled> compiled;  // stays where it is: what is run points into it
  bool good = true;
  for (const auto& flow : *files) {
    compiled.push_back(lower::compile(flow));
    const auto& report = compiled.back().checked.report;
    const bool is_a_part = report.errors() == 1 && report.has("F0502") && !named(flow);  // of other flows; nothing to run alone
    if (report.has_errors() && !is_a_part) {
      std::fputs(diag::render(report, compiled.back().checked.sources, {.colour = console.colour_errors}).c_str(), stderr);
      good = false;
    }
  }
  Tested tested;
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < compiled.size(); ++i) {
    if (!compiled[i].program || (compiled[i].tests.tests.empty() && !named((*files)[i]))) continue;
    tested.flows.push_back({(*files)[i], &compiled[i].tests.program, &compiled[i].checked.sources, {}});
    run_flow(asked, compiled[i], tested.flows.back(), tested, console);
  }
  const Seconds took = std::chrono::steady_clock::now() - begin;
  if (asked.json) console.print(tests_as_json(tested.flows));
  if (!asked.junit.empty()) good = write_file(asked.junit, tests_as_junit(tested.flows), console) && good;
  good = report_coverage(asked, tested, console) && good;
  if (!asked.json && !console.quiet && tested.run > 0) print_summary(tested, took, console);
  if (!asked.write.empty() && tested.flows.size() > 1) {
    console.fail({"R0608", fmt::format("`--write` takes the tests of one flow, and there are {}", tested.flows.size()), "name one: flowc test support.flow --generate --write new.test.flow"});
    return 2;
  }
  if (asked.wants_proposals()) {
    for (const auto& tests : tested.flows) {
      const auto proposed = propose_tests(tests, asked.write);
      if (asked.write.empty()) console.print(proposed.text);
      else good = write_file(asked.write, proposed.text, console) && good;
      if (!asked.json && !console.quiet) console.print(proposed.summary);
    }
  } else if (tested.run == 0 && good) {
    if (asked.filter.empty()) console.fail({"R0605", "there is no test", "write one: test \"…\" { caller says \"Hello.\" ; expect said \"hello\" }"});
    else console.fail({"R0605", fmt::format("no test has `{}` in its title", asked.filter), "leave `--filter` out to see them all"});
    good = false;
  }
  return good && tested.failed == 0 ? 0 : 1;
}

}  // namespace flow::cli
