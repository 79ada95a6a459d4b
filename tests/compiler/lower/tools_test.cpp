#include <catch2/catch_test_macros.hpp>

#include "tests/support/lower.h"

namespace flow::lower {
namespace {

using test::codes;
using test::flow_with;
using test::said;
using Codes = std::multiset<std::string>;

auto only_tool(const Compiled& compiled) -> ir::Tool {
  INFO(said(compiled));
  REQUIRE(compiled.program);
  REQUIRE(compiled.program->tools.size() == 1);
  return *compiled.program->tools.begin();
}

TEST_CASE("a tool has its documentation, its schema and the whole text of its Lua") {
  const auto row = only_tool(flow_with(R"(
/// Find the orders that a caller placed.
tool find(query: string "what for", limit: int = 5) -> [string] reads {
  lua "tools/find.lua"
  examples "what did I order"
  examples "where is it"
  env "SHOP_API"
})",
                                       {{"tools/find.lua", "function find(query, limit) end"}}));
  CHECK(row.doc == "Find the orders that a caller placed.");
  CHECK(row.lua_file == "tools/find.lua");
  CHECK(row.lua_source == "function find(query, limit) end");
  CHECK(row.examples == std::vector<std::string>{"what did I order", "where is it"});
  CHECK(row.env == std::vector<std::string>{"SHOP_API"});
  CHECK(row.schema.find(R"("description":"what for")") != std::string::npos);
}

TEST_CASE("Lua is read beside the file that names it") {
  const auto compiled = test::lowered("import \"lib/tools.flow\"\nflow shop { start desk }\nagent desk { instructions \"Help.\"; tools tools.* }",
                                      {{"lib/tools.flow", "tool find() reads { lua \"find.lua\" }"}, {"lib/find.lua", "function find() end"}});
  CHECK(only_tool(compiled).lua_source == "function find() end");
  CHECK(compiled.program->agents[compiled.program->start].tools.size() == 1);
}

TEST_CASE("Lua that cannot be read, or does not fit, is an error at the file's name") {
  const auto with = [](const test::Files& files) { return flow_with("tool find(query: string) reads { lua \"find.lua\" }", files); };
  CHECK(said(with({})) == "3:38 F0801 cannot read `find.lua`: no such file\n");
  CHECK(codes(with({{"find.lua", "function other(query) end"}})) == Codes{"F0714"});
  CHECK(codes(with({{"find.lua", "function find(other) end"}})) == Codes{"F0715"});
  CHECK(codes(with({{"find.lua", "function find(query, call) end"}})) == Codes{});
  CHECK(codes(with({{"find.lua", "function find(query) this is no Lua"}})) == Codes{});
}

TEST_CASE("a note shows the function in the Lua file") {
  const auto compiled = flow_with("tool find(query: string) reads { lua \"find.lua\" }", {{"find.lua", "\nlocal function find(query) end"}});
  REQUIRE(codes(compiled) == Codes{"F0714"});
  const auto& note = compiled.checked.report.all()[0].notes.at(0);
  CHECK(compiled.checked.sources[note.at.file].path() == "find.lua");
  CHECK(compiled.checked.sources[note.at.file].text(note.at) == "find");
}

TEST_CASE("sets takes from the result and the parameters") {
  const std::string state = "type Customer { name: string }\nstate { caller: Customer?, code: string?, ok: bool = false }\n";
  const auto sets = [&](const std::string& what, const std::string& head = "tool check(given: string) -> Customer reads") {
    return codes(flow_with(state + head + " { builtin stay_silent; sets " + what + " }"));
  };
  CHECK(sets("caller = result, code = given, ok = true") == Codes{});
  CHECK(sets("code = result.name") == Codes{});
  CHECK(sets("ok = result") == Codes{"F0401"});
  CHECK(sets("caller = result", "tool check(given: string) reads") == Codes{"F0412"});
  CHECK(sets("code = result.nick") == Codes{"F0403"});
}

TEST_CASE("available and confirm see what they may") {
  const std::string state = "state { verified: bool = false }\n";
  CHECK(codes(flow_with(state + "tool pay(id: string) writes { builtin stay_silent; available if verified; confirm \"Pay {id}?\" }")) == Codes{});
  CHECK(codes(flow_with(state + "tool pay(id: string?) writes { builtin stay_silent; confirm \"Pay {id}?\" }")) == Codes{"F0402"});
}

TEST_CASE("an agent's tools are listed once, in the order they are named") {
  const auto compiled = test::lowered(
      "import \"kit.flow\"\nflow shop { start desk }\nagent desk { instructions \"Help.\"; tools c, kit.*, not kit.a }\ntool c() pure { builtin stay_silent }",
      {{"kit.flow", "tool a() pure { builtin stay_silent }\ntool b() pure { builtin stay_silent }"}});
  INFO(said(compiled));
  REQUIRE(compiled.program);
  std::string names;
  for (const auto id : compiled.program->agents[compiled.program->start].tools) names += compiled.program->tools[id].name;
  CHECK(names == "cb");
}

TEST_CASE("names that the runtime gives to its own functions are taken") {
  CHECK(codes(flow_with("tool stop_tool() pure { builtin stay_silent }")) == Codes{"F0307"});
  CHECK(codes(flow_with("tool handoff_desk() pure { builtin stay_silent }")) == Codes{"F0307"});
}

}  // namespace
}  // namespace flow::lower
