// The string library, with its pattern functions replaced by counted ones. Not there: dump.

#include <array>
#include <cstring>

#include "runtime/tools/lua/run.h"

namespace flow::tools::lua {
namespace {

auto text_at(lua_State* L, int argument) -> std::string_view {
  std::size_t size = 0;
  const auto* text = luaL_checklstring(L, argument, &size);
  return {text, size};
}

void push(lua_State* L, std::string_view text) { lua_pushlstring(L, text.data(), text.size()); }

// Ends in an error if the matcher could not answer.
void check(lua_State* L, const Matcher& matcher) {
  if (matcher.exhausted()) end_run(L);
  if (matcher.fault()) luaL_error(L, "%s", matcher.fault());
}

// Capture `i` of a match; without captures, number 0 is the whole match.
void push_capture(lua_State* L, const Matcher& matcher, std::string_view subject, std::size_t i, std::size_t begin, std::size_t end) {
  if (i >= matcher.captures()) {
    if (i != 0) luaL_error(L, "invalid capture index %%%d", static_cast<int>(i) + 1);
    return push(L, subject.substr(begin, end - begin));
  }
  const auto& capture = matcher.capture(i);
  if (capture.length == Matcher::Capture::Open) luaL_error(L, "unfinished capture");
  if (capture.length == Matcher::Capture::Position) return lua_pushinteger(L, static_cast<lua_Integer>(capture.begin) + 1);
  push(L, subject.substr(capture.begin, capture.length));
}

// All captures; `whole`: the match itself if there are none.
auto push_captures(lua_State* L, const Matcher& matcher, std::string_view subject, std::size_t begin, std::size_t end, bool whole) -> int {
  const auto count = matcher.captures() == 0 && whole ? 1 : matcher.captures();
  luaL_checkstack(L, static_cast<int>(count), "too many captures");
  for (std::size_t i = 0; i < count; ++i) push_capture(L, matcher, subject, i, begin, end);
  return static_cast<int>(count);
}

// Where a search begins, from 0: argument `init` counts from 1, or from the end. None: beyond the end.
auto start_of(lua_State* L, int argument, std::size_t size) -> std::size_t {
  const auto init = luaL_optinteger(L, argument, 1);
  const auto length = static_cast<lua_Integer>(size);
  if (init > length + 1) return Matcher::None;
  if (init > 0) return static_cast<std::size_t>(init) - 1;
  return init == 0 || init < -length ? 0 : static_cast<std::size_t>(length + init);
}

auto find_plain(lua_State* L, std::string_view subject, std::string_view wanted, std::size_t from) -> int {
  pay(L, (subject.size() + wanted.size()) / 64);
  // Not string_view::find, whose cost is the product of both lengths.
  const auto* found = static_cast<const char*>(memmem(subject.data() + from, subject.size() - from, wanted.data(), wanted.size()));
  if (!found) {
    lua_pushnil(L);
    return 1;
  }
  lua_pushinteger(L, found - subject.data() + 1);
  lua_pushinteger(L, found - subject.data() + static_cast<lua_Integer>(wanted.size()));
  return 2;
}

auto search(lua_State* L, bool find) -> int {
  const auto subject = text_at(L, 1);
  auto pattern = text_at(L, 2);
  const auto from = start_of(L, 3, subject.size());
  if (from == Matcher::None) {
    lua_pushnil(L);
    return 1;
  }
  if (find && (lua_toboolean(L, 4) || pattern.find_first_of("^$*+?.([%-") == pattern.npos)) return find_plain(L, subject, pattern, from);
  const bool anchored = pattern.starts_with('^');
  if (anchored) pattern.remove_prefix(1);
  Matcher matcher(subject, pattern, run_of(L));
  for (auto begin = from; begin <= subject.size(); ++begin) {
    const auto end = matcher.match_at(begin);
    check(L, matcher);
    if (end != Matcher::None) {
      if (!find) return push_captures(L, matcher, subject, begin, end, true);
      lua_pushinteger(L, static_cast<lua_Integer>(begin) + 1);
      lua_pushinteger(L, static_cast<lua_Integer>(end));
      return push_captures(L, matcher, subject, begin, end, false) + 2;
    }
    if (anchored) break;
  }
  lua_pushnil(L);
  return 1;
}

auto string_find(lua_State* L) -> int { return search(L, true); }
auto string_match(lua_State* L) -> int { return search(L, false); }

// Upvalues: subject, pattern, where to go on, where the last match ended (-1: none yet).
auto next_match(lua_State* L) -> int {
  const auto subject = text_at(L, lua_upvalueindex(1));
  const auto pattern = text_at(L, lua_upvalueindex(2));
  const auto last = lua_tointeger(L, lua_upvalueindex(4));
  Matcher matcher(subject, pattern, run_of(L));
  for (auto begin = static_cast<std::size_t>(lua_tointeger(L, lua_upvalueindex(3))); begin <= subject.size(); ++begin) {
    const auto end = matcher.match_at(begin);
    check(L, matcher);
    if (end == Matcher::None || static_cast<lua_Integer>(end) == last) continue;
    lua_pushinteger(L, static_cast<lua_Integer>(end));
    lua_copy(L, -1, lua_upvalueindex(3));
    lua_replace(L, lua_upvalueindex(4));
    return push_captures(L, matcher, subject, begin, end, true);
  }
  return 0;
}

auto string_gmatch(lua_State* L) -> int {
  const auto subject = text_at(L, 1);
  text_at(L, 2);
  const auto from = start_of(L, 3, subject.size());
  lua_settop(L, 2);
  lua_pushinteger(L, static_cast<lua_Integer>(from == Matcher::None ? subject.size() + 1 : from));
  lua_pushinteger(L, -1);
  lua_pushcclosure(L, next_match, 4);
  return 1;
}

// The replacement text: `%1` a capture, `%0` the match, `%%` a per cent sign.
void add_text(lua_State* L, luaL_Buffer* out, const Matcher& matcher, std::string_view subject, std::size_t begin, std::size_t end) {
  const auto text = text_at(L, 3);
  pay(L, text.size() / 16);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      luaL_addchar(out, text[i]);
      continue;
    }
    const char c = ++i < text.size() ? text[i] : '\0';
    if (c == '%') {
      luaL_addchar(out, '%');
    } else if (c == '0') {
      luaL_addlstring(out, subject.data() + begin, end - begin);
    } else if (c >= '1' && c <= '9') {
      push_capture(L, matcher, subject, static_cast<std::size_t>(c - '1'), begin, end);
      luaL_tolstring(L, -1, nullptr);
      lua_remove(L, -2);
      luaL_addvalue(out);
    } else {
      luaL_error(L, "invalid use of '%%' in replacement string");
    }
  }
}

// What a match is replaced by; false or nil from a function or a table leave it as it is.
void add_replacement(lua_State* L, luaL_Buffer* out, const Matcher& matcher, std::string_view subject, std::size_t begin, std::size_t end) {
  switch (lua_type(L, 3)) {
    case LUA_TFUNCTION:
      lua_pushvalue(L, 3);
      lua_call(L, push_captures(L, matcher, subject, begin, end, true), 1);
      break;
    case LUA_TTABLE:
      push_capture(L, matcher, subject, 0, begin, end);
      lua_gettable(L, 3);
      break;
    default: return add_text(L, out, matcher, subject, begin, end);
  }
  if (!lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    return luaL_addlstring(out, subject.data() + begin, end - begin);
  }
  if (!lua_isstring(L, -1)) luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
  luaL_addvalue(out);
}

auto string_gsub(lua_State* L) -> int {
  const auto subject = text_at(L, 1);
  auto pattern = text_at(L, 2);
  const int type = lua_type(L, 3);
  luaL_argexpected(L, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3, "string/function/table");
  const auto most = luaL_optinteger(L, 4, static_cast<lua_Integer>(subject.size()) + 1);
  const bool anchored = pattern.starts_with('^');
  if (anchored) pattern.remove_prefix(1);
  Matcher matcher(subject, pattern, run_of(L));
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  lua_Integer count = 0;
  std::size_t at = 0, last = Matcher::None;
  while (count < most) {
    const auto end = matcher.match_at(at);
    check(L, matcher);
    if (end != Matcher::None && end != last) {
      ++count;
      add_replacement(L, &out, matcher, subject, at, end);
      at = last = end;
    } else if (at < subject.size()) {
      luaL_addchar(&out, subject[at++]);
    } else {
      break;
    }
    if (anchored) break;
  }
  if (at < subject.size()) luaL_addlstring(&out, subject.data() + at, subject.size() - at);
  luaL_pushresult(&out);
  lua_pushinteger(L, count);
  return 2;
}

// Lua's own loops as often as asked even if there is nothing to repeat.
auto string_rep(lua_State* L) -> int {
  const auto text = text_at(L, 1);
  const auto times = luaL_checkinteger(L, 2);
  std::size_t between = 0;
  luaL_optlstring(L, 3, "", &between);
  if (times <= 0 || text.size() + between == 0) {
    lua_pushliteral(L, "");
    return 1;
  }
  if (static_cast<lua_Unsigned>(times) > run_of(L).task.memory_max) {
    run_of(L).memory_refused = true;
    return luaL_error(L, "not enough memory");
  }
  pay(L, static_cast<std::uint64_t>(times) / 16);
  lua_settop(L, 3);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, 3, 1);
  return 1;
}

}  // namespace

void open_strings(lua_State* L) {
  luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 1);
  lua_pushnil(L);
  lua_setfield(L, -2, "dump");
  constexpr std::array<luaL_Reg, 5> Own{
      {{"find", string_find}, {"match", string_match}, {"gmatch", string_gmatch}, {"gsub", string_gsub}, {nullptr, nullptr}}};
  luaL_setfuncs(L, Own.data(), 0);
  lua_getfield(L, -1, "rep");
  lua_pushcclosure(L, string_rep, 1);
  lua_setfield(L, -2, "rep");
  lua_pop(L, 1);
}

}  // namespace flow::tools::lua
