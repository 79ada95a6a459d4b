// What a tool can do: arguments in, `flow` in between, a result or a failure out.

#include <catch2/catch_test_macros.hpp>

#include "tests/runtime/tools/lua/running.h"

namespace flow::tools::lua {
namespace {

using namespace std::chrono_literals;

TEST_CASE("arguments come by position, and a last `call` after them") {
  Running running{.source = "function tool(a, b, call) return {a, b or 'nothing', call.from, call.state.topic} end"};
  running.params = {"a", "b"};
  running.argument = "boots";
  running.call = Value::Record{{"id", "c1"}, {"from", "+1"}, {"state", Value::Record{{"topic", "orders"}}}};
  CHECK(outcome(running) == R"(["boots","nothing","+1","orders"])");
}

TEST_CASE("values go through Lua and back unchanged") {
  const Value value = Value::Record{{"list", Value::List{1, 2.5, "x", true, Value{}, 9}},
                                    {"nested", Value::Record{{"deep", Value::List{Value::List{1}}}}},
                                    {"whole", std::int64_t{1} << 62}};
  Running running{.source = "function tool(a) return a end", .argument = value};
  const auto end = running.end();
  REQUIRE(std::holds_alternative<Returned>(end));
  CHECK(std::get<Returned>(end).result == value);
}

TEST_CASE("fields of a result come in alphabetical order, the same every time") {
  for (int i = 0; i < 20; ++i) CHECK(outcome_of("return {zebra = 1, apple = 2, mango = 3, [\"b c\"] = 4}") == R"({"apple":2,"b c":4,"mango":3,"zebra":1})");
}

TEST_CASE("what is no value cannot leave Lua, and says why") {
  const auto why = [](const std::string& body) {
    const auto text = outcome_of(body);
    const std::string start = "R0205: the result of `tool` cannot be used: ";
    return text.starts_with(start) ? text.substr(start.size()) : text;
  };
  CHECK(why("return function() end") == "it holds a function, which is no value outside Lua");
  CHECK(why("return {coroutine.create(print)}") == "it holds a thread, which is no value outside Lua");
  CHECK(why("return 0/0") == "it holds a number that is not finite");
  CHECK(why("return {x = math.huge}") == "it holds a number that is not finite");
  CHECK(why("local t = {} t.t = {t} return t") == "it holds itself");
  CHECK(why("local t = {} for i = 1, 40 do t = {t} end return t") == "it is nested more than 32 deep");
  CHECK(why("local t = {} for i = 1, 30000 do t[i] = i end return t") == "it has more than 20000 values");
  CHECK(why("local s = string.rep('x', 1000000) return {s, s}") == "it has more than 1024 KiB of text");
  CHECK(why("return 'caf\\xe9'") == "it holds text that is not UTF-8");
  CHECK(why("return {1, 2, x = 3}") == "it has a table with both names and positions");
  CHECK(why("return {x = 3, [1] = 1}") == "it has a table with both names and positions");
  CHECK(why("return {1, nil, 3}") == "it has a list with gaps; flow.json.null holds a place");
  CHECK(why("return {[2^53] = 1}") == "it has a list with gaps; flow.json.null holds a place");
  CHECK(why("return {[true] = 1}") == "it has a list with gaps; flow.json.null holds a place");
}

TEST_CASE("a result asks no metamethod") {
  CHECK(outcome_of("return setmetatable({x = 1}, {__index = error, __pairs = error, __len = error})") == R"({"x":1})");
}

TEST_CASE("error with words, with a table, with anything else") {
  CHECK(outcome_of("error('no such order')") == "R0201: tools/t.lua:1: no such order");
  CHECK(outcome_of("error('no such order', 0)") == "R0201: no such order");
  CHECK(outcome_of("error({code = 'sold_out', message = 'none left'})") == "sold_out: none left");
  CHECK(outcome_of("error({code = 'sold_out'})") == "sold_out: sold_out");
  CHECK(outcome_of("error({})") == "R0201: the tool failed without a message");
  CHECK(outcome_of("error(nil)") == "R0201: the error is a nil, not text");
  CHECK(outcome_of("error(setmetatable({}, {__index = error, __tostring = error}))") == "R0201: the tool failed without a message");
  CHECK(outcome_of("error('\\xff', 0)") == "R0201: ?");
  CHECK(outcome_of("return nil + 1").starts_with("R0201: tools/t.lua:1: attempt to perform arithmetic on a nil value"));
}

TEST_CASE("an error may say that the network is to blame") {
  Running running{.source = "function tool(a) error{message = 'gone', network = true} end"};
  const auto end = running.end();
  CHECK(std::get<Failed>(end).network);
}

TEST_CASE("a file that cannot be loaded says where") {
  const auto load = [](const std::string& source) { return outcome({.source = source}); };
  CHECK(load("function tool(a)\n  retrun 1\nend") == "R0202: tools/t.lua:2: syntax error near '1'");
  CHECK(load("x = nil + 1") == "R0202: tools/t.lua:1: attempt to perform arithmetic on a nil value");
  CHECK(load("") == "R0202: tools/t.lua: no function `tool`; a Lua tool is the global function of its name");
  CHECK(load("local function tool(a) end") == "R0202: tools/t.lua: no function `tool`; a Lua tool is the global function of its name");
  CHECK(load("tool = 3") == "R0202: tools/t.lua: `tool` is no function written in Lua");
  CHECK(load("tool = string.rep") == "R0202: tools/t.lua: `tool` is no function written in Lua");
  CHECK(load("while true do end").starts_with("R0203: "));
}

TEST_CASE("the function's parameters are those of the tool") {
  const auto with = [](const std::string& parameters) {
    Running running{.source = "\nfunction tool(" + parameters + ") return 'ran' end"};
    running.params = {"query", "limit"};
    return outcome(running);
  };
  CHECK(with("query, limit") == "\"ran\"");
  CHECK(with("query, limit, call") == "\"ran\"");
  CHECK(with("query, ...") == "\"ran\"");
  CHECK(with("...") == "\"ran\"");
  CHECK(with("limit, query") ==
        "R0202: tools/t.lua:2: function `tool` takes (limit, query), the tool declares (query, limit); the names and their order must be the same");
  CHECK(with("query").starts_with("R0202"));
  CHECK(with("query, limit, other").starts_with("R0202"));
}

TEST_CASE("sleep waits outside, from wherever it is called") {
  Running running{.source = R"(
    local function twice(f) f() f() end
    function tool(a)
      flow.sleep(1.5)
      pcall(twice, function() flow.sleep(0.001) end)
      local co = coroutine.wrap(function() flow.sleep(2) coroutine.yield('yielded') flow.sleep(3) return 'returned' end)
      local first, second = co(), co()
      local index = setmetatable({}, {__index = function() flow.sleep(4) return 'indexed' end})
      return {first, second, index.x}
    end)"};
  CHECK(std::holds_alternative<Returned>(running.end()));
  CHECK(running.sleeps == std::vector<std::chrono::milliseconds>{1500ms, 1ms, 1ms, 2000ms, 3000ms, 4000ms});
  CHECK(outcome(running) == R"(["yielded","returned","indexed"])");
}

TEST_CASE("sleep passes through coroutines inside coroutines") {
  CHECK(outcome_of(R"(
    local function nest(depth)
      if depth == 0 then flow.sleep(1) coroutine.yield('deep') flow.sleep(1) return 'end' end
      local inner = coroutine.wrap(nest)
      flow.sleep(1)
      coroutine.yield(inner(depth - 1))
      return inner()
    end
    local co = coroutine.wrap(nest)
    return {co(5), co()}
  )") == R"(["deep","end"])");
}

TEST_CASE("where waiting is impossible sleep says so") {
  CHECK(outcome_of("table.sort({1, 2}, function() flow.sleep(1) end)").find("flow.sleep cannot wait here") != std::string::npos);
  CHECK(outcome_of("('x'):gsub('x', coroutine.wrap(function() flow.sleep(1) end))").find("flow.sleep cannot wait here") != std::string::npos);
  CHECK(outcome_of("flow.sleep(-1)").find("must be seconds") != std::string::npos);
  CHECK(outcome_of("flow.sleep(0/0)").find("must be seconds") != std::string::npos);
  CHECK(outcome_of("coroutine.yield(1)").find("outside a coroutine") != std::string::npos);
}

TEST_CASE("coroutines behave as Lua's") {
  CHECK(outcome_of(R"(
    local co = coroutine.create(function(x) local y = coroutine.yield(x + 1) error('stop ' .. y, 0) end)
    local good, next = coroutine.resume(co, 1)
    local bad, why = coroutine.resume(co, 'now')
    local dead, dead_why = coroutine.resume(co)
    return {good, next, bad, why, coroutine.status(co), dead, dead_why}
  )") == R"([true,2,false,"stop now","dead",false,"cannot resume dead coroutine"])");
  CHECK(outcome_of("local co co = coroutine.wrap(function() return pcall(co) end) return {co()}") == R"([false,"cannot resume non-suspended coroutine"])");
  CHECK(outcome_of("return {pcall(coroutine.wrap(function() error('x', 0) end))}") == R"([false,"x"])");
  CHECK(outcome_of("local n = 0 for i in coroutine.wrap(function() for i = 1, 10 do coroutine.yield(i) end end) do n = n + i end return n") == "55");
}

TEST_CASE("http asks and gets status, headers in lower case, and body") {
  Running running{.source = R"(
    function tool(a)
      local r = flow.http{url = 'http://shop/orders', method = 'PUT', headers = {['X-B'] = '2', ['X-A'] = 1}, body = 'hello', timeout = 2.5}
      return {status = r.status, kind = r.headers['content-type'], body = r.body}
    end)"};
  net::HttpRequest asked;
  running.network = [&](const net::HttpRequest& request) -> Result<net::HttpResponse> {
    asked = request;
    return net::HttpResponse{404, {{"Content-Type", "text/plain"}}, "none"};
  };
  const auto end = running.end();
  REQUIRE(std::holds_alternative<Returned>(end));
  CHECK(to_json(std::get<Returned>(end).result) == R"({"body":"none","kind":"text/plain","status":404})");
  CHECK(asked.url == "http://shop/orders");
  CHECK(asked.method == "PUT");
  CHECK(asked.body == "hello");
  CHECK(asked.deadline == 2500ms);
  CHECK(asked.headers == net::Headers{{"X-A", "1"}, {"X-B", "2"}});
}

TEST_CASE("an unreachable server is an error that can be caught, and else fails the tool with its code") {
  const auto with = [](const std::string& body) {
    Running running{.source = "function tool(a) " + body + " end"};
    running.network = [](const net::HttpRequest&) -> Result<net::HttpResponse> { return failure("R0101", "shop cannot be reached"); };
    return running;
  };
  CHECK(outcome(with("flow.http('http://shop')")) == "R0101: shop cannot be reached");
  auto uncaught = with("flow.http('http://shop')");
  CHECK(std::get<Failed>(uncaught.end()).network);
  CHECK(outcome(with("local good, e = pcall(flow.http, 'http://shop') return {good, e.code, e.network, tostring(e)}")) ==
        R"([false,"R0101",true,"shop cannot be reached"])");
}

TEST_CASE("a wrong request says what is wrong") {
  CHECK(outcome_of("flow.http{}").ends_with("flow.http: `url` is missing"));
  CHECK(outcome_of("flow.http{url = 'http://x', boddy = 1}").ends_with("flow.http has no `boddy`; it takes url, method, headers, body, timeout"));
  CHECK(outcome_of("flow.http{url = 'http://x', body = {}}").ends_with("flow.http: `body` must be text; flow.json.encode makes it"));
  CHECK(outcome_of("flow.http{url = 'http://x', headers = {1}}").find("`headers`") != std::string::npos);
}

TEST_CASE("JSON out and in") {
  CHECK(outcome_of("return flow.json.encode({b = {1, 2}, a = flow.json.null})") == R"("{\"a\":null,\"b\":[1,2]}")");
  CHECK(outcome_of("local v = flow.json.decode('{\"a\": [1, null, 3], \"b\": null}') return {#v.a, v.a[2] == flow.json.null, v.b == nil}") == "[3,true,true]");
  CHECK(outcome_of("return flow.json.decode('[1,')").find("flow.json.decode") != std::string::npos);
  CHECK(outcome_of("return flow.json.encode(print)").find("flow.json.encode cannot write this: it holds a function") != std::string::npos);
}

TEST_CASE("log and progress are heard on the way; of many progress texts only the last of a slice") {
  Running running{.source = "function tool(a) flow.log('looking', 3, {x = 1}, nil) print('printed') flow.progress('half') flow.progress('most') end"};
  CHECK(std::holds_alternative<Returned>(running.end()));
  REQUIRE(running.said.size() == 3);
  CHECK(running.said[0].text == R"(looking 3 {"x":1} nil)");
  CHECK(running.said[1].text == "printed");
  CHECK((running.said[2].progress && running.said[2].text == "most"));
}

TEST_CASE("logging without end is cut, not gathered") {
  Running running{.source = "function tool(a) while true do flow.log(string.rep('x', 100000)) end end"};
  Script script(running.task());
  script.run({});
  const auto said = script.take_said();
  CHECK(said.size() <= Script::SaidMax);
  CHECK(said[0].text.size() == Script::TextMax);
}

TEST_CASE("env reads what the tool lists, and nothing else") {
  Running running{.source = "function tool(a) return {flow.env('SHOP'), flow.env('UNSET') == nil, pcall(flow.env, 'HOME')} end"};
  running.environment = {{"SHOP", "http://shop"}, {"UNSET", std::nullopt}};
  CHECK(outcome(running).starts_with(R"(["http://shop",true,false,"flow.env: the tool may not read HOME)"));
}

}  // namespace
}  // namespace flow::tools::lua
