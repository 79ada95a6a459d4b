#include "cli/test_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "compiler/base/markup.h"
#include "compiler/diag/render.h"
#include "runtime/prove/source.h"
#include "runtime/telemetry/paint.h"
#include "runtime/telemetry/timeline.h"

namespace flow::cli {
namespace {

using rehearse::Failure;
using telemetry::Paint;

// How much of the call is shown around a failure.
constexpr core::Millis Before{8'000};
constexpr core::Millis After{2'000};

auto code_of(Failure::Kind kind) -> std::string_view {
  switch (kind) {
    case Failure::Kind::Expectation: return "R0601";
    case Failure::Kind::Step: return "R0602";
    case Failure::Kind::Law: return "R0603";
  }
  return {};
}

auto call_length(const TestRun& run) -> core::Millis { return run.played.script_over.since_start; }

// The lines of the timeline near a failure; of a broken law the whole call, for what broke it may have been long before.
auto call_around(const ir::Program& program, const rehearse::Played& played, const rehearse::Failure& failure, bool colour, std::size_t width) -> std::string {
  const auto around = failure.around;
  const bool whole = failure.kind == rehearse::Failure::Kind::Law;
  telemetry::Timeline timeline(program, {.colour = colour, .width = width});
  std::string out;
  for (const auto& moment : played.moments) {
    if (moment.at > std::min(around + After, played.script_over)) break;
    const auto* event = std::get_if<core::Event>(&moment.what);
    const auto lines = event ? timeline.on(*event, moment.at) : timeline.on(std::get<core::Effect>(moment.what), moment.at);
    if (whole || moment.at + Before >= around) out += lines;
  }
  return out;
}

auto place(const Sources& sources, Span at) -> std::string {
  const auto position = sources[at.file].position(at.begin);
  return fmt::format("{}:{}:{}", sources[at.file].path(), position.line, position.column);
}

auto to_value(const FlowTests& tests, const TestRun& run) -> Value {
  Value::List failures;
  for (const auto& failure : run.played.failures) {
    const auto& file = (*tests.sources)[failure.at.file];
    const auto position = file.position(failure.at.begin);
    Value::List instead(failure.instead.begin(), failure.instead.end());
    failures.push_back(Value::Record{{"code", code_of(failure.kind)}, {"text", failure.text}, {"file", file.path()}, {"line", static_cast<int>(position.line)},
                                     {"column", static_cast<int>(position.column)}, {"at_ms", failure.around.since_start.count()}, {"instead", std::move(instead)}});
  }
  Value::Record out{{"title", run.test->title}, {"passed", run.passed()}, {"call_ms", call_length(run).count()}, {"failures", std::move(failures)}};
  if (run.fuzzed) {
    Value::Record fuzz{{"tried", static_cast<std::int64_t>(run.fuzzed->tried)}, {"law", run.fuzzed->law}};
    if (!run.fuzzed->law.empty()) fuzz.emplace_back("test", prove::source_of(*tests.program, run.fuzzed->test));
    out.emplace_back("fuzz", std::move(fuzz));
  }
  return Value{std::move(out)};
}

}  // namespace

auto test_line(const TestRun& run, bool colour) -> std::string {
  const telemetry::Style style{.colour = colour};
  const auto good = run.passed();
  const auto fuzz = run.fuzzed ? fmt::format(", disturbed {} times", run.fuzzed->tried) : "";
  return fmt::format("  {} {}  {}\n", painted(good ? "✓" : "✗", good ? Paint::Good : Paint::Bad, style), run.test->title,
                     painted(fmt::format("({:.1f} s{})", static_cast<double>(call_length(run).count()) / 1000, fuzz), Paint::Faint, style));
}

auto test_failures(const FlowTests& tests, const TestRun& run, bool colour, std::size_t width) -> std::string {
  std::string out;
  for (const auto& failure : run.played.failures) {
    const diag::Diagnostic shown{.code = code_of(failure.kind), .name = "", .text = failure.text, .at = failure.at};
    out += "\n" + diag::render(shown, *tests.sources, {.colour = colour});
    for (const auto& line : failure.instead) out += "  " + line + "\n";
    const auto around = call_around(*tests.program, run.played, failure, colour, width);
    if (!around.empty()) out += "\n" + around;
  }
  return out.empty() ? out : out + "\n";
}

auto fuzz_failure(const FlowTests& tests, const TestRun& run, bool colour) -> std::string {
  if (!run.fuzzed || run.fuzzed->law.empty()) return {};
  const diag::Diagnostic shown{.code = "R0607", .name = "", .text = fmt::format("disturbed, this call breaks a law: {}", run.fuzzed->law), .at = run.test->at};
  std::string out = "\n" + diag::render(shown, *tests.sources, {.colour = colour}) + "\n";
  std::istringstream lines(prove::source_of(*tests.program, run.fuzzed->test));
  for (std::string line; std::getline(lines, line);) out += "    " + line + "\n";
  return out + "\n";
}

auto tests_as_json(const std::vector<FlowTests>& all) -> std::string {
  Value::List flows;
  for (const auto& tests : all) {
    Value::List runs;
    for (const auto& run : tests.runs) runs.push_back(to_value(tests, run));
    flows.push_back(Value::Record{{"flow", tests.flow}, {"tests", std::move(runs)}});
  }
  return to_json(Value::Record{{"flows", std::move(flows)}}) + "\n";
}

auto tests_as_junit(const std::vector<FlowTests>& all) -> std::string {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const auto& tests : all) {
    const auto failed = std::ranges::count_if(tests.runs, [](const TestRun& run) { return !run.passed(); });
    out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">\n", escaped(tests.flow), tests.runs.size(), failed);
    for (const auto& run : tests.runs) {
      out += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", escaped(tests.flow), escaped(run.test->title), static_cast<double>(call_length(run).count()) / 1000);
      if (run.passed()) {
        out += "/>\n";
        continue;
      }
      out += ">\n";
      for (const auto& failure : run.played.failures) {
        out += fmt::format("      <failure type=\"{}\" message=\"{}\">{}\n{}</failure>\n", code_of(failure.kind), escaped(failure.text), escaped(place(*tests.sources, failure.at)),
                           escaped(fmt::format("{}", fmt::join(failure.instead, "\n"))));
      }
      if (run.fuzzed && !run.fuzzed->law.empty()) {
        out += fmt::format("      <failure type=\"R0607\" message=\"{}\">{}\n{}</failure>\n", escaped(run.fuzzed->law), escaped(place(*tests.sources, run.test->at)),
                           escaped(prove::source_of(*tests.program, run.fuzzed->test)));
      }
      out += "    </testcase>\n";
    }
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace flow::cli
