// Files that are half written: the editor still knows what else is in them, says a few things, and answers everything.

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "compiler/parse/reparse.h"
#include "compiler/parse/tokens.h"
#include "tests/support/editor.h"
#include "tests/support/flow_files.h"

using namespace flow;

namespace {

// The declarations of a file by their words and names: `agent desk`.
auto declared(parse::Reparser& reparser, const std::string& text, std::size_t& said) -> std::multiset<std::string> {
  Sources sources;
  diag::Report report;
  const auto tree = reparser.parse(sources.add("edited.flow", text), report);
  said = report.errors();
  std::multiset<std::string> out;
  const auto all = [&](const char* what, const auto& list) {
    for (const auto& each : list) {
      if (!each.name.missing()) out.insert(std::string{what} + each.name.text);
    }
  };
  all("flow ", tree.flows);
  all("enum ", tree.enums);
  all("type ", tree.types);
  all("realtime ", tree.realtimes);
  all("policy ", tree.policies);
  all("tool ", tree.tools);
  all("agent ", tree.agents);
  return out;
}

// How many of these are not among those.
auto missing(const std::multiset<std::string>& these, const std::multiset<std::string>& those) -> std::size_t {
  std::vector<std::string> out;
  std::ranges::set_difference(these, those, std::back_inserter(out));
  return out.size();
}

// Far above what one mistake explains, far below what would fill a screen.
constexpr std::size_t MessagesMax = 12;

}  // namespace

TEST_CASE("a token that is taken away costs its own declaration at most") {
  for (const auto& file : test::sample_flows()) {
    Sources sources;
    const auto tokens = parse::tokens(sources.add("whole.flow", file.text));
    parse::Reparser reparser;
    std::size_t said = 0;
    const auto whole = declared(reparser, file.text, said);
    REQUIRE(said == 0);
    for (const auto& token : tokens) {
      if (token.kind == parse::Token::Kind::LineEnd) continue;
      auto text = file.text;
      text.erase(token.at.begin, token.at.end - token.at.begin);
      INFO(file.path << ": without `" << file.text.substr(token.at.begin, token.at.end - token.at.begin) << "` at byte " << token.at.begin);
      const auto left = declared(reparser, text, said);
      CHECK(missing(whole, left) <= 1);
      CHECK(said <= MessagesMax);
    }
    // And the quotes of each text block, the first and the last three.
    for (auto at = file.text.find("\"\"\""); at != std::string::npos; at = file.text.find("\"\"\"", at + 3)) {
      auto text = file.text;
      text.erase(at, 3);
      INFO(file.path << ": without the quotes at byte " << at);
      CHECK(missing(whole, declared(reparser, text, said)) <= 1);
    }
  }
}

TEST_CASE("a file that ends anywhere keeps every declaration that is whole") {
  for (const auto& file : test::sample_flows()) {
    parse::Reparser reparser;
    std::size_t said = 0;
    std::multiset<std::string> before;
    for (std::size_t length = 0; length <= file.text.size(); ++length) {
      if (static_cast<unsigned char>(file.text[length]) >= 0x80) continue;
      const auto now = declared(reparser, file.text.substr(0, length), said);
      INFO(file.path << ": the first " << length << " bytes");
      // What is there once stays, but for the name that is being written.
      CHECK(missing(before, now) <= 1);
      CHECK(said <= MessagesMax);
      before = now;
    }
  }
}

TEST_CASE("every question about a half-written file has an answer") {
  const auto flows = test::sample_flows();
  const auto support = std::ranges::find_if(flows, [](const test::FlowFile& file) { return file.path.ends_with("flows/support/support.flow"); });
  REQUIRE(support != flows.end());
  const std::string path = "/w/main.flow";
  test::Editor editor;
  const auto& text = support->text;
  for (std::size_t length = 0; length < text.size(); length += 41) {
    INFO("the first " << length << " bytes");
    const auto at = editor.open(path, text.substr(0, length) + "§");
    CHECK(editor.work.messages(path).size() <= 60);  // names that are not there yet are many
    for (const auto& item : editor.work.completions(path, at).items) CHECK_FALSE(item.insert.empty());
    editor.work.hover(path, at);
    editor.work.definition(path, at);
    editor.work.outline(path);
    editor.work.colours(path);
    editor.work.folds(path);
    editor.work.hints(path, {{0, 0}, at});
  }
}
