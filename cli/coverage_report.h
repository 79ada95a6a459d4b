#pragma once
// What the tests of a flow have been in, as a table, as a page, and in the form that editors and services read (lcov).

#include <string>
#include <vector>

#include "cli/test_report.h"

namespace flow::cli {

// One thing that tests can be in.
struct CoverageRow {
  enum class Kind { Agent, Edge, Handler, Rule, Cell };
  Kind kind = Kind::Agent;
  std::string name;      // `concierge → fraud, when the model decides`
  Span at;               // where it is declared
  int tests = 0;         // how many of them were in it
};

struct CoverageReport {
  std::string flow;
  const Sources* sources = nullptr;
  std::vector<CoverageRow> rows;  // agents, edges, handlers, cells; each in the order of the file
  auto covered() const -> std::size_t;
  auto percent() const -> double;  // 100 if there is nothing to cover
};

auto coverage_of(const FlowTests& tests) -> CoverageReport;

// What is covered in numbers, and what is not by name and line.
auto coverage_as_text(const CoverageReport& report) -> std::string;
auto coverage_as_lcov(const std::vector<CoverageReport>& reports) -> std::string;
auto coverage_as_html(const std::vector<CoverageReport>& reports) -> std::string;

}  // namespace flow::cli
