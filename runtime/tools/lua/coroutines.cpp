// Coroutines through which flow.sleep, flow.http and the end of a slice pass unseen: a coroutine that yields for those
// makes the one that resumed it yield too, and so on up to Script::run, and is resumed the same way.
//
// coroutine.close is not there: it would run code of a dead coroutine while no hook is.

#include <array>

#include "runtime/tools/lua/run.h"

namespace flow::tools::lua {
namespace {

enum Style : lua_KContext { Resume, Wrap };

auto go_on(lua_State* L, int status, lua_KContext style) -> int;

auto coroutine_of(lua_State* L, lua_KContext style) -> lua_State* {
  return lua_tothread(L, style == Wrap ? lua_upvalueindex(1) : 1);
}

// The coroutine has ended its turn with `count` values, or an error, on its stack.
auto give_back(lua_State* L, lua_State* co, int status, int count, lua_KContext style) -> int {
  if (!run_of(L).over.empty()) end_run(L);
  if (status == LUA_OK || status == LUA_YIELD) {
    if (!lua_checkstack(L, count + 1)) {
      lua_pop(co, count);
      return luaL_error(L, "too many results to resume");
    }
    if (style == Resume) lua_pushboolean(L, 1);
    lua_xmove(co, L, count);
    return style == Resume ? count + 1 : count;
  }
  pay_for_catching(L);
  if (style == Resume) lua_pushboolean(L, 0);
  lua_xmove(co, L, 1);
  return style == Resume ? 2 : lua_error(L);
}

// Gives the coroutine a turn with the `count` values on top of the stack. One that is dead or runs already is an error
// like those it makes itself.
auto turn(lua_State* L, int count, lua_KContext style) -> int {
  auto& run = run_of(L);
  auto* co = coroutine_of(L, style);
  if (!lua_checkstack(co, count)) return luaL_error(L, "too many arguments to resume");
  lua_xmove(L, co, count);
  const bool could_wait = run.can_wait;
  run.can_wait = could_wait && lua_isyieldable(L);
  int results = 0;
  const int status = lua_resume(co, L, count, &results);
  run.can_wait = could_wait;
  if (status == LUA_YIELD && run.pause) return lua_yieldk(L, 0, style, go_on);
  return give_back(L, co, status, results, style);
}

auto go_on(lua_State* L, int, lua_KContext style) -> int { return turn(L, 0, style); }

auto co_resume(lua_State* L) -> int {
  luaL_checktype(L, 1, LUA_TTHREAD);
  return turn(L, lua_gettop(L) - 1, Resume);
}
auto co_wrapped(lua_State* L) -> int { return turn(L, lua_gettop(L), Wrap); }

auto co_create(lua_State* L) -> int {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  auto* co = lua_newthread(L);
  // A thread takes its creator's hook; the interval of a slow moment need not live on in it.
  lua_sethook(co, on_count, LUA_MASKCOUNT, CountEvery);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  return 1;
}
auto co_wrap(lua_State* L) -> int {
  co_create(L);
  lua_pushcclosure(L, co_wrapped, 1);
  return 1;
}

auto co_pause(lua_State* L) -> int {
  if (L == run_of(L).thread) return luaL_error(L, "attempt to yield from outside a coroutine");
  return lua_yield(L, lua_gettop(L));
}

}  // namespace

void open_coroutines(lua_State* L) {
  luaL_requiref(L, LUA_COLIBNAME, luaopen_coroutine, 1);
  lua_pushnil(L);
  lua_setfield(L, -2, "close");
  constexpr std::array<luaL_Reg, 5> Own{
      {{"create", co_create}, {"wrap", co_wrap}, {"resume", co_resume}, {"yield", co_pause}, {nullptr, nullptr}}};
  luaL_setfuncs(L, Own.data(), 0);
  lua_pop(L, 1);
}

}  // namespace flow::tools::lua
