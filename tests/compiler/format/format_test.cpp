#include "compiler/format/format.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "tests/support/compile.h"
#include "tests/support/layout.h"
#include "tests/support/places.h"

using namespace flow;
namespace fs = std::filesystem;

namespace {

auto formatted(const std::string& text) -> std::string {
  const auto out = test::format_and_look("a.flow", text);
  INFO(text << "\nbecame\n" << out.text);
  CHECK(out.broken.value_or("") == "");
  return out.text;
}

auto flows_of_the_repository() -> std::vector<std::string> {
  std::vector<std::string> out;
  for (const auto* folder : {"flows", "examples", "stdlib", "tests/compiler"}) {
    for (const auto& entry : fs::recursive_directory_iterator{fs::path{test::source_dir()} / folder}) {
      if (entry.path().extension() == ".flow") out.push_back(entry.path().string());
    }
  }
  return out;
}

}  // namespace

TEST_CASE("values of clauses that follow each other stand in one column") {
  CHECK(formatted("agent a {\nvoice \"marin\"\ngreet first \"Hi\"\ninstructions \"Be kind.\"\n\ntools x\n}\n") ==
        "agent a {\n  voice        \"marin\"\n  greet first  \"Hi\"\n  instructions \"Be kind.\"\n\n  tools x\n}\n");
}

TEST_CASE("a long name with a block of its own stands out of the column") {
  CHECK(formatted("agent a {\n voice \"m\"\n turn_detection semantic_vad { eagerness high }\n barge_in { after 200ms }\n}\n") ==
        "agent a {\n  voice    \"m\"\n  turn_detection semantic_vad { eagerness high }\n  barge_in { after 200ms }\n}\n");
}

TEST_CASE("types of fields stand in one column, and so does what stands behind them, but defaults do not") {
  CHECK(formatted("state {\n caller: Customer?  persist 30d by call.from\n verified:bool=false\n t : [ Topic ] ? extract \"why\"\n}\n") ==
        "state {\n  caller:   Customer? persist 30d by call.from\n  verified: bool = false\n  t:        [Topic]?  extract \"why\"\n}\n");
}

TEST_CASE("a block in one line stays in one line, and one that is broken anywhere is broken everywhere") {
  CHECK(formatted("enum A{a,b}\non silence 8s{say \"x\";end_call}\n") == "enum A { a, b }\non silence 8s { say \"x\"; end_call }\n");
  CHECK(formatted("on silence 8s { say \"x\"; if a { say \"y\"\n } }\n") == "on silence 8s {\n  say \"x\"\n  if a {\n    say \"y\"\n  }\n}\n");
}

TEST_CASE("a brace and an else stand on the line of what they belong to") {
  CHECK(formatted("agent a\n{\n voice \"x\"\n}\n") == "agent a {\n  voice \"x\"\n}\n");
  CHECK(formatted("agent a // first\n{\n voice \"x\"\n}\n") == "agent a {  // first\n  voice \"x\"\n}\n");
  CHECK(formatted("on hangup {\n if a {\n say \"x\"\n }\n else {\n say \"y\" } }\n") == "on hangup {\n  if a {\n    say \"x\"\n  } else {\n    say \"y\"\n  }\n}\n");
}

TEST_CASE("what follows a comma stands below the first value") {
  CHECK(formatted("tool t() reads {\n examples \"a\",\n \"b\"\n policy p { timeout 5s\n else say \"x\" }\n}\n") ==
        "tool t() reads {\n  examples \"a\",\n           \"b\"\n  policy   p {\n    timeout 5s\n            else say \"x\"\n  }\n}\n");
}

TEST_CASE("what stands in brackets over several lines is indented") {
  CHECK(formatted("tool look(\nid: string \"which\",\n    limit: int = 5,\n) -> [string] reads\n{\n builtin stay_silent }\n") ==
        "tool look(\n  id: string \"which\",\n  limit: int = 5,\n) -> [string] reads {\n  builtin stay_silent\n}\n");
}

TEST_CASE("comments keep their place, and those at line ends stand one below the other") {
  CHECK(formatted("// top\n\n\n\nimport std.policies // a\nimport \"o.flow\"    // b\n\n  // alone\nenum A { // c\n a // d\n // last\n}\n") ==
        "// top\n\nimport std.policies  // a\nimport \"o.flow\"      // b\n\n// alone\nenum A {  // c\n  a  // d\n  // last\n}\n");
}

TEST_CASE("groups of lines stay groups, with one blank line between them") {
  CHECK(formatted("\n\nenum A { a }\nenum B { b }\n\n\n\nenum C { c }\n\n\n") == "enum A { a }\nenum B { b }\n\nenum C { c }\n");
}

TEST_CASE("a text block moves with its clause and keeps its value") {
  CHECK(formatted("agent a {\n instructions \"\"\"\n        One.\n\n          Two.\n    \"\"\"\n}\n") ==
        "agent a {\n  instructions \"\"\"\n        One.\n\n          Two.\n    \"\"\"\n}\n");
  CHECK(formatted("agent a { instructions \"\"\"\nOne.\n  Two.\n\"\"\"\n}\n") == "agent a {\n  instructions \"\"\"\n    One.\n      Two.\n    \"\"\"\n}\n");
  CHECK(formatted("agent a {\r\n\tinstructions \"\"\"\r\n\t\tOne.\r\n\t\t\"\"\"\r\n}\r\n") == "agent a {\n  instructions \"\"\"\n    One.\n    \"\"\"\n}\n");
}

TEST_CASE("a doc comment stays with what it is about, and comes to nothing else") {
  CHECK(formatted("/// About A alone.\ntype A { id: string,\n name: string }\n") == "/// About A alone.\ntype A {\n  id:   string,\n  name: string\n}\n");
  CHECK(formatted("/// About nothing.\n; enum A { a }\n") == "/// About nothing.\n\nenum A { a }\n");
  CHECK(formatted("type A /// About nothing.\n{ id: string }\n") == "type A {  /// About nothing.\n\n  id: string\n}\n");
}

TEST_CASE("spaces stand between words and not inside brackets, paths and ranges") {
  CHECK(formatted("policy a:b { retry 2 every 1s .. 8s }\nstate { x:int=f( 1 ,[ 2,3 ] , n : not ( a.b in[c] ) ) }\n") ==
        "policy a : b { retry 2 every 1s..8s }\nstate { x: int = f(1, [2, 3], n: not (a.b in [c])) }\n");
}

TEST_CASE("a file with errors of syntax is left alone, and the errors are told") {
  diag::Report report;
  CHECK_FALSE(format::format({{0}, "a.flow", "agent a {\n  voice \"x\n"}, report));
  CHECK(report.has_errors());
}

TEST_CASE("an empty file stays empty") { CHECK(formatted("\n\n") == ""); }

TEST_CASE("the flows, examples and library that ship are laid out") {
  for (const auto* folder : {"flows", "examples", "stdlib"}) {
    for (const auto& entry : fs::recursive_directory_iterator{fs::path{test::source_dir()} / folder}) {
      if (entry.path().extension() != ".flow") continue;
      const auto text = test::read_file(entry.path().string());
      INFO(entry.path() << ": flowc fmt lays it out");
      CHECK(test::format_and_look(entry.path().string(), text).text == text);
    }
  }
}

TEST_CASE("formatting changes nothing that the compiler makes of any flow of the repository, nor does doing it twice") {
  int count = 0;
  for (const auto& path : flows_of_the_repository()) {
    const auto out = test::format_and_look(path, test::read_file(path));
    INFO(path);
    CHECK(out.broken.value_or("") == "");
    count += !out.text.empty();
  }
  CHECK(count > 20);
}

TEST_CASE("the same holds when the blanks of every flow are thrown about") {
  int count = 0, programs = 0;
  for (const auto& path : flows_of_the_repository()) {
    const auto text = test::read_file(path);
    for (std::uint64_t seed = 1; seed <= 6; ++seed, ++count) {
      const auto other = test::scattered(text, seed);
      const auto out = test::format_and_look(path, other);
      INFO(path << " seed " << seed << "\n" << other << "\nbecame\n" << out.text);
      REQUIRE(out.broken.value_or("") == "");
      programs += !out.text.empty();
    }
  }
  CHECK(programs > count / 4);
}
