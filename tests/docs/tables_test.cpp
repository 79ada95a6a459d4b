// Tables of the reference are made from the tables of the code. FLOW_UPDATE=1 in the environment writes them anew.

#include <catch2/catch_test_macros.hpp>

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "cli/command_line.h"
#include "compiler/check/clauses.h"
#include "compiler/check/steps.h"
#include "runtime/telemetry/decisions.h"
#include "runtime/telemetry/delays.h"
#include "tests/support/places.h"
#include "tests/tidy/rules/source.h"

namespace {

// The text of a page between `<!-- made from WHAT…-->` and the `<!-- end -->` after it.
void expect_table(const char* page, const std::string& made_from, const std::string& table) {
  const auto file = std::filesystem::path(flow::test::source_dir()) / page;
  auto text = flow::tidy::read_text(file);
  const auto mark = text.find("<!-- made from " + made_from);
  REQUIRE(mark != text.npos);
  const auto begin = text.find('\n', mark) + 1;
  const auto end = text.find("<!-- end -->", begin);
  REQUIRE(end != text.npos);
  if (std::getenv("FLOW_UPDATE")) {
    text.replace(begin, end - begin, table);
    std::ofstream(file, std::ios::binary) << text;
  } else {
    INFO(page << " is not what the code says; FLOW_UPDATE=1 writes it anew");
    CHECK(text.substr(begin, end - begin) == table);
  }
}

}  // namespace

TEST_CASE("the trace's reference lists every decision as the code knows it") {
  expect_table("docs/reference/trace.md", "runtime/telemetry/decisions.def", flow::telemetry::decisions_as_markdown());
}

TEST_CASE("the trace's reference lists every stage as the code knows it") {
  expect_table("docs/reference/trace.md", "runtime/telemetry/stages.def", flow::telemetry::stages_as_markdown());
}
TEST_CASE("the language's reference lists every step of a test") { expect_table("grammar/README.md", "compiler/check/steps.def", flow::check::steps::as_markdown()); }

TEST_CASE("the language's reference shows every clause there is, as the checks know it") {
  std::set<flow::check::Where> places;
  for (const auto& info : flow::check::clauses::all()) places.insert(info.where);
  for (const auto where : places) {
    expect_table("docs/reference/language.md", fmt::format("compiler/check/clauses.def: {} -->", flow::check::describe(where)), flow::check::clauses::as_markdown(where));
  }
}

TEST_CASE("the command line's reference shows every command's help") {
  for (const auto& command : flow::cli::commands()) {
    const auto line = flow::cli::read_command_line({command, "--help"});
    REQUIRE(line);
    expect_table("docs/reference/cli.md", "flowc " + command + " --help", "```text\n" + std::get<flow::cli::Show>(line->command).text + "```\n");
  }
}
