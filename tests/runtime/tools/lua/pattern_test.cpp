// The counted pattern functions against Lua's own, on small texts and patterns of every kind, wrong ones included.

#include <catch2/catch_test_macros.hpp>
#include <lua.hpp>
#include <memory>
#include <random>

#include "tests/runtime/tools/lua/running.h"

namespace flow::tools::lua {
namespace {

// A Lua program that compares: both must fail, or both give the same results.
const std::string Compare = R"lua(
local function results(f, ...)
  local r = table.pack(pcall(f, ...))
  if not r[1] then return 'error' end
  for i = 1, r.n do r[i] = tostring(r[i]) end
  return table.concat(r, '|', 1, r.n)
end
local function all(gmatch, ...)
  local out = {}
  for a, b, c in gmatch(...) do
    out[#out + 1] = tostring(a) .. ',' .. tostring(b) .. ',' .. tostring(c)
    if #out > 50 then break end
  end
  return table.concat(out, ';')
end
function tool(a)
  local r = {}
  for i, case in ipairs(a) do
    local s, p, init, repl = case.s, case.p, case.init, case.repl
    r[i] = table.concat({
      results(string.find, s, p, init), results(string.find, s, p, init, true), results(string.match, s, p, init),
      results(all, string.gmatch, s, p), results(all, string.gmatch, s, p, init),
      results(string.gsub, s, p, repl), results(string.gsub, s, p, repl, init),
      results(string.gsub, s, p, {a = 'A', ab = false}), results(string.gsub, s, p, function(x, y) return y and '<' .. tostring(x) .. '>' end),
      results(string.rep, s, init, p),
    }, '\n')
  end
  return r
end
)lua";

auto text_from(std::mt19937& random, const std::vector<std::string>& pieces, std::size_t most) -> std::string {
  std::string text;
  for (auto n = random() % (most + 1); n > 0; --n) text += pieces[random() % pieces.size()];
  return text;
}

auto cases(std::uint32_t seed, int count) -> Value::List {
  const std::vector<std::string> Letters{"a", "b", "ab", "A", "1", "2", " ", "(", ")", "-", ".", "%", "[", "\n", "x"};
  const std::vector<std::string> Items{"a", "b", ".", "%a", "%d", "%s", "%w", "%A", "%D", "[ab]", "[^a]", "[a-b1]", "[%a_]", "[]]", "[^]]", "[a-]", "x"};
  const std::vector<std::string> Odd{"(", ")", "()", "%", "[", "]", "^", "$", "%1", "%2", "%b()", "%bab", "%f[%w]", "%f[^a]", "%f", "-", "*", "?", "+", "%%", "%."};
  const std::vector<std::string> Suffixes{"", "", "", "*", "+", "-", "?"};
  std::mt19937 random(seed);
  Value::List list;
  for (int i = 0; i < count; ++i) {
    std::string pattern = random() % 6 == 0 ? "^" : "";
    int open = 0;
    for (auto n = random() % 6; n > 0; --n) {
      if (random() % 4 == 0) pattern += "(", ++open;
      pattern += random() % 4 == 0 ? Odd[random() % Odd.size()] : Items[random() % Items.size()] + Suffixes[random() % Suffixes.size()];
      if (open > 0 && random() % 2 == 0) pattern += ")", --open;
    }
    while (open-- > 0 && random() % 8 > 0) pattern += ")";
    if (random() % 5 == 0) pattern += "$";
    list.push_back(Value::Record{{"s", text_from(random, Letters, 8)},
                                 {"p", pattern},
                                 {"init", static_cast<int>(random() % 14) - 4},
                                 {"repl", text_from(random, {"a", "%0", "%1", "%2", "%%", "-"}, 3)}});
  }
  return list;
}

// The same program in a plain state with Lua's own library.
auto by_lua_itself(const Value::List& all) -> std::vector<std::string> {
  const std::unique_ptr<lua_State, decltype(&lua_close)> state(luaL_newstate(), lua_close);
  auto* L = state.get();
  luaL_openlibs(L);
  REQUIRE(luaL_dostring(L, Compare.c_str()) == LUA_OK);
  lua_getglobal(L, "tool");
  lua_newtable(L);
  for (std::size_t i = 0; i < all.size(); ++i) {
    lua_newtable(L);
    for (const auto& [name, value] : *all[i].record()) {
      value.text() ? (void)lua_pushlstring(L, value.text()->data(), value.text()->size()) : lua_pushinteger(L, std::get<std::int64_t>(value.data));
      lua_setfield(L, -2, name.c_str());
    }
    lua_rawseti(L, -2, static_cast<lua_Integer>(i) + 1);
  }
  REQUIRE(lua_pcall(L, 1, 1, 0) == LUA_OK);
  std::vector<std::string> results;
  for (std::size_t i = 0; i < all.size(); ++i) {
    lua_rawgeti(L, -1, static_cast<lua_Integer>(i) + 1);
    results.emplace_back(lua_tostring(L, -1));
    lua_pop(L, 1);
  }
  return results;
}

TEST_CASE("find, match, gmatch, gsub and rep agree with Lua's own on twenty thousand generated patterns") {
  int matched = 0;
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const auto all = cases(seed, 500);
    const auto theirs = by_lua_itself(all);
    Running running{.source = Compare, .argument = all};
    running.steps_max = 1'000'000'000;
    const auto end = running.end();
    REQUIRE(std::holds_alternative<Returned>(end));
    const auto& ours = *std::get<Returned>(end).result.list();
    for (std::size_t i = 0; i < all.size(); ++i) {
      INFO(to_json(all[i]));
      REQUIRE(*ours[i].text() == theirs[i]);
      matched += theirs[i].starts_with("true|") && !theirs[i].starts_with("true|nil");
    }
  }
  CHECK(matched > 5'000);
}

TEST_CASE("a mistake in a pattern is said as Lua says it") {
  CHECK(outcome_of("return ('x'):find('[a')").ends_with("malformed pattern (missing ']')"));
  CHECK(outcome_of("return ('x'):find('%')").ends_with("malformed pattern (ends with '%')"));
  CHECK(outcome_of("return ('x'):find('(x')").ends_with("unfinished capture"));
  CHECK(outcome_of("return ('x'):gsub('x', '%9')").find("invalid capture index") != std::string::npos);
}

TEST_CASE("patterns of the standard library work on the counted functions") {
  CHECK(outcome_of("local n = 0 for c in ('äöü'):gmatch(utf8.charpattern) do n = n + 1 end return n") == "3");
  CHECK(outcome_of("return (('\\0a\\0'):gsub('%z*', ''))") == outcome_of("return '\\0a\\0'"));
}

}  // namespace
}  // namespace flow::tools::lua
