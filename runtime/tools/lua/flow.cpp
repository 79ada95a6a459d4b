// What a tool can ask of the world: the table `flow`. Whatever waits yields up to Script::run and is answered there.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstring>

#include "compiler/base/source.h"
#include "runtime/json/json.h"
#include "runtime/tools/lua/run.h"
#include "runtime/tools/lua/values.h"

namespace flow::tools::lua {
namespace {

// ── Waiting ──────────────────────────────────────────────────────────────────────────────────────────────────

auto wait(lua_State* L, const char* function, Pause pause, lua_KFunction then) -> int {
  auto& run = run_of(L);
  if (!run.can_wait || !lua_isyieldable(L)) {
    return luaL_error(L, "flow.%s cannot wait here: a comparison, a replacement or __tostring must answer at once", function);
  }
  run.pause = std::move(pause);
  return lua_yieldk(L, 0, 0, then);
}

// Seconds, as every time in Lua.
auto seconds_at(lua_State* L, int index, const char* what) -> std::chrono::milliseconds {
  constexpr double Day = 86'400;
  const auto seconds = lua_tonumber(L, index);
  if (!lua_isnumber(L, index) || !(seconds >= 0) || seconds > Day) luaL_error(L, "%s must be seconds, 0 to 86400", what);
  return std::chrono::milliseconds{static_cast<std::int64_t>(std::ceil(seconds * 1000))};
}

auto done_sleeping(lua_State*, int, lua_KContext) -> int { return 0; }

auto flow_sleep(lua_State* L) -> int { return wait(L, "sleep", Sleep{seconds_at(L, 1, "the time of flow.sleep")}, done_sleeping); }

// ── HTTP ─────────────────────────────────────────────────────────────────────────────────────────────────────

void push_text(lua_State* L, std::string_view text) { lua_pushlstring(L, text.data(), text.size()); }

auto text_field(lua_State* L, const char* name, const char* fallback) -> std::string {
  std::string text = fallback ? fallback : "";
  if (lua_getfield(L, 1, name) != LUA_TNIL) {
    std::size_t size = 0;
    if (lua_type(L, -1) != LUA_TSTRING) luaL_error(L, "flow.http: `%s` must be text%s", name, std::strcmp(name, "body") == 0 ? "; flow.json.encode makes it" : "");
    const auto* bytes = lua_tolstring(L, -1, &size);
    text.assign(bytes, size);
  } else if (!fallback) {
    luaL_error(L, "flow.http: `%s` is missing", name);
  }
  lua_pop(L, 1);
  return text;
}

auto headers_field(lua_State* L) -> net::Headers {
  net::Headers headers;
  const int type = lua_getfield(L, 1, "headers");
  if (type != LUA_TNIL && type != LUA_TTABLE) luaL_error(L, "flow.http: `headers` must be a table of names and texts");
  if (type == LUA_TTABLE) {
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
      if (lua_type(L, -2) != LUA_TSTRING || !lua_isstring(L, -1)) luaL_error(L, "flow.http: `headers` must be a table of names and texts");
      headers.push_back({lua_tostring(L, -2), lua_tostring(L, -1)});
      lua_pop(L, 1);
    }
  }
  lua_pop(L, 1);
  std::ranges::sort(headers, {}, &net::Header::name);  // the table has no order of its own
  return headers;
}

void check_names(lua_State* L) {
  constexpr std::array<std::string_view, 5> Known{"url", "method", "headers", "body", "timeout"};
  lua_pushnil(L);
  while (lua_next(L, 1) != 0) {
    lua_pop(L, 1);
    const std::string_view name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "?";
    if (std::ranges::count(Known, name) == 0) luaL_error(L, "flow.http has no `%s`; it takes url, method, headers, body, timeout", name.data());
  }
}

// {status, headers (names in lower case), body}; an error that can be caught if there was no answer.
auto got_answer(lua_State* L, int, lua_KContext) -> int {
  auto answer = std::exchange(run_of(L).answer, {});
  auto* result = std::get_if<Result<net::HttpResponse>>(&answer);
  if (!result) return luaL_error(L, "flow.http was not answered");
  if (!*result) raise(L, Failed{result->error().code, result->error().text, true});
  const auto& response = **result;
  lua_createtable(L, 0, 3);
  lua_pushinteger(L, response.status);
  lua_setfield(L, -2, "status");
  push_text(L, response.body);
  lua_setfield(L, -2, "body");
  lua_createtable(L, 0, static_cast<int>(response.headers.size()));
  for (const auto& [name, value] : response.headers) {
    std::string lower = name;
    for (auto& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    push_text(L, value);
    lua_setfield(L, -2, lower.c_str());
  }
  lua_setfield(L, -2, "headers");
  return 1;
}

auto request_at(lua_State* L) -> net::HttpRequest {
  net::HttpRequest request;
  request.url = text_field(L, "url", nullptr);
  request.body = text_field(L, "body", "");
  request.method = text_field(L, "method", request.body.empty() ? "GET" : "POST");
  request.headers = headers_field(L);
  if (lua_getfield(L, 1, "timeout") != LUA_TNIL) request.deadline = seconds_at(L, -1, "`timeout` of flow.http");
  lua_pop(L, 1);
  return request;
}

auto flow_http(lua_State* L) -> int {
  if (lua_type(L, 1) == LUA_TSTRING) {  // flow.http("https://…")
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "url");
    lua_replace(L, 1);
  }
  luaL_checktype(L, 1, LUA_TTABLE);
  check_names(L);
  return wait(L, "http", Ask{request_at(L)}, got_answer);
}

// ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────

auto json_encode(lua_State* L) -> int {
  luaL_checkany(L, 1);
  const auto value = value_at(L, 1);
  if (!value) return luaL_error(L, "flow.json.encode cannot write this: %s", value.error().text.c_str());
  push_text(L, to_json(*value));
  return 1;
}

auto json_decode(lua_State* L) -> int {
  std::size_t size = 0;
  const auto* text = luaL_checklstring(L, 1, &size);
  const auto value = json::parse({text, size}, {.bytes = std::size_t{4} << 20, .depth = 64});
  if (!value) return luaL_error(L, "flow.json.decode: %s", value.error().text.c_str());
  push_value(L, *value);
  return 1;
}

// ── The rest ─────────────────────────────────────────────────────────────────────────────────────────────────

// The arguments in words: tables as JSON if they can be.
auto flow_log(lua_State* L) -> int {
  std::string line;
  for (int i = 1; i <= lua_gettop(L) && line.size() <= Script::TextMax; ++i) {
    if (i > 1) line += ' ';
    const auto value = lua_istable(L, i) ? value_at(L, i) : failure("", "");
    if (value) {
      line += to_json(*value);
      continue;
    }
    std::size_t size = 0;
    const auto* text = luaL_tolstring(L, i, &size);
    line.append(text, size);
    lua_pop(L, 1);
  }
  run_of(L).say(false, std::move(line));
  return 0;
}

auto flow_progress(lua_State* L) -> int {
  std::size_t size = 0;
  const auto* text = luaL_checklstring(L, 1, &size);
  run_of(L).say(true, std::string(text, size));
  return 0;
}

auto flow_env(lua_State* L) -> int {
  const std::string name = luaL_checkstring(L, 1);
  const auto& environment = run_of(L).task.environment;
  const auto entry = environment.find(name);
  if (entry == environment.end()) return luaL_error(L, "flow.env: the tool may not read %s; its `env` clause lists what it may", name.c_str());
  entry->second ? push_text(L, *entry->second) : lua_pushnil(L);
  return 1;
}

auto failure_in_words(lua_State* L) -> int {
  lua_getfield(L, 1, "message");
  return 1;
}

}  // namespace

void raise(lua_State* L, Failed failed) {
  lua_createtable(L, 0, 3);
  push_text(L, failed.code);
  lua_setfield(L, -2, "code");
  push_text(L, failed.text);
  lua_setfield(L, -2, "message");
  lua_pushboolean(L, failed.network);
  lua_setfield(L, -2, "network");
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, failure_in_words);
  lua_setfield(L, -2, "__tostring");
  lua_setmetatable(L, -2);
  lua_error(L);
  std::abort();  // lua_error does not come back
}

void open_flow(lua_State* L) {
  constexpr std::array<luaL_Reg, 6> Own{{{"sleep", flow_sleep},
                                         {"http", flow_http},
                                         {"log", flow_log},
                                         {"progress", flow_progress},
                                         {"env", flow_env},
                                         {nullptr, nullptr}}};
  lua_newtable(L);
  luaL_setfuncs(L, Own.data(), 0);
  lua_createtable(L, 0, 3);
  lua_pushcfunction(L, json_encode);
  lua_setfield(L, -2, "encode");
  lua_pushcfunction(L, json_decode);
  lua_setfield(L, -2, "decode");
  lua_pushlightuserdata(L, nullptr);
  lua_setfield(L, -2, "null");
  lua_setfield(L, -2, "json");
  lua_setglobal(L, "flow");
  lua_pushcfunction(L, flow_log);
  lua_setglobal(L, "print");
}

}  // namespace flow::tools::lua
