// The table library on tables themselves: metamethods are not asked. Lua's own functions loop in C over whatever
// length and elements metamethods make up, where no hook looks.

#include <algorithm>
#include <array>

#include "runtime/tools/lua/run.h"

namespace flow::tools::lua {
namespace {

auto length_of(lua_State* L, int argument) -> lua_Integer {
  luaL_checktype(L, argument, LUA_TTABLE);
  return static_cast<lua_Integer>(lua_rawlen(L, argument));
}

auto table_insert(lua_State* L) -> int {
  const auto end = length_of(L, 1) + 1;
  auto at = end;
  switch (lua_gettop(L)) {
    case 2: break;
    case 3:
      at = luaL_checkinteger(L, 2);
      luaL_argcheck(L, at >= 1 && at <= end, 2, "position out of bounds");
      pay(L, static_cast<std::uint64_t>(end - at));
      for (auto i = end; i > at; --i) {
        lua_rawgeti(L, 1, i - 1);
        lua_rawseti(L, 1, i);
      }
      break;
    default: return luaL_error(L, "wrong number of arguments to 'insert'");
  }
  lua_rawseti(L, 1, at);
  return 0;
}

auto table_remove(lua_State* L) -> int {
  const auto size = length_of(L, 1);
  auto at = luaL_optinteger(L, 2, size);
  if (!lua_isnoneornil(L, 2)) {
    const bool inside = (at >= 1 && at <= size + 1) || (size == 0 && at == 0);
    luaL_argcheck(L, inside, 2, "position out of bounds");
  }
  lua_rawgeti(L, 1, at);
  pay(L, static_cast<std::uint64_t>(std::max<lua_Integer>(size - at, 0)));
  for (; at < size; ++at) {
    lua_rawgeti(L, 1, at + 1);
    lua_rawseti(L, 1, at);
  }
  lua_pushnil(L);
  lua_rawseti(L, 1, at);
  return 1;
}

auto table_concat(lua_State* L) -> int {
  const auto size = length_of(L, 1);
  std::size_t between = 0;
  const auto* separator = luaL_optlstring(L, 2, "", &between);
  const auto first = luaL_optinteger(L, 3, 1);
  const auto last = luaL_optinteger(L, 4, size);
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  for (auto i = first; i <= last; ++i) {
    pay(L, 1);
    lua_rawgeti(L, 1, i);
    if (!lua_isstring(L, -1)) return luaL_error(L, "invalid value (at index %I) in table for 'concat'", i);
    luaL_addvalue(&out);
    if (i == last) break;  // also when no integer is larger
    luaL_addlstring(&out, separator, between);
  }
  luaL_pushresult(&out);
  return 1;
}

auto table_move(lua_State* L) -> int {
  luaL_checktype(L, 1, LUA_TTABLE);
  const auto first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
  const int target = lua_isnoneornil(L, 5) ? 1 : 5;
  luaL_checktype(L, target, LUA_TTABLE);
  if (last >= first) {
    luaL_argcheck(L, first > 0 || last < LUA_MAXINTEGER + first, 3, "too many elements to move");
    const auto count = last - first + 1;
    luaL_argcheck(L, to <= LUA_MAXINTEGER - count + 1, 4, "destination wrap around");
    const bool forwards = to > last || to <= first || target != 1;
    for (lua_Integer i = 0; i < count; ++i) {
      pay(L, 1);
      const auto offset = forwards ? i : count - 1 - i;
      lua_rawgeti(L, 1, first + offset);
      lua_rawseti(L, target, to + offset);
    }
  }
  lua_pushvalue(L, target);
  return 1;
}

auto table_unpack(lua_State* L) -> int {
  const auto first = luaL_optinteger(L, 2, 1);
  const auto last = lua_isnoneornil(L, 3) ? length_of(L, 1) : luaL_checkinteger(L, 3);
  luaL_checktype(L, 1, LUA_TTABLE);
  if (first > last) return 0;
  const auto count = static_cast<lua_Unsigned>(last) - static_cast<lua_Unsigned>(first);
  constexpr lua_Unsigned Most = 100'000;
  if (count >= Most || !lua_checkstack(L, static_cast<int>(count) + 1)) return luaL_error(L, "too many results to unpack");
  for (lua_Unsigned i = 0; i <= count; ++i) lua_rawgeti(L, 1, first + static_cast<lua_Integer>(i));
  return static_cast<int>(count) + 1;
}

// Whether the value at stack place `a` comes before the one at `b`; argument 2 may be the tool's own comparison.
auto before(lua_State* L, int a, int b) -> bool {
  std::uint64_t cost = 1;
  if (lua_type(L, a) == LUA_TSTRING) cost += lua_rawlen(L, a) / 64;
  pay(L, cost);
  if (!lua_isfunction(L, 2)) return lua_compare(L, a, b, LUA_OPLT);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, a);
  lua_pushvalue(L, b);
  lua_call(L, 2, 1);
  const bool yes = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return yes;
}

// Merges two sorted stretches [low, middle) and [middle, high) of table `from` into table `to`, positions from 1.
void merge(lua_State* L, int from, int to, lua_Integer low, lua_Integer middle, lua_Integer high) {
  auto left = low, right = middle;
  for (auto i = low; i < high; ++i) {
    bool take_right = left >= middle;
    if (left < middle && right < high) {
      lua_rawgeti(L, from, left);
      lua_rawgeti(L, from, right);
      take_right = before(L, lua_gettop(L), lua_gettop(L) - 1);
      lua_pop(L, 2);
    } else {
      pay(L, 1);
    }
    lua_rawgeti(L, from, take_right ? right++ : left++);
    lua_rawseti(L, to, i);
  }
}

// By merging: any comparison ends in n log n, consistent or not, and equal values keep their order.
auto table_sort(lua_State* L) -> int {
  const auto size = length_of(L, 1);
  if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_settop(L, 2);
  lua_createtable(L, static_cast<int>(std::min<lua_Integer>(size, 1 << 20)), 0);  // at 3
  int from = 1, to = 3;
  for (lua_Integer width = 1; width < size; width *= 2) {
    for (lua_Integer low = 1; low <= size; low += 2 * width) {
      merge(L, from, to, low, std::min(low + width, size + 1), std::min(low + 2 * width, size + 1));
    }
    std::swap(from, to);
  }
  if (from == 1) return 0;
  pay(L, static_cast<std::uint64_t>(size));
  for (lua_Integer i = 1; i <= size; ++i) {
    lua_rawgeti(L, 3, i);
    lua_rawseti(L, 1, i);
  }
  return 0;
}

}  // namespace

void open_tables(lua_State* L) {
  luaL_requiref(L, LUA_TABLIBNAME, luaopen_table, 1);  // pack stays Lua's own
  constexpr std::array<luaL_Reg, 7> Own{{{"insert", table_insert},
                                         {"remove", table_remove},
                                         {"concat", table_concat},
                                         {"move", table_move},
                                         {"unpack", table_unpack},
                                         {"sort", table_sort},
                                         {nullptr, nullptr}}};
  luaL_setfuncs(L, Own.data(), 0);
  lua_pop(L, 1);
}

}  // namespace flow::tools::lua
