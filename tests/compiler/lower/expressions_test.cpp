// What names and conditions mean where they stand, seen through small flows.

#include <catch2/catch_test_macros.hpp>

#include "compiler/ir/eval.h"
#include "tests/support/lower.h"

namespace flow::lower {
namespace {

using test::codes;
using test::flow_with;
using test::said;
using Codes = std::multiset<std::string>;

const std::string Caller = R"(
enum Tier { basic, gold }
type Address { street: string?, city: string }
type Customer { name: string, tier: Tier, address: Address? }
state { caller: Customer?, other: Customer?, tries: int = 0, verified: bool = false, price: float = 1, since: date?, topics: [Tier] = [gold] }
)";

// What the desk says first, with a template under test.
auto greeting(const std::string& text) -> Compiled { return flow_with(Caller + "agent desk { greet first \"" + text + "\" }"); }
// A guard under test.
auto guard(const std::string& condition) -> Compiled { return flow_with(Caller + "on silence 8s if " + condition + " { say \"Hello?\" }"); }

TEST_CASE("what may be none is asked first, and is there on the side where it is known to be set") {
  for (const auto* good : {"{if caller}{caller.name}{/if}", "{if not caller}?{else}{caller.name}{/if}", "{if caller and caller.tier == gold}{caller.name}{/if}",
                           "{if caller != none}{caller.name}{/if}", "{if caller == none}?{else}{caller.name}{/if}", "{if caller.address}{caller.name}{caller.address.city}{/if}",
                           "{if caller.address.street}{caller.address.street}{/if}", "{if caller.tier == gold}{caller.name}{/if}",
                           "{if not caller or not other}?{else}{caller.name}{other.name}{/if}", "{if caller}{if caller.address}{caller.address.city}{/if}{/if}"}) {
    INFO(good);
    CHECK(said(greeting(good)) == "");
  }
}

TEST_CASE("what may be none and is not asked for is an error, on either side of the condition") {
  for (const auto* bad : {"{caller.name}", "{caller}", "{if verified}{caller.name}{/if}", "{if caller}?{else}{caller.name}{/if}", "{if not caller}{caller.name}{/if}",
                          "{if caller or verified}{caller.name}{/if}", "{if caller}{caller.address.city}{/if}", "{if caller}x{/if}{caller.name}", "{if other}{caller.name}{/if}",
                          "{if caller.tier != gold}{caller.name}{/if}"}) {
    INFO(bad);
    CHECK(codes(greeting(bad)) == Codes{"F0402"});
  }
}

TEST_CASE("a message says which part of a path may be none") {
  CHECK(said(greeting("{if caller}{caller.address.city}{/if}")) == "7:39 F0402 `caller.address` may not be set here; ask first, as with `{if …}`\n");
}

TEST_CASE("one field of a record is set by making the record anew, if it is there") {
  const auto sets = [](const std::string& what, const std::string& guard = " if caller and caller.address") {
    return flow_with(Caller + "state { home: Address = Address(city: \"Bonn\") }\non silence 8s" + guard + " { set " + what + " }");
  };
  CHECK(said(sets("caller.name = \"Ann\"")) == "");
  CHECK(said(sets("caller.address.city = \"Ulm\"")) == "");
  CHECK(codes(sets("caller.name = \"Ann\"", "")) == Codes{"F0402"});
  CHECK(codes(sets("caller.nick = \"Ann\"")) == Codes{"F0403"});
  CHECK(codes(sets("tries.more = 1")) == Codes{"F0403"});
  CHECK(codes(sets("caller.tier = \"iron\"")) == Codes{"F0406"});
  CHECK(codes(sets("nobody.name = \"Ann\"")) == Codes{"F0301"});
  const auto compiled = sets("home.city = \"Ulm\"");
  REQUIRE(said(compiled) == "");
  const auto& action = compiled.program->handlers.begin()->actions.at(0);
  const auto old = Value::Record{{"city", "Bonn"}, {"street", "Am Markt"}};
  std::vector<Value> state(compiled.program->state.size());
  state.at(action.state.index) = old;
  const auto made = ir::evaluate(*compiled.program, action.expr, {.state = &state});
  CHECK(to_json(made) == R"({"street":"Am Markt","city":"Ulm"})");
}

TEST_CASE("a call is no value: records alone are made with parentheses") {
  CHECK(codes(guard("since == today()")) == Codes{"F0409"});
  const std::string look = "tool look() -> string reads { builtin stay_silent }\nagent desk { instructions \"x\"; tools look }\n";
  CHECK(codes(flow_with(look + "on silence 8s if look() { say \"Hello?\" }")) == Codes{"F0409"});
  CHECK(codes(guard("caller == Custmer(name: \"A\")")) == Codes{"F0301"});
}

TEST_CASE("conditions are true or false, or set or not") {
  for (const auto* good : {"verified", "caller", "not caller", "caller.address.street", "tries > 3", "caller.tier == gold", "gold == caller.tier", "caller.tier in [gold, basic]",
                           "gold in topics", "tries == 1.5", "price >= tries", "since > \"2026-01-01\"", "call.from == \"+15550100\"", "caller == none", "tries in [1, 2] and not verified",
                           "topics != []"}) {
    INFO(good);
    CHECK(said(guard(good)) == "");
  }
  CHECK(codes(guard("tries")) == Codes{"F0404"});
  CHECK(codes(guard("\"yes\"")) == Codes{"F0404"});
  CHECK(codes(guard("topics")) == Codes{"F0404"});
  CHECK(codes(guard("verified and tries")) == Codes{"F0404"});
}

TEST_CASE("only what has something in common is compared") {
  CHECK(codes(guard("tries == \"3\"")) == Codes{"F0405"});
  CHECK(codes(guard("verified > 3")) == Codes{"F0405"});
  CHECK(codes(guard("caller < other")) == Codes{"F0405"});
  CHECK(codes(guard("tries < none")) == Codes{"F0405"});
  CHECK(codes(guard("tries in 3")) == Codes{"F0405"});
  CHECK(codes(guard("caller.tier == tries")) == Codes{"F0405"});
}

TEST_CASE("values of an enum go by their bare names, and by no others") {
  CHECK(codes(guard("caller.tier == \"silver\"")) == Codes{"F0406"});
  CHECK(said(guard("caller.tier == Tier.gold")) == "");
  CHECK(codes(guard("caller.tier in [gold, \"silver\"]")) == Codes{"F0406"});
}

TEST_CASE("unknown fields are found, with the one that was meant") {
  const auto compiled = greeting("{if caller}{caller.nam}{/if}");
  REQUIRE(codes(compiled) == Codes{"F0403"});
  CHECK(compiled.checked.report.all()[0].fix.front().text == "name");
  CHECK(codes(greeting("{call.colour}")) == Codes{"F0403"});
  CHECK(codes(greeting("{tries.name}")) == Codes{"F0403"});
}

TEST_CASE("defaults are constants of their type") {
  const auto state = [](const std::string& field) { return codes(flow_with(Caller + "state { x: " + field + " }")); };
  CHECK(state("int = 1") == Codes{});
  CHECK(state("float = 1") == Codes{});
  CHECK(state("date = \"2026-02-03\"") == Codes{});
  CHECK(state("duration = 2m") == Codes{});
  CHECK(state("[string] = []") == Codes{});
  CHECK(state("Customer? = Customer(name: \"Ann\", tier: gold)") == Codes{});
  CHECK(state("json = none") == Codes{});
  CHECK(state("int = 1.5") == Codes{"F0401"});
  CHECK(state("date = \"tomorrow\"") == Codes{"F0401"});
  CHECK(state("int = none") == Codes{"F0401"});
  CHECK(state("[int] = [1, \"2\"]") == Codes{"F0401"});
  CHECK(state("Customer? = Customer(name: \"Ann\")") == Codes{"F0410"});
  CHECK(state("Customer? = Customer(name: \"Ann\", tier: gold, age: 3)") == Codes{"F0403"});
  CHECK(state("int") == Codes{"F0411"});
  CHECK(state("string = \"{tries}\"") == Codes{"F0208"});
}

TEST_CASE("a record's missing fields have their defaults") {
  const auto compiled = flow_with("type Order { id: string, count: int = 2, note: string? }\nstate { order: Order = Order(id: \"A1\") }");
  REQUIRE(compiled.program);
  CHECK(to_json(ir::initial_state(*compiled.program)[0]) == R"({"id":"A1","count":2})");
}

TEST_CASE("a value that may be none is not given to what must be there") {
  const auto set = [](const std::string& actions) { return codes(flow_with(Caller + "on hangup { " + actions + " }")); };
  CHECK(set("set caller = other") == Codes{});
  CHECK(set("set caller = none") == Codes{});
  CHECK(set("if since { set price = tries }") == Codes{});
  CHECK(set("set tries = none") == Codes{"F0401"});
  CHECK(set("set verified = caller.name == \"Ann\"") == Codes{});
  CHECK(set("if other { set caller = other } else { set caller = other }") == Codes{});
  CHECK(codes(flow_with(Caller + "state { n: string = \"\" }\non hangup { set n = caller.name }")) == Codes{"F0402"});
  CHECK(codes(flow_with(Caller + "state { n: string = \"\" }\non hangup { if caller { set n = caller.name } }")) == Codes{});
}

TEST_CASE("a chain of else-if longer than anyone follows is an error, not a crash") {
  std::string chain = "if verified { say \"a\" }";
  for (int i = 0; i < 300; ++i) chain += " else if verified { say \"a\" }";
  const auto found = codes(flow_with(Caller + "on hangup { " + chain + " }"));
  CHECK_FALSE(found.empty());
}

}  // namespace
}  // namespace flow::lower
