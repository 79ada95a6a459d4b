// The clause table agrees with itself.

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "compiler/check/args.h"
#include "compiler/check/shape.h"
#include "compiler/parse/parse.h"

using namespace flow;
using check::ShapeValue;
using namespace std::chrono_literals;

namespace {

struct Clause {
  ast::File tree;
  std::size_t errors = 0;
  auto get() const -> const ast::Clause& { return tree.policies.at(0).block.clauses.at(0); }
};

auto clause(const std::string& written) -> Clause {
  Sources sources;
  diag::Report report;
  auto tree = parse::parse(sources.add("t", "policy p { " + written + " }"), report);
  return {std::move(tree), report.errors()};
}

auto row(const ast::Clause& clause) -> std::vector<ShapeValue> {
  std::vector<ShapeValue> out;
  for (const auto& arg : clause.args) out.push_back({ShapeValue::Kind::Arg, &arg, arg.value.at});
  if (clause.has_else) out.push_back({ShapeValue::Kind::Else, nullptr, {}});
  return out;
}

auto match(std::string_view shape, const std::string& values) -> check::ShapeMatch {
  const auto written = clause("x " + values);
  REQUIRE(written.errors == 0);
  return check::match_shape(shape, row(written.get()));
}

}  // namespace

TEST_CASE("every clause is declared once, says what it is for, and has a shape that can be read") {
  std::set<std::pair<int, std::string_view>> seen;
  for (const auto& info : check::clauses::all()) {
    INFO(info.name);
    CHECK(seen.emplace(static_cast<int>(info.where), info.name).second);
    CHECK_FALSE(info.doc.empty());
    CHECK_FALSE(check::describe(info.where).empty());
    check::match_shape(info.shape, {});  // asserts that it can be read
    CHECK((info.block != check::Where::Nowhere) == (info.shape.find("{...}") != info.shape.npos));
  }
}

TEST_CASE("the default of a clause is a value that it takes") {
  for (const auto& info : check::clauses::all()) {
    if (info.fallback.empty() || info.name == "fails") continue;  // an action is no value
    INFO(info.name << " " << info.fallback);
    CHECK(match(info.shape, std::string{info.fallback}).ok);
  }
}

TEST_CASE("every cell of a policy has a default, so that none is left open") {
  for (const auto& info : check::clauses::all()) {
    if (info.where != check::Where::Policy) continue;
    INFO(info.name);
    CHECK_FALSE(info.fallback.empty());
    CHECK(info.runs);
  }
}

TEST_CASE("a shape matches words, kinds, choices, options, groups and lists") {
  CHECK(match("none | LINE [after DURATION]", "none").ok);
  CHECK(match("none | LINE [after DURATION]", "model \"x\" after 3s").ok);
  CHECK(match("none | LINE [after DURATION]", "protected \"x\"").ok);
  CHECK_FALSE(match("none | LINE [after DURATION]", "\"x\" after").ok);
  CHECK(match("(a | b) [within DURATION] [by NAME, ...]", "b by x, y, z").ok);
  CHECK(match("(a | b) [within DURATION] [by NAME, ...]", "a within 3s by x").ok);
  CHECK_FALSE(match("(a | b) [within DURATION] [by NAME, ...]", "c by x").ok);
  CHECK(match("TEXT, ... [count INT]", "\"a\", \"b\" count 3").ok);
  CHECK(match("DURATION [else ACTION]", "3s else say \"x\"").ok);
  CHECK_FALSE(match("DURATION", "3s else say \"x\"").ok);
}

TEST_CASE("a mismatch knows its place, what would have fitted, and a forgotten comma") {
  const auto wrong = match("retry INT [then (offer | drop)]", "retry 2 then offr");
  CHECK(wrong.at == 3);
  CHECK(wrong.words == std::vector<std::string_view>{"offer", "drop"});
  CHECK(match("TOOLS, ...", "a, b c").comma);
  CHECK_FALSE(match("TEXT, ...", "\"a\" 3").comma);
  CHECK(match("INT [max INT]", "3 max").at == 2);
}

TEST_CASE("what is not run yet is matched and told") {
  CHECK(match("openai | gemini~", "openai").not_yet.empty());
  CHECK(match("openai | gemini~", "gemini").not_yet.size() == 1);
  CHECK(check::shown_shape("openai | gemini~ [x, ...]") == "openai | gemini [x, …]");
}

TEST_CASE("names in values are references to look up, and groups are not") {
  const auto tools = match("TOOLS, ...", "a.b, calendar.*, not c");
  REQUIRE(tools.references.size() == 2);
  CHECK(tools.references[0].path.text() == "a.b");
  CHECK(tools.references[1].path.text() == "c");
}

TEST_CASE("values are read from left to right, and a reader that does not fit takes nothing") {
  const auto written = clause("x model \"hint\" after 400ms by a.b, 3 1.5 80% 1s..8s secret(\"K\") none [1]");
  check::Args args{written.get()};
  CHECK_FALSE(args.word("none"));
  const auto line = args.line();
  REQUIRE(line);
  CHECK(line->hint);
  CHECK_FALSE(line->is_protected);
  CHECK(line->text->constant() == "hint");
  CHECK_FALSE(args.duration());
  CHECK(args.word("after"));
  CHECK(args.duration() == 400ms);
  CHECK(args.word() == "by");
  CHECK(args.word().empty());  // a path of two parts is no word
  CHECK(args.path()->text() == "a.b");
  CHECK(args.integer() == 3);
  CHECK_FALSE(args.integer());
  CHECK(args.number() == 1.5);
  CHECK(args.percent() == 80);
  CHECK(args.durations() == std::pair<std::chrono::milliseconds, std::chrono::milliseconds>{1s, 8s});
  CHECK_FALSE(args.call("file"));
  CHECK(args.call("secret") == "K");
  CHECK(args.word("none"));
  CHECK(args.expr()->as<ast::List>());
  CHECK(args.done());
  CHECK(args.peek() == nullptr);
  CHECK(args.expr() == nullptr);
}
