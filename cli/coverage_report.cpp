#include "cli/coverage_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "compiler/base/markup.h"
#include "compiler/ir/describe.h"
#include "compiler/ir/words.h"

namespace flow::cli {
namespace {

using Kind = CoverageRow::Kind;
constexpr std::array Kinds{std::pair{Kind::Agent, std::string_view{"agents"}}, std::pair{Kind::Edge, std::string_view{"edges"}},
                           std::pair{Kind::Handler, std::string_view{"handlers"}}, std::pair{Kind::Rule, std::string_view{"rules"}}, std::pair{Kind::Cell, std::string_view{"policy cells"}}};

auto trigger_name(const ir::Handoff& edge) -> std::string {
  switch (edge.trigger.kind) {
    case ir::Trigger::Kind::Model: return fmt::format("when \"{}\"", edge.trigger.when);
    case ir::Trigger::Kind::Event: return "on " + ir::describe(edge.trigger.on);
    case ir::Trigger::Kind::After: return "after " + ir::describe(edge.trigger.after);
    case ir::Trigger::Kind::Becomes: return "by its condition";
  }
  return {};
}

auto edge_name(const ir::Program& program, const ir::Handoff& edge) -> std::string {
  const auto from = edge.from ? program.agents[edge.from].name : "every agent";
  using Target = ir::Target::Kind;
  const auto to = edge.target.kind == Target::Back ? "back" : edge.target.kind == Target::Transfer ? program.transfers[edge.target.transfer].name : program.agents[edge.target.agent].name;
  return fmt::format("{} → {}, {}", from, to, trigger_name(edge));
}

auto handler_name(const ir::Program& program, const ir::Handler& handler) -> std::string {
  const auto out = "on " + ir::describe(handler.on);
  return handler.agent ? fmt::format("{}, of {}", out, program.agents[handler.agent].name) : out;
}

auto line_of(const Sources& sources, Span at) -> std::uint32_t { return sources[at.file].position(at.begin).line; }

auto of_kind(const CoverageReport& report, Kind kind) -> std::vector<const CoverageRow*> {
  std::vector<const CoverageRow*> rows;
  for (const auto& row : report.rows) {
    if (row.kind == kind) rows.push_back(&row);
  }
  return rows;
}

}  // namespace

auto CoverageReport::covered() const -> std::size_t {
  return static_cast<std::size_t>(std::ranges::count_if(rows, [](const CoverageRow& row) { return row.tests > 0; }));
}

auto CoverageReport::percent() const -> double { return rows.empty() ? 100 : 100.0 * static_cast<double>(covered()) / static_cast<double>(rows.size()); }

auto coverage_of(const FlowTests& tests) -> CoverageReport {
  const auto& program = *tests.program;
  CoverageReport report{.flow = tests.flow, .sources = tests.sources, .rows = {}};
  const auto count = [&](const auto& in) { return static_cast<int>(std::ranges::count_if(tests.runs, [&](const TestRun& run) { return in(run.played.covered); })); };
  const auto own = [&](Span at) { return tests.sources->has(at.file) && !(*tests.sources)[at.file].path().starts_with("std/"); };
  const auto all = rehearse::coverable(program);
  for (const auto i : all.agents) {
    const auto& agent = program.agents[Id<ir::Agent>{i}];
    report.rows.push_back({Kind::Agent, agent.name, agent.declared_at, count([&](const auto& c) { return c.agents.contains(i); })});
  }
  for (const auto i : all.handoffs) {
    const auto& edge = program.handoffs[Id<ir::Handoff>{i}];
    report.rows.push_back({Kind::Edge, edge_name(program, edge), edge.declared_at, count([&](const auto& c) { return c.handoffs.contains(i); })});
  }
  for (const auto i : all.handlers) {
    const auto& handler = program.handlers[Id<ir::Handler>{i}];
    report.rows.push_back({Kind::Handler, handler_name(program, handler), handler.declared_at, count([&](const auto& c) { return c.handlers.contains(i); })});
  }
  for (const auto i : all.rules) {
    const auto& rule = program.rules[Id<ir::Rule>{i}];
    report.rows.push_back({Kind::Rule, fmt::format("{}: {}", rule.declaration, rule.text), rule.declared_at, count([&](const auto& c) { return c.rules.contains(i); })});
  }
  for (const auto& [tool, cell] : all.cells) {
    const auto& declared = program.tools[Id<ir::Tool>{tool}];
    const auto key = std::pair{tool, cell};
    report.rows.push_back({Kind::Cell, fmt::format("{}: {}", declared.name, rehearse::to_word(cell)), declared.declared_at, count([&](const auto& c) { return c.cells.contains(key); })});
  }
  std::erase_if(report.rows, [&](const CoverageRow& row) { return !own(row.at); });
  return report;
}

auto coverage_as_text(const CoverageReport& report) -> std::string {
  std::string out = fmt::format("{}: {:.0f} % covered\n", report.flow, report.percent());
  for (const auto& [kind, name] : Kinds) {
    const auto rows = of_kind(report, kind);
    const auto covered = std::ranges::count_if(rows, [](const auto* row) { return row->tests > 0; });
    if (!rows.empty()) out += fmt::format("  {:<13} {:>3} of {:>3}\n", name, covered, rows.size());
  }
  for (const auto& row : report.rows) {
    if (row.tests == 0) out += fmt::format("  {}:{}: no test: {}\n", (*report.sources)[row.at.file].path(), line_of(*report.sources, row.at), row.name);
  }
  return out;
}

// Declarations are lines; the cells of a tool's policy are branches of its line.
auto coverage_as_lcov(const std::vector<CoverageReport>& reports) -> std::string {
  std::string out;
  for (const auto& report : reports) {
    std::map<std::uint32_t, std::vector<const CoverageRow*>> files;
    for (const auto& row : report.rows) files[row.at.file.n].push_back(&row);
    for (const auto& [file, rows] : files) {
      std::map<std::uint32_t, int> lines;
      std::map<std::uint32_t, int> branches;
      std::string branch_lines;
      for (const auto* row : rows) {
        const auto line = line_of(*report.sources, row->at);
        auto& hits = lines[line];
        hits = std::max(hits, row->tests);
        if (row->kind == Kind::Cell) branch_lines += fmt::format("BRDA:{},0,{},{}\n", line, branches[line]++, row->tests);
      }
      out += fmt::format("TN:\nSF:{}\n{}", (*report.sources)[FileId{file}].path(), branch_lines);
      for (const auto& [line, hits] : lines) out += fmt::format("DA:{},{}\n", line, hits);
      out += "end_of_record\n";
    }
  }
  return out;
}

auto coverage_as_html(const std::vector<CoverageReport>& reports) -> std::string {
  std::string out =
      "<!doctype html>\n<meta charset=\"utf-8\"><title>Coverage of flows</title>\n"
      "<style>body{font:15px/1.5 system-ui;max-width:60em;margin:2em auto}td,th{text-align:left;padding:.1em 1em .1em 0}"
      ".no{background:#fdd}.yes{background:#e4f7e4}</style>\n";
  for (const auto& report : reports) {
    out += fmt::format("<h1>{}: {:.0f} %</h1>\n", escaped(report.flow), report.percent());
    for (const auto& [kind, name] : Kinds) {
      const auto rows = of_kind(report, kind);
      if (rows.empty()) continue;
      out += fmt::format("<h2>{}</h2>\n<table><tr><th>tests</th><th>what</th><th>where</th></tr>\n", name);
      for (const auto* row : rows) {
        out += fmt::format("<tr class=\"{}\"><td>{}</td><td>{}</td><td>{}:{}</td></tr>\n", row->tests > 0 ? "yes" : "no", row->tests, escaped(row->name),
                           escaped((*report.sources)[row->at.file].path()), line_of(*report.sources, row->at));
      }
      out += "</table>\n";
    }
  }
  return out;
}

}  // namespace flow::cli
