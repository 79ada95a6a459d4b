// The parser decides with the fast prediction alone; here it is compared with the complete one.

// Before Catch2, whose macro WHEN is also the name of a token.
#include "FlowParser.h"
#include "compiler/parse/layout.h"
#include "compiler/parse/parse.h"
#include "tests/support/places.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace flow;
using antlr4::atn::PredictionMode;

namespace {

// The parser's own tree as text, and the number of its errors.
auto tree_of(const SourceFile& source, PredictionMode mode) -> std::pair<std::string, std::size_t> {
  diag::Report report;
  auto tokens = parse::end_lines(
      parse::close_braces(parse::close_texts(parse::lex(source, report).tokens, source, report), source, report));
  std::vector<std::unique_ptr<antlr4::Token>> list;
  for (const auto& token : tokens) {
    list.push_back(
        std::make_unique<antlr4::CommonToken>(token.type, std::string{source.text(parse::span(source, token))}));
  }
  antlr4::ListTokenSource feed{std::move(list)};
  antlr4::CommonTokenStream stream{&feed};
  flow_grammar::FlowParser parser{&stream};
  parser.removeErrorListeners();
  parser.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(mode);
  auto tree = parser.file()->toStringTree(&parser);
  return {std::move(tree), parser.getNumberOfSyntaxErrors()};
}

}  // namespace

TEST_CASE("fast prediction gives the tree that complete prediction gives, for every program we have") {
  int programs = 0;
  for (const auto* folder : {"/tests/compiler", "/flows", "/stdlib"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator{test::source_dir() + folder}) {
      if (entry.path().extension() != ".flow") continue;
      std::ostringstream text;
      text << std::ifstream{entry.path()}.rdbuf();
      const SourceFile source{FileId{0}, entry.path().string(), text.str()};
      diag::Report report;
      parse::parse(source, report);
      if (report.has_errors()) continue;  // broken on purpose; how it is repaired may differ
      const auto complete = tree_of(source, PredictionMode::LL);
      INFO(entry.path());
      CHECK(tree_of(source, PredictionMode::SLL) == complete);
      ++programs;
    }
  }
  CHECK(programs > 10);
}
