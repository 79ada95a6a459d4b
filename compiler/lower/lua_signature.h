#pragma once
// What can be known of a Lua file without Lua: which global functions it defines, and with which parameters.
//
// Comments and texts are skipped and blocks are followed; nothing else is understood. Mistakes in the Lua itself are
// found when it is loaded.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flow::lower {

struct LuaFunction {
  std::string name;
  std::vector<std::string> params;  // `...` is one of that name
  bool known = true;                // false: assigned from something whose parameters cannot be seen
  bool local = false;               // cannot be called from outside
  std::uint32_t begin = 0;          // the bytes of the name
  std::uint32_t end = 0;
};

// Every named function that is defined outside of other functions, in the order of the file; of two with one name the
// last counts when the file is loaded.
auto lua_functions(std::string_view source) -> std::vector<LuaFunction>;

// Whether a function may stand for a tool: the parameters named and in order, a last `call` may follow.
auto takes(const LuaFunction& function, const std::vector<std::string>& params) -> bool;

}  // namespace flow::lower
