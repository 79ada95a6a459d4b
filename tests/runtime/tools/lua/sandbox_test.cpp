// What a hostile or careless tool cannot do: stay, grow, see others, or reach out.

#include <catch2/catch_test_macros.hpp>

#include "tests/runtime/tools/lua/running.h"

namespace flow::tools::lua {
namespace {

const std::string Memory = "R0203: `tool` needs more than its 16 MiB of memory";
const std::string Steps = "R0203: `tool` was ended: it ran for more than 20000000 steps";

TEST_CASE("an endless loop ends with the budget") {
  CHECK(outcome_of("while true do end") == Steps);
  CHECK(outcome_of("local function f() return f() end return f()") == Steps);
  CHECK(outcome_of("goto here ::here:: for i = 1, math.huge do end") == Steps);
}

TEST_CASE("an endless loop gives its thread back after every slice") {
  Running running{.source = "function tool(a) while true do end end"};
  running.steps_max = 400'000'000;
  Script script([&] {
    auto task = running.task();
    task.slice = std::chrono::milliseconds{1};
    return task;
  }());
  for (int i = 0; i < 20; ++i) CHECK(std::holds_alternative<MoreToDo>(script.run({})));
}

TEST_CASE("pcall does not outlive the budget") {
  CHECK(outcome_of("while true do pcall(function() while true do end end) end") == Steps);
  CHECK(outcome_of("local function f() pcall(f) f() end f()") == Steps);
  CHECK(outcome_of("while true do pcall(pcall, pcall, error) end") == Steps);
  CHECK(outcome_of("while true do xpcall(function() while true do end end, function() while true do end end) end") == Steps);
}

TEST_CASE("pcall does not outlive the budget where no slice can end") {
  // Inside a comparison the run cannot be left and come back to: the budget is an error there.
  CHECK(outcome_of("table.sort({1, 2}, function() while true do end end)") == Steps);
  CHECK(outcome_of("table.sort({1, 2}, function() while true do pcall(function() while true do end end) end end)") == Steps);
  CHECK(outcome_of("table.sort({1, 2}, function() local f = function() while true do end end while true do xpcall(f, f) end end)") == Steps);
  CHECK(outcome_of("('x'):gsub('x', function() while true do pcall(error) end end)") == Steps);
  CHECK(outcome_of("tostring(setmetatable({}, {__tostring = function() while true do end end}))") == Steps);
}

TEST_CASE("coroutines do not outlive the budget") {
  CHECK(outcome_of("while true do coroutine.wrap(function() while true do end end)() end") == Steps);
  CHECK(outcome_of("while true do coroutine.resume(coroutine.create(function() while true do end end)) end") == Steps);
  CHECK(outcome_of("while true do pcall(coroutine.wrap(function() for i = 1, 100 do end error('x') end)) end") == Steps);
  CHECK(outcome_of("local function nest() return coroutine.wrap(nest)() end while true do pcall(nest) end") == Steps);
  CHECK(outcome_of("table.sort({1, 2}, function() while true do pcall(coroutine.wrap(function() while true do end end)) end end)") == Steps);
}

TEST_CASE("variables that want to be closed do not outlive the budget") {
  CHECK(outcome_of("local x <close> = setmetatable({}, {__close = function() while true do end end}) while true do end") == Steps);
  CHECK(outcome_of(R"(
    local loop = function() while true do end end
    while true do
      local co = coroutine.create(function() local x <close> = setmetatable({}, {__close = loop}) loop() end)
      coroutine.resume(co)
    end)") == Steps);
  CHECK(outcome_of("return coroutine.close == nil") == "true");
}

TEST_CASE("a string pattern does not outlive the budget") {
  CHECK(outcome_of("return string.find(string.rep('a', 30), string.rep('.-', 12) .. 'b')") == Steps);
  CHECK(outcome_of("return string.match(string.rep('a', 40), string.rep('a*', 20) .. 'b')") == Steps);
  CHECK(outcome_of("for w in string.gmatch(string.rep('a', 40), string.rep('a?', 40) .. 'b') do end") == Steps);
  CHECK(outcome_of("return string.gsub(string.rep('a', 40), string.rep('.-', 12) .. 'b', '')") == Steps);
  CHECK(outcome_of("return string.find(string.rep('(', 1000000), '%b()')") == Steps);
  CHECK(outcome_of("return string.find(string.rep('a', 4000000), '[' .. string.rep('b', 4000000) .. ']')") == Steps);
  CHECK(outcome_of("pcall(string.find, string.rep('a', 30), string.rep('.-', 12) .. 'b') while true do end") == Steps);
}

TEST_CASE("plain search costs the sum of both lengths, not the product") {
  CHECK(outcome_of("return string.find(string.rep('a', 4000000), string.rep('a', 2000000) .. 'b', 1, true)") == "null");
}

TEST_CASE("library functions that loop do not outlive the budget") {
  CHECK(outcome_of("return #string.rep('', 1 << 60)") == "0");
  CHECK(outcome_of("local t = setmetatable({}, {__len = function() return 1 << 60 end}) table.insert(t, 1, 1) return #t < 0") == "false");
  CHECK(outcome_of("table.move({}, 1, 1 << 60, 2)") == Steps);
  CHECK(outcome_of("table.move({}, 1, 1 << 60, 2, {})") == Steps);
  CHECK(outcome_of("return table.concat(setmetatable({}, {__index = table.concat}), '', 1, 1 << 60)").starts_with("R0201: tools/t.lua:1: invalid value"));
  CHECK(outcome_of("return table.unpack({}, 1, 1 << 60)").starts_with("R0201: tools/t.lua:1: too many results"));
  CHECK(outcome_of("local s, t = string.rep('a', 2000000), {} for i = 1, 5000 do t[i] = s end table.sort(t)") == Steps);
}

TEST_CASE("memory ends at the cap, and cleanly") {
  CHECK(outcome_of("return string.rep('x', 1 << 30)") == Memory);
  CHECK(outcome_of("return string.rep('x', 1000000, string.rep('y', 1000))") == Memory);
  CHECK(outcome_of("local s = 'x' while true do s = s .. s end") == Memory);
  CHECK(outcome_of("local t = {} while true do t[#t + 1] = {t} end") == Memory);
  CHECK(outcome_of("local t = {} for i = 1, 1e9 do t[i] = i end") == Memory);
  CHECK(outcome_of("return table.concat({string.rep('x', 9000000), string.rep('y', 9000000)})") == Memory);
  CHECK(outcome_of("return ('x'):rep(1000000):gsub('x', string.rep('y', 1000))") == Memory);
  CHECK(outcome_of("local t = {} while true do t[#t + 1] = coroutine.create(function() end) end") == Memory);
}

TEST_CASE("a tool may live on after memory it did not get") {
  CHECK(outcome_of("local good = pcall(string.rep, 'x', 1 << 30) return {good = good, after = #string.rep('x', 1000)}") ==
        R"({"after":1000,"good":false})");
}

TEST_CASE("a tool too large for its memory fails to load") {
  CHECK(outcome({.source = "function tool(a) end", .memory_max = 4096}).starts_with("R0203"));
}

TEST_CASE("recursion without end is an error of the tool") {
  CHECK(outcome_of("local function f() return 1 + f() end return f()") == Memory);
  CHECK(outcome_of("local t = setmetatable({}, {}) getmetatable(t).__index = function(_, k) return t[k] end return t.x").find("overflow") !=
        std::string::npos);
  CHECK(outcome_of("local function f() return coroutine.wrap(f)() end return f()").find("overflow") != std::string::npos);
  CHECK(outcome_of("return string.rep('(', 300):find(string.rep('(.', 31) .. string.rep('.-', 300))").starts_with("R0201"));
}

TEST_CASE("nothing runs later: a metatable with __gc is refused") {
  CHECK(outcome_of("setmetatable({}, {__gc = function() while true do end end})").find("no __gc") != std::string::npos);
  CHECK(outcome_of("local m = {} local t = setmetatable({}, m) m.__gc = function() while true do end end t = nil return 1") == "1");
  CHECK(outcome_of("local m = {} setmetatable({}, m) m.__gc = print return pcall(setmetatable, {}, m)") == "false");
  CHECK(outcome_of("local m = setmetatable({}, {__index = {__gc = print}}) setmetatable({}, m) return 1") == "1");
}

TEST_CASE("a protected metatable stays") {
  CHECK(outcome_of("return pcall(setmetatable, setmetatable({}, {__metatable = 1}), {})") == "false");
  CHECK(outcome_of("return getmetatable(setmetatable({}, {__metatable = 'mine'}))") == "\"mine\"");
}

TEST_CASE("what reaches out of Lua is not there") {
  for (const auto* name : {"io", "os", "debug", "package", "require", "dofile", "loadfile", "load", "loadstring", "string.dump", "warn"}) {
    INFO(name);
    CHECK(outcome_of(std::string("return ") + name + " == nil") == "true");
  }
  CHECK(outcome_of("return _G.io == nil and _ENV.os == nil and getmetatable('').__index == string") == "true");
}

TEST_CASE("bytecode is not loaded") {
  CHECK(outcome({.source = "\x1bLua\x54 and the rest"}).starts_with("R0202: "));
}

TEST_CASE("what a run changes is gone with it") {
  Running running{.source = "count = (count or 0) + 1 string.rep = nil function tool(a) return count end"};
  CHECK(outcome(running) == "1");
  CHECK(outcome(running) == "1");
}

TEST_CASE("stop ends whatever runs") {
  for (const auto* body : {"while true do end", "while true do pcall(error) end", "table.move({}, 1, 1 << 60, 2)",
                           "string.find(string.rep('a', 30), string.rep('.-', 12) .. 'b')"}) {
    Running running{.source = std::string("function tool(a) ") + body + " end"};
    running.steps_max = std::uint64_t{1} << 60;
    Script script(running.task());
    if (std::string_view(body).starts_with("while")) CHECK(std::holds_alternative<MoreToDo>(script.run({})));
    script.stop();
    const auto end = script.run({});
    REQUIRE(std::holds_alternative<Failed>(end));
    CHECK(std::get<Failed>(end).text == "`tool` was ended: it was stopped");
  }
}

}  // namespace
}  // namespace flow::tools::lua
