// The basic functions that a tool may have. Not there: load, loadfile, loadstring, dofile, require, collectgarbage (but
// for the count), io, os, debug, package.

#include <array>

#include "runtime/tools/lua/run.h"

namespace flow::tools::lua {
namespace {

// What pcall and xpcall have in common: nothing is caught once the run is over.
auto finish_protected(lua_State* L, int status, int results_from) -> int {
  if (!run_of(L).over.empty()) end_run(L);
  const bool good = status == LUA_OK || status == LUA_YIELD;
  if (!good) {
    pay_for_catching(L);
    lua_pushboolean(L, 0);
    lua_pushvalue(L, -2);
    return 2;
  }
  return lua_gettop(L) - results_from;
}

auto after_protected(lua_State* L, int status, lua_KContext results_from) -> int {
  return finish_protected(L, status, static_cast<int>(results_from));
}

auto base_pcall(lua_State* L) -> int {
  luaL_checkany(L, 1);
  lua_pushboolean(L, 1);
  lua_insert(L, 1);  // the first result
  const int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, after_protected);
  return finish_protected(L, status, 0);
}

// The tool's own handler, but not for the error that ends the run: it would be called while no hook is.
auto guarded_handler(lua_State* L) -> int {
  if (!run_of(L).over.empty()) return 1;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

auto base_xpcall(lua_State* L) -> int {
  const int arguments = lua_gettop(L);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, guarded_handler, 1);
  lua_replace(L, 2);
  lua_pushboolean(L, 1);  // the first result
  lua_pushvalue(L, 1);
  lua_rotate(L, 3, 2);    // function, handler, true, function, arguments
  const int status = lua_pcallk(L, arguments - 2, LUA_MULTRET, 2, 2, after_protected);
  return finish_protected(L, status, 2);
}

// As Lua's, but without finalizers: they run while no hook is.
auto base_setmetatable(lua_State* L) -> int {
  luaL_checktype(L, 1, LUA_TTABLE);
  const int type = lua_type(L, 2);
  luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
  if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) return luaL_error(L, "cannot change a protected metatable");
  if (type == LUA_TTABLE) {
    lua_pushliteral(L, "__gc");
    if (lua_rawget(L, 2) != LUA_TNIL) return luaL_error(L, "a tool's metatable has no __gc: nothing may run later");
  }
  lua_settop(L, 2);
  lua_setmetatable(L, 1);
  return 1;
}

auto base_collectgarbage(lua_State* L) -> int {
  const std::string_view what = luaL_optstring(L, 1, "collect");
  if (what == "count") {
    lua_pushnumber(L, static_cast<lua_Number>(run_of(L).memory) / 1024);
  } else {
    lua_pushinteger(L, 0);  // Lua collects by itself
  }
  return 1;
}

}  // namespace

void open_base(lua_State* L) {
  luaL_requiref(L, LUA_GNAME, luaopen_base, 1);
  for (const auto* name : {"load", "loadfile", "loadstring", "dofile", "require", "warn"}) {
    lua_pushnil(L);
    lua_setfield(L, -2, name);
  }
  constexpr std::array<luaL_Reg, 5> Own{{{"pcall", base_pcall},
                                         {"xpcall", base_xpcall},
                                         {"setmetatable", base_setmetatable},
                                         {"collectgarbage", base_collectgarbage},
                                         {nullptr, nullptr}}};
  luaL_setfuncs(L, Own.data(), 0);
  lua_pop(L, 1);
  for (const auto& [name, open] : {luaL_Reg{LUA_MATHLIBNAME, luaopen_math}, luaL_Reg{LUA_UTF8LIBNAME, luaopen_utf8}}) {
    luaL_requiref(L, name, open, 1);
    lua_pop(L, 1);
  }
}

void open_all(lua_State* L) {
  open_base(L);
  open_strings(L);
  open_tables(L);
  open_coroutines(L);
  open_flow(L);
}

}  // namespace flow::tools::lua
