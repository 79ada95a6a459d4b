#pragma once
// Values of the language in Lua and back.
//
//   none      nil; inside lists flow.json.null, so that the others keep their places
//   record    a table by names        list   a table from 1
//   duration  whole milliseconds      enum, date, time, money, phone, email   text

#include <lua.hpp>

#include "compiler/base/result.h"
#include "compiler/ir/value.h"

namespace flow::tools::lua {

// What may leave Lua at once. A result goes to the model, and a million fields would hold up the call's loop.
inline constexpr std::size_t NodesMax = 20'000;
inline constexpr std::size_t TextBytesMax = std::size_t{1} << 20;
inline constexpr int DepthMax = 32;

// Pushes one value. May raise Lua's error for lack of memory.
void push_value(lua_State* L, const Value& value);
// The value at `index`, which stays there. Names come in alphabetical order, a table without anything is a record.
// Raises nothing. R0205: what is no value, a sentence that begins with "it".
auto value_at(lua_State* L, int index) -> Result<Value>;

}  // namespace flow::tools::lua
