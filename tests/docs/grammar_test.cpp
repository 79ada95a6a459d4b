// The editors' grammar and snippets are made from the tables of the language. FLOW_UPDATE=1 in the environment writes them
// anew.

#include <catch2/catch_test_macros.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "compiler/check/clauses.h"
#include "compiler/check/steps.h"
#include "compiler/ir/value.h"
#include "compiler/lsp/snippets.h"
#include "tests/support/places.h"
#include "tests/tidy/rules/source.h"

namespace {

using flow::check::Where;

// An ordered set is the same list on every machine.
using Words = std::set<std::string>;

auto is_kind(std::string_view word) -> bool { return std::isupper(static_cast<unsigned char>(word[0])) != 0; }

// The plain words of a shape.
void add_words(std::string_view shape, Words& out) {
  for (std::size_t at = 0; at < shape.size();) {
    auto end = at;
    while (end < shape.size() && (std::isalnum(static_cast<unsigned char>(shape[end])) || shape[end] == '_')) ++end;
    const auto word = shape.substr(at, end - at);
    if (!word.empty() && !is_kind(word)) out.emplace(word);
    at = std::max(end, at + 1);
  }
}

struct Tables {
  Words clauses, actions, events, values;
  Words parts;  // of fields: they stand behind a type

  Tables() {
    for (const auto& info : flow::check::clauses::all()) {
      auto& names = info.where == Where::Action ? actions : info.where == Where::Event ? events : clauses;
      names.emplace(info.name);
      if (info.where == Where::State || info.where == Where::FormField) parts.emplace(info.name);
      add_words(info.shape, values);
    }
    for (const auto& step : flow::check::steps::all()) {
      if (!step.clause.empty()) clauses.emplace(step.clause);
      add_words(step.shape, values);
    }
    for (const auto& state : flow::check::steps::states()) values.emplace(state.word);
    clauses.emplace("fails");
    // These have a colour of their own wherever they stand.
    for (const auto* word : {"if", "else", "and", "or", "not", "in", "none", "on", "when", "after", "once"}) values.erase(word);
  }
};

auto either(const Words& words) -> std::string { return fmt::format("{}", fmt::join(words, "|")); }

// A whole file, or its change.
void expect_file(const char* path, const std::string& wanted) {
  const auto file = std::filesystem::path(flow::test::source_dir()) / path;
  if (std::getenv("FLOW_UPDATE")) {
    std::ofstream(file, std::ios::binary) << wanted;
  } else {
    INFO(path << " is not what the tables say; FLOW_UPDATE=1 writes it anew");
    CHECK(flow::tidy::read_text(file) == wanted);
  }
}

// The file with the line of a rule, `    "name": …`, as it should be.
auto with_rule(std::string text, const std::string& name, const std::string& rule) -> std::string {
  const auto begin = text.find("\n    \"" + name + "\": {") + 1;
  REQUIRE(begin != 0);
  return text.replace(begin, text.find('\n', begin) - begin, fmt::format("    \"{}\": {},", name, rule));
}

}  // namespace

TEST_CASE("the editors' grammar knows the words of the tables") {
  const auto* path = "editors/vscode/syntaxes/flow.tmLanguage.json";
  const Tables tables;
  auto text = flow::tidy::read_text(std::filesystem::path(flow::test::source_dir()) / path);
  text = with_rule(text, "events",
                   fmt::format(R"re({{ "match": "\\b(on)\\s+({})\\b", "captures": {{ "1": {{ "name": "keyword.control.flow" }}, "2": {{ "name": "support.class.event.flow" }} }} }})re", either(tables.events)));
  text = with_rule(text, "clauses",
                   fmt::format(R"re({{ "match": "(?:^|[{{;])\\s*({})\\b(?!\\s*[:=(.])", "captures": {{ "1": {{ "name": "support.type.property-name.flow" }} }} }})re", either(tables.clauses)));
  text = with_rule(text, "parts", fmt::format(R"re({{ "name": "support.type.property-name.flow", "match": "\\b(?:{})\\b(?!\\s*[:=(.])" }})re", either(tables.parts)));
  text = with_rule(text, "actions", fmt::format(R"re({{ "name": "support.function.action.flow", "match": "\\b(?:{})\\b(?!\\()" }})re", either(tables.actions)));
  text = with_rule(text, "values", fmt::format(R"re({{ "name": "support.constant.flow", "match": "\\b(?:{})\\b(?![.(])" }})re", either(tables.values)));
  expect_file(path, text);
}

TEST_CASE("the editors' snippets are those that the server offers") {
  std::string text = "{\n";
  for (const auto& each : flow::lsp::Snippets) {
    flow::Value::List body;
    for (auto rest = each.text; !rest.empty();) {
      const auto end = rest.find('\n');
      body.emplace_back(rest.substr(0, end));
      rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
    }
    const flow::Value::Record snippet{{"prefix", each.word}, {"description", each.doc}, {"body", body}};
    text += fmt::format("{}  {}: {}", text.size() > 2 ? ",\n" : "", flow::to_json(each.word), flow::to_json(snippet));
  }
  expect_file("editors/vscode/snippets/flow.json", text + "\n}\n");
}
