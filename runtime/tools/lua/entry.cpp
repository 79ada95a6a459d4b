// From the tool's file to its function's result: what the run's coroutine does.

#include "runtime/tools/lua/entry.h"

#include <fmt/format.h>

#include <vector>

#include "runtime/tools/lua/values.h"

namespace flow::tools::lua {
namespace {

[[noreturn]] void cannot_load(lua_State* L, std::string why) {
  run_of(L).failure = Failed{"R0202", std::move(why)};
  lua_pushliteral(L, "cannot be loaded");
  lua_error(L);
  std::abort();  // lua_error does not come back
}

// The parameters of the Lua function on top of the stack.
auto parameters(lua_State* L, int count) -> std::vector<std::string> {
  std::vector<std::string> names;
  for (int i = 1; i <= count; ++i) names.emplace_back(lua_getlocal(L, nullptr, i));
  return names;
}

// The names as declared, in order, and `call` behind them if wanted; with `...` the last ones may be missing.
auto agrees(const std::vector<std::string>& has, bool variadic, const std::vector<ir::Field>& declared) -> bool {
  const auto common = std::min(has.size(), declared.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (has[i] != declared[i].name) return false;
  }
  if (has.size() < declared.size()) return variadic;
  return has.size() == declared.size() || (has.size() == declared.size() + 1 && has.back() == "call");
}

// Leaves the tool's function on the stack, if it is as declared, and says how many parameters it names.
auto find_function(lua_State* L, const ir::Tool& tool) -> int {
  lua_pushglobaltable(L);
  lua_pushlstring(L, tool.name.data(), tool.name.size());
  const int type = lua_rawget(L, -2);
  lua_remove(L, -2);
  if (type == LUA_TNIL) {
    cannot_load(L, fmt::format("{}: no function `{}`; a Lua tool is the global function of its name", tool.lua_file, tool.name));
  }
  if (type != LUA_TFUNCTION || lua_iscfunction(L, -1)) {
    cannot_load(L, fmt::format("{}: `{}` is no function written in Lua", tool.lua_file, tool.name));
  }
  lua_Debug about;
  lua_pushvalue(L, -1);
  lua_getinfo(L, ">uS", &about);
  const auto names = parameters(L, about.nparams);
  if (!agrees(names, about.isvararg != 0, tool.params)) {
    std::vector<std::string> declared;
    for (const auto& param : tool.params) declared.push_back(param.name);
    cannot_load(L, fmt::format("{}:{}: function `{}` takes ({}{}), the tool declares ({}); the names and their order must be the same", tool.lua_file,
                               about.linedefined, tool.name, fmt::join(names, ", "), about.isvararg ? (names.empty() ? "..." : ", ...") : "",
                               fmt::join(declared, ", ")));
  }
  return about.nparams;
}

auto returned(lua_State*, int, lua_KContext) -> int { return 1; }

auto loaded(lua_State* L, int, lua_KContext) -> int {
  const auto& task = run_of(L).task;
  for (const auto& tool : task.checked) {
    find_function(L, *tool);
    lua_pop(L, 1);
  }
  if (!task.checked.empty()) return 0;
  const auto named = static_cast<std::size_t>(find_function(L, *task.tool));
  run_of(L).loading = false;
  for (const auto& param : task.tool->params) {
    const auto* argument = task.arguments.field(param.name);
    push_value(L, argument ? *argument : Value{});
  }
  const bool wants_call = named > task.tool->params.size();
  if (wants_call) push_value(L, task.call);
  lua_callk(L, static_cast<int>(task.tool->params.size() + (wants_call ? 1 : 0)), 1, 0, returned);
  return 1;
}

}  // namespace

auto entry(lua_State* L) -> int {
  auto& run = run_of(L);
  const auto& tool = *run.task.tool;
  const auto name = "@" + tool.lua_file;
  run.loading = true;
  // Text only: bytecode can break the machine it runs on.
  if (luaL_loadbufferx(L, tool.lua_source.data(), tool.lua_source.size(), name.c_str(), "t") != LUA_OK) return lua_error(L);
  lua_callk(L, 0, 0, 0, loaded);
  return loaded(L, LUA_OK, 0);
}

}  // namespace flow::tools::lua
