#include "runtime/tools/lua/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "compiler/base/match.h"
#include "compiler/base/source.h"

namespace flow::tools::lua {
namespace {

// flow.json.null: a light userdata without an address.
void push_null(lua_State* L) { lua_pushlightuserdata(L, nullptr); }

class Leaving {
 public:
  explicit Leaving(lua_State* L) : L_(L) {}

  auto value(int index) -> Value {
    if (++nodes_ > NodesMax) return fail(fmt::format("it has more than {} values", NodesMax));
    switch (lua_type(L_, index)) {
      case LUA_TNIL: return {};
      case LUA_TBOOLEAN: return lua_toboolean(L_, index) != 0;
      case LUA_TNUMBER: return number(index);
      case LUA_TSTRING: return text(index);
      case LUA_TTABLE: return table(lua_absindex(L_, index));
      case LUA_TLIGHTUSERDATA: return {};
      default: return fail(fmt::format("it holds a {}, which is no value outside Lua", luaL_typename(L_, index)));
    }
  }
  auto why() const -> const std::string& { return why_; }

 private:
  auto fail(std::string why) -> Value {
    if (why_.empty()) why_ = std::move(why);
    return {};
  }

  auto number(int index) -> Value {
    if (lua_isinteger(L_, index)) return static_cast<std::int64_t>(lua_tointeger(L_, index));
    const auto n = lua_tonumber(L_, index);
    return std::isfinite(n) ? Value{n} : fail("it holds a number that is not finite");
  }

  auto text(int index) -> Value {
    std::size_t size = 0;
    const auto* bytes = lua_tolstring(L_, index, &size);
    bytes_ += size;
    if (bytes_ > TextBytesMax) return fail(fmt::format("it has more than {} KiB of text", TextBytesMax >> 10));
    const std::string_view words(bytes, size);
    return first_bad_utf8(words) ? fail("it holds text that is not UTF-8") : Value{words};
  }

  auto table(int index) -> Value {
    const auto* itself = lua_topointer(L_, index);
    if (std::ranges::count(path_, itself) > 0) return fail("it holds itself");
    if (path_.size() >= DepthMax) return fail(fmt::format("it is nested more than {} deep", DepthMax));
    if (!lua_checkstack(L_, 4)) return fail("it is nested too deep");
    path_.push_back(itself);
    lua_pushnil(L_);
    const bool any = lua_next(L_, index) != 0;
    const bool by_name = any && lua_type(L_, -2) == LUA_TSTRING;
    if (any) lua_pop(L_, 2);
    auto result = any && !by_name ? list(index) : record(index);
    path_.pop_back();
    return result;
  }

  auto record(int index) -> Value {
    Value::Record fields;
    lua_pushnil(L_);
    while (lua_next(L_, index) != 0) {
      if (why_.empty()) {
        if (lua_type(L_, -2) != LUA_TSTRING) {
          fail("it has a table with both names and positions");
        } else {
          auto name = text(-2);
          if (why_.empty()) fields.emplace_back(*name.text(), value(-1));
        }
      }
      lua_pop(L_, why_.empty() ? 1 : 2);
      if (!why_.empty()) return {};
    }
    std::ranges::sort(fields, {}, &Value::Record::value_type::first);
    return fields;
  }

  // All keys must be 1 to n.
  auto list(int index) -> Value {
    const auto size = lua_rawlen(L_, index);
    std::size_t keys = 0;
    lua_pushnil(L_);
    while (lua_next(L_, index) != 0) {
      lua_pop(L_, 1);
      ++keys;
      const bool named = lua_type(L_, -1) == LUA_TSTRING;
      const bool place = lua_isinteger(L_, -1) && lua_tointeger(L_, -1) >= 1 && static_cast<lua_Unsigned>(lua_tointeger(L_, -1)) <= size;
      if (place && keys <= NodesMax) continue;
      lua_pop(L_, 1);
      if (keys > NodesMax) return fail(fmt::format("it has more than {} values", NodesMax));
      return fail(named ? "it has a table with both names and positions" : "it has a list with gaps; flow.json.null holds a place");
    }
    if (keys != size) return fail("it has a list with gaps; flow.json.null holds a place");
    Value::List values;
    for (std::size_t i = 1; i <= size && why_.empty(); ++i) {
      lua_rawgeti(L_, index, static_cast<lua_Integer>(i));
      values.push_back(value(-1));
      lua_pop(L_, 1);
    }
    return values;
  }

  lua_State* L_;
  std::size_t nodes_ = 0, bytes_ = 0;
  std::vector<const void*> path_;
  std::string why_;
};

}  // namespace

void push_value(lua_State* L, const Value& value) {
  luaL_checkstack(L, 4, "too deep");
  match(
      value.data, [&](std::monostate) { lua_pushnil(L); }, [&](bool b) { lua_pushboolean(L, b); },
      [&](std::int64_t i) { lua_pushinteger(L, i); }, [&](double d) { lua_pushnumber(L, d); },
      [&](const std::string& s) { lua_pushlstring(L, s.data(), s.size()); },
      [&](const Value::List& list) {
        lua_createtable(L, static_cast<int>(list.size()), 0);
        for (std::size_t i = 0; i < list.size(); ++i) {
          list[i].is_none() ? push_null(L) : push_value(L, list[i]);
          lua_rawseti(L, -2, static_cast<lua_Integer>(i) + 1);
        }
      },
      [&](const Value::Record& record) {
        lua_createtable(L, 0, static_cast<int>(record.size()));
        for (const auto& [name, each] : record) {
          lua_pushlstring(L, name.data(), name.size());
          push_value(L, each);
          lua_rawset(L, -3);
        }
      });
}

auto value_at(lua_State* L, int index) -> Result<Value> {
  Leaving leaving(L);
  auto value = leaving.value(index);
  if (!leaving.why().empty()) return failure("R0205", leaving.why());
  return value;
}

}  // namespace flow::tools::lua
