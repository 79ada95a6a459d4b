// A flow in another language: its lines are said as a `locale` has them.

#include <catch2/catch_test_macros.hpp>

#include "compiler/ir/eval.h"
#include "tests/support/lower.h"

using namespace flow;
using namespace flow::test;

namespace {

using Codes = std::multiset<std::string>;

const std::string Shop = R"(flow shop { start desk; max_duration 30m; locale "en-US" }
state { name: string? }
agent desk { greet first "Hello{if name}, {name}{/if}."; instructions """
  Help.
  Be brief.
  """ }
on silence 8s { say "Are you still there?" }
on call_start { set name = "Ada" }
)";
const std::string German = R"(locale "de-DE" {
  "Hello{if name}, {name}{/if}." : "Guten Tag{if name}, {name}{/if}."
  "Are you still there?" : "Sind Sie noch da?"
  """Help.
     Be brief.""" : "Hilf. Fasse dich kurz."
}
)";

auto in(const std::string& locale, const std::string& source) -> ir::Program {
  auto options = reading({{"main.flow", source}});
  options.locale = locale;
  auto compiled = lower::compile("main.flow", options);
  INFO(said(compiled));
  REQUIRE(compiled.program);
  return *std::move(compiled.program);
}

auto greeting(const ir::Program& program, Value name) -> std::string {
  const std::vector<Value> state{std::move(name)};
  return ir::render(program, program.agents[program.start].greet_first->text, {&state, nullptr, nullptr});
}

}  // namespace

TEST_CASE("as it is written, unless a language is asked for") {
  CHECK(greeting(in("", Shop + German), "Ada") == "Hello, Ada.");
  CHECK(greeting(in("en-US", Shop + German), "Ada") == "Hello, Ada.");
  CHECK(in("", Shop + German).locale == "en-US");
}

TEST_CASE("lines, prompts and what handlers say are those of the language") {
  const auto program = in("de-DE", Shop + German);
  CHECK(program.locale == "de-DE");
  CHECK(greeting(program, "Ada") == "Guten Tag, Ada.");
  CHECK(greeting(program, Value{}) == "Guten Tag.");
  const auto& agent = program.agents[program.start];
  CHECK(ir::render(program, agent.instructions, {}) == "Hilf. Fasse dich kurz.");
  CHECK(ir::render(program, program.instructions, {}) == "Speak the language of de-DE with the caller.");
  CHECK(ir::render(program, program.handlers[Id<ir::Handler>{0}].actions[0].line->text, {}) == "Sind Sie noch da?");
}

TEST_CASE("a language without a table is not spoken") { CHECK(in("fr-FR", Shop + German).locale == "en-US"); }

TEST_CASE("what a translation inserts is checked in every language") {
  const auto broken = [](const std::string& to) { return codes(lowered(Shop + "locale \"de-DE\" { \"Are you still there?\" : \"" + to + "\" }")); };
  CHECK(broken("Sind Sie noch da?") == Codes{});
  CHECK(broken("Sind Sie noch da, {nobody}?") == Codes{"F0304"});
  CHECK(broken("Sind Sie noch da, {name}?") == Codes{"F0402"});
}
