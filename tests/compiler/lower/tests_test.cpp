// `test` blocks become steps, and the flow stays what it is without them.

#include <catch2/catch_test_macros.hpp>

#include "compiler/check/steps.h"
#include "compiler/ir/hash.h"
#include "compiler/ir/test.h"
#include "compiler/ir/text.h"
#include "tests/support/lower.h"

using namespace flow;
using namespace std::chrono_literals;
using Kind = ir::TestStep::Kind;

namespace {

const std::string Shop =
    "state { done: bool = false }\n"
    "type Order { id: string, count: int = 1 }\n"
    "agent desk { instructions \"Help.\" ; tools look, note ; handoff other when \"they ask\" { carry why: string \"why\" } }\n"
    "agent other { instructions \"Help.\" ; handoff back when \"it is done\" }\n"
    "tool look(query: string, limit: int = 5) -> [Order] reads { lua \"look.lua\" }\n"
    "tool note() reads { lua \"look.lua\" }\n";
const test::Files Lua{{"look.lua", "function look(query, limit) end function note() end"}};

auto one(const std::string& step) -> ir::TestStep {
  const auto compiled = test::flow_with(Shop + "test \"t\" { " + step + " }", Lua);
  INFO(test::said(compiled));
  REQUIRE(compiled.tests.tests.size() == 1);
  REQUIRE(compiled.tests.tests[0].steps.size() == 1);
  return compiled.tests.tests[0].steps[0];
}

auto code(const std::string& step) -> std::multiset<std::string> { return test::codes(test::flow_with(Shop + "test \"t\" { " + step + " }", Lua)); }

}  // namespace

TEST_CASE("a flow's text and hash do not change with its tests") {
  const auto without = test::flow_with(Shop, Lua);
  const auto with = test::flow_with(Shop + "test \"t\" { caller says \"Hello.\" ; check done ; tool look returns [Order(id: \"A1\")] }", Lua);
  REQUIRE(without.program);
  REQUIRE(with.program);
  CHECK(ir::to_text(*with.program) == ir::to_text(*without.program));
  CHECK(ir::content_hash(*with.program) == ir::content_hash(*without.program));
  CHECK(with.tests.program.exprs.size() > with.program->exprs.size());
}

TEST_CASE("a step of the caller has its words and its times") {
  const auto step = one("caller says \"Hello.\" after 2.9s for 1.3s");
  CHECK(step.kind == Kind::Says);
  CHECK(step.words == "Hello.");
  CHECK(step.after == 2900ms);
  CHECK(step.lasts == 1300ms);
  CHECK(one("caller waits 8s").lasts == 8000ms);
}

TEST_CASE("values are computed, and defaults of records are filled in") {
  const auto step = one("tool look returns [Order(id: \"A1\")] after 3s");
  CHECK(step.kind == Kind::ToolReturns);
  CHECK(to_json(step.result) == R"([{"id":"A1","count":1}])");
  CHECK(step.after == 3000ms);
  CHECK(one("tool note returns after 3s").after == 3000ms);
}

TEST_CASE("a call of the model names its tool and its arguments, in any number") {
  const auto step = one("model calls look(\"x\"), note(), read_result(number: 1)");
  REQUIRE(step.calls.size() == 3);
  CHECK(to_json(step.calls[0].arguments) == R"({"query":"x"})");
  CHECK(step.calls[1].name == "note");
  CHECK_FALSE(step.calls[2].tool);
}

TEST_CASE("an expectation is read as the sentence that it is") {
  using Of = ir::Expectation::Kind;
  CHECK(one("expect look called").expectation.kind == Of::Happens);
  CHECK(one("expect look called").expectation.what.news == ir::ToolNews::Called);
  CHECK(one("expect look(query: \"x\") delivered within 2s").expectation.within == 2000ms);
  CHECK(one("expect look called 2 times").expectation.times == 2);
  CHECK(one("expect not look called").expectation.kind == Of::Never);
  CHECK(one("expect not said \"x\"").expectation.what.words == "x");
  CHECK(one("expect agent other").expectation.what.kind == ir::Happening::Kind::AgentActive);
  CHECK(one("expect said \"x\" before look called").expectation.kind == Of::Before);
  CHECK(one("expect no overlap").expectation.kind == Of::NoOverlap);
  CHECK(one("expect no silence over 4s").expectation.limit == 4000ms);
  CHECK(one("expect call ended").expectation.what.kind == ir::Happening::Kind::CallEnded);
  CHECK(one("expect call lasts under 30s").expectation.limit == 30'000ms);
}

TEST_CASE("what a test cannot mean is an error of its own") {
  CHECK(code("tool note returns 3") == std::multiset<std::string>{"F1403"});
  CHECK(code("tool look returns") == std::multiset<std::string>{"F0703"});
  CHECK(code("model hands_off desk") == std::multiset<std::string>{"F1401"});
  CHECK(code("model hands_off other") == std::multiset<std::string>{"F0410"});
  CHECK(code("model calls look(query: 3)") == std::multiset<std::string>{"F0401"});
  CHECK(code("model calls look()") == std::multiset<std::string>{"F0410"});
  CHECK(code("model calls loook(query: \"x\")") == std::multiset<std::string>{"F0301"});
  CHECK(code("expect loook called") == std::multiset<std::string>{"F0301"});
  CHECK(code("expect look caled") == std::multiset<std::string>{"F0702"});
  CHECK(code("caller says \"x\" for 2m") == std::multiset<std::string>{});
  CHECK(code("caller says \"x\" for 3m") == std::multiset<std::string>{"F0413"});
  CHECK(code("check dune") == std::multiset<std::string>{"F0304"});
}

TEST_CASE("a file of tests alone tests the flow that it imports") {
  const test::Files files{{"shop.flow", "flow shop { start desk }\nagent desk { instructions \"Help.\" }\non silence 9s { say \"Mine.\" }"}};
  const auto compiled = test::lowered("import \"shop.flow\"\nimport std.patterns\ntest \"t\" { caller waits 9s }", files);
  INFO(test::said(compiled));
  REQUIRE(compiled.program);
  CHECK(compiled.program->name == "shop");
  CHECK(compiled.tests.tests.size() == 1);
}

TEST_CASE("the words for what becomes of a tool are those of the steps") {
  const auto& words = ir::words_of_tool_news();
  const auto& states = check::steps::states();
  REQUIRE(words.size() == states.size());
  for (std::size_t i = 0; i < words.size(); ++i) CHECK(words[i] == states[i].word);
}
