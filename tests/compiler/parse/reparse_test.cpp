// A file that is edited is parsed in pieces, and the pieces together are the file.

#include <catch2/catch_test_macros.hpp>
#include <random>

#include "compiler/diag/render.h"
#include "compiler/parse/parse.h"
#include "compiler/parse/reparse.h"
#include "compiler/parse/split.h"
#include "tests/support/flow_files.h"
#include "tests/support/tree_text.h"

using namespace flow;

namespace {

struct Parsed {
  std::string tree, said;
  bool broken = false;  // in its syntax
};

// As the third file of a program, so that a place of the first or second would show.
template <class Parse>
auto parsed(const std::string& text, const Parse& parse) -> Parsed {
  Sources sources;
  sources.add("first.flow", "");
  sources.add("second.flow", "");
  diag::Report report;
  const auto tree = parse(sources.add("edited.flow", text), report);
  return {test::tree_text(tree), diag::render(report, sources), report.has_errors()};
}

auto whole(const std::string& text) -> Parsed { return parsed(text, parse::parse); }
auto in_pieces(parse::Reparser& reparser, const std::string& text) -> Parsed {
  return parsed(text, [&](const SourceFile& source, diag::Report& report) { return reparser.parse(source, report); });
}

auto names_of(parse::Reparser& reparser, const std::string& text) -> std::vector<std::string> {
  Sources sources;
  diag::Report report;
  const auto tree = reparser.parse(sources.add("edited.flow", text), report);
  std::vector<std::string> out;
  for (const auto& each : tree.agents) out.push_back(each.name.text);
  for (const auto& each : tree.tools) out.push_back(each.name.text);
  return out;
}

auto pieces_of(const std::string& text) -> std::vector<std::string> {
  std::vector<std::string> out;
  const auto begins = parse::split(text);
  for (std::size_t i = 0; i < begins.size(); ++i) out.push_back(text.substr(begins[i], (i + 1 < begins.size() ? begins[i + 1] : text.size()) - begins[i]));
  return out;
}

}  // namespace

TEST_CASE("every flow we have is the same parsed in pieces as parsed whole") {
  for (const auto& file : test::flow_files({"flows", "examples", "templates", "stdlib", "tests/compiler"})) {
    INFO(file.path);
    parse::Reparser reparser;
    const auto expected = whole(file.text);
    const auto pieces = in_pieces(reparser, file.text);
    if (!expected.broken) CHECK(pieces.said == expected.said);
    if (!expected.broken) CHECK(pieces.tree == expected.tree);
  }
}

TEST_CASE("after any edit that leaves the syntax good, pieces from before give the same tree") {
  std::mt19937 random{7};
  const auto files = test::sample_flows();
  int compared = 0;
  for (const auto& file : files) {
    parse::Reparser reparser;
    auto text = file.text;
    for (int i = 0; i < 60; ++i) {
      // A line is taken away, or put elsewhere: declarations, blocks and texts fall apart and come together again.
      auto edited = text;
      const auto from = edited.find('\n', random() % edited.size());
      if (from == edited.npos) continue;
      const auto to = edited.find('\n', from + 1);
      const auto line = edited.substr(from, to - from);
      edited.erase(from, line.size());
      if (random() % 2) edited.insert(std::min(edited.find('\n', random() % (edited.size() + 1)), edited.size()), line);
      INFO(file.path << "\n" << edited);
      const auto expected = whole(edited);
      const auto pieces = in_pieces(reparser, edited);
      if (expected.broken) continue;
      CHECK(pieces.tree == expected.tree);
      CHECK(pieces.said == expected.said);
      ++compared;
      text = std::move(edited);
    }
  }
  CHECK(compared > 200);
}

TEST_CASE("only the declaration that was edited is parsed again") {
  const std::string text = "/// One.\nagent a { voice \"x\" }\n\nagent b { voice \"y\" }\nagent c { voice \"z\" }\n";
  parse::Reparser reparser;
  in_pieces(reparser, text);
  CHECK(reparser.parsed() == 3);
  auto edited = text;
  edited.replace(edited.find("\"y\""), 3, "\"another\"");
  in_pieces(reparser, edited);
  CHECK(reparser.pieces() == 3);
  CHECK(reparser.parsed() == 1);
}

TEST_CASE("a file is cut before declarations, with the doc comments above them") {
  CHECK(pieces_of("flow f { start a }\n/// Doc\n/// more\nagent a { }\n") == std::vector<std::string>{"flow f { start a }\n", "/// Doc\n/// more\nagent a { }\n"});
  CHECK(pieces_of("agent a {\nstate { }\n}\nagent b { }\n").size() == 2);                    // a word inside of braces
  CHECK(pieces_of("agent a { instructions \"\"\"\nagent b { }\n\"\"\" }\n").size() == 1);  // and inside of a text
  CHECK(pieces_of("agent a { say \"{x // }\" }\nagent b { }\n").size() == 2);
  CHECK(pieces_of("# it's \"open\nagent b { }\n").size() == 2);
}

TEST_CASE("what is not closed takes nothing from the declarations below it") {
  parse::Reparser reparser;
  const std::vector<std::string> both{"a", "b"};
  CHECK(names_of(reparser, "agent a {\n  voice \"x\"\n\nagent b { }\n") == both);
  CHECK(names_of(reparser, "agent a {\n  instructions \"\"\"\n    Hello.\n}\n\nagent b { instructions \"\"\"x\"\"\" }\n") == both);
  CHECK(names_of(reparser, "agent a {\n  instructions\n    Hello.\n    \"\"\"\n}\n\nagent b { instructions \"\"\"x\"\"\" }\n") == both);
  CHECK(names_of(reparser, "agent a {\n  say \"hello {name\n}\nagent b { }\n") == both);
}

TEST_CASE("the end of a piece is not said to be the end of the file") {
  parse::Reparser reparser;
  const auto said = in_pieces(reparser, "agent a\n\nagent b { }\n").said;
  CHECK(said.find("the end of the line") != std::string::npos);
  CHECK(in_pieces(reparser, "agent b { }\nagent a").said.find("the end of the file") != std::string::npos);
}

TEST_CASE("a place is known to be code, comment, text or hole") {
  const std::string text = "agent a { say \"hi {name}\" } // note\n";
  const auto at = [&](const std::string& what) { return parse::inside(text, static_cast<std::uint32_t>(text.find(what) + 1)); };
  CHECK(at("agent") == parse::Inside::Code);
  CHECK(at("hi") == parse::Inside::Text);
  CHECK(at("name") == parse::Inside::Hole);
  CHECK(at("note") == parse::Inside::Comment);
  CHECK(parse::inside(text, static_cast<std::uint32_t>(text.size())) == parse::Inside::Code);
}
