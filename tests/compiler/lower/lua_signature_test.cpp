#include "compiler/lower/lua_signature.h"

#include <catch2/catch_test_macros.hpp>

namespace flow::lower {
namespace {

using Params = std::vector<std::string>;

auto the(std::string_view source) -> LuaFunction {
  const auto found = lua_functions(source);
  REQUIRE(found.size() == 1);
  return found.front();
}

TEST_CASE("both ways to write a global function are found") {
  CHECK(the("function look(query, limit) return 1 end").params == Params{"query", "limit"});
  CHECK(the("look = function(query) end").params == Params{"query"});
  CHECK(the("function look() end").params.empty());
  CHECK(the("function look(...) end").params == Params{"..."});
}

TEST_CASE("a local function is no global") {
  CHECK(the("local function look(query) end").local);
  CHECK(the("local look = function(query) end").local);
  CHECK_FALSE(the("function look(query) end").local);
}

TEST_CASE("fields and methods are no globals") {
  CHECK(lua_functions("function shop.look(query) end").empty());
  CHECK(lua_functions("function shop:look(query) end").empty());
  CHECK(lua_functions("shop.look = function(query) end").empty());
  CHECK(the("shop = { look = function(query) end }").name == "shop");
  CHECK(lua_functions("run({ look = function(query) end })").empty());
}

TEST_CASE("what stands inside of a function is not defined when the file is loaded") {
  const auto found = lua_functions(R"(
    function outer(a)
      if a then function inner(b) end end
      for i = 1, 2 do inner2 = function(c) end end
      while a do a = nil end
      repeat local x = 1 until x
    end
    function after(d) end
  )");
  REQUIRE(found.size() == 2);
  CHECK(found[0].name == "outer");
  CHECK(found[1].name == "after");
}

TEST_CASE("a function in a block at the top is defined") {
  const auto found = lua_functions("do local cache = {} function look(query) return cache[query] end end");
  REQUIRE(found.size() == 2);
  CHECK(found[1].name == "look");
  CHECK_FALSE(found[1].local);
}

TEST_CASE("comments and texts define nothing") {
  CHECK(lua_functions("-- function a() end\n--[[ function b() end ]] --[==[ function c() ]] end ]==]").empty());
  CHECK(the("x = \"function a() end \\\" function b() end\"").name == "x");
  CHECK(the("x = [[\nfunction a() end\n]]").name == "x");
  CHECK(the("#!/usr/bin/lua function no() end\nfunction yes() end").name == "yes");
}

TEST_CASE("parameters are found through comments between them") {
  CHECK(the("function look(query, -- what\n  limit --[[ how many ]])\nend").params == Params{"query", "limit"});
}

TEST_CASE("a name is where the file has it") {
  const std::string_view source = "-- x\nfunction look(q) end";
  const auto found = the(source);
  CHECK(source.substr(found.begin, found.end - found.begin) == "look");
}

TEST_CASE("names and order must agree, and a last call may follow") {
  const auto function = [](Params params) { return LuaFunction{.name = "look", .params = std::move(params)}; };
  CHECK(takes(function({"query", "limit"}), {"query", "limit"}));
  CHECK(takes(function({"query", "limit", "call"}), {"query", "limit"}));
  CHECK(takes(function({"call"}), {}));
  CHECK_FALSE(takes(function({"limit", "query"}), {"query", "limit"}));
  CHECK_FALSE(takes(function({"query"}), {"query", "limit"}));
  CHECK_FALSE(takes(function({"query", "limit", "other"}), {"query", "limit"}));
  CHECK_FALSE(takes(function({"call", "query"}), {"query"}));
}

TEST_CASE("a function that comes from elsewhere is taken as it is") {
  const auto found = the("look = require_something().look");
  CHECK_FALSE(found.known);
  CHECK(takes(found, {"query"}));
}

TEST_CASE("no cut of a file is read beyond its end") {
  const std::string source = "local function a(b, ...) return [==[ x ]==] .. \"y\\\"\" end --[[ z ]]\nc = function(d) if d then e() end end";
  for (std::size_t n = 0; n <= source.size(); ++n) lua_functions(std::string_view{source}.substr(0, n));
  SUCCEED();
}

}  // namespace
}  // namespace flow::lower
