#include "cli/proposals.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "compiler/format/format.h"
#include "runtime/prove/generate.h"
#include "runtime/prove/source.h"

namespace flow::cli {
namespace {

namespace fs = std::filesystem;
using rehearse::Covered;

// What there is to cover in the author's own files.
auto wanted_of(const FlowTests& tests) -> Covered {
  auto all = rehearse::coverable(*tests.program);
  const auto own = [&](Span at) { return tests.sources->has(at.file) && !(*tests.sources)[at.file].path().starts_with("std/"); };
  std::erase_if(all.handoffs, [&](std::uint32_t i) { return !own(tests.program->handoffs[Id<ir::Handoff>{i}].declared_at); });
  std::erase_if(all.handlers, [&](std::uint32_t i) { return !own(tests.program->handlers[Id<ir::Handler>{i}].declared_at); });
  std::erase_if(all.agents, [&](std::uint32_t i) { return !own(tests.program->agents[Id<ir::Agent>{i}].declared_at); });
  std::erase_if(all.cells, [&](const auto& cell) { return !own(tests.program->tools[Id<ir::Tool>{cell.first}].declared_at); });
  return all;
}

// The modules of the library whose tools some of the tests name: imports are not passed on.
auto modules_for(const FlowTests& tests, const std::vector<ir::Test>& written) -> std::set<std::string> {
  std::set<std::string> out;
  const auto names = [&](Id<ir::Tool> tool) {
    if (!tool) return;
    const auto at = tests.program->tools[tool].declared_at.file;
    const auto path = tests.sources->has(at) ? (*tests.sources)[at].path() : std::string{};
    if (path.starts_with("std/")) out.insert("std." + fs::path{path}.stem().string());
  };
  for (const auto& test : written) {
    for (const auto& step : test.steps) {
      names(step.tool);
      names(step.expectation.what.tool);
      for (const auto& call : step.calls) names(call.tool);
    }
  }
  return out;
}

// The files whose names a test may use.
auto imports_for(const FlowTests& tests, const std::vector<ir::Test>& written, const std::string& file) -> std::string {
  std::string out;
  for (const auto& module : modules_for(tests, written)) out += fmt::format("import {}\n", module);
  const auto folder = fs::absolute(file).parent_path();
  for (const auto& path : tests.program->files) {
    if (!path.ends_with(".flow") || path.ends_with(".test.flow") || path.starts_with("std/")) continue;
    out += fmt::format("import \"{}\"\n", fs::absolute(path).lexically_normal().lexically_relative(folder).generic_string());
  }
  return out.empty() ? out : out + "\n";
}

auto laid_out(const std::string& text) -> std::string {
  Sources sources;
  diag::Report report;
  return format::format(sources.add("proposed.test.flow", text), report).value_or(text);
}

}  // namespace

auto propose_tests(const FlowTests& tests, const std::string& file) -> Proposals {
  Covered covered;
  for (const auto& run : tests.runs) covered.add(run.played.covered);
  const auto generated = prove::generate(*tests.program, wanted_of(tests), covered);
  std::string text;
  for (const auto& test : generated.tests) text += (text.empty() ? "" : "\n") + prove::source_of(*tests.program, test);
  for (const auto& left : generated.open) text += fmt::format("{}// No call was found for this: {}\n", text.empty() ? "" : "\n", left);
  Proposals out{.text = laid_out((file.empty() ? std::string{} : imports_for(tests, generated.tests, file)) + text), .summary = {}};
  out.summary = fmt::format("{}: {} test{} proposed", tests.flow, generated.tests.size(), generated.tests.size() == 1 ? "" : "s");
  out.summary += generated.open.empty() ? "\n" : fmt::format("; nothing found for {}\n", fmt::join(generated.open, ", "));
  return out;
}

}  // namespace flow::cli
