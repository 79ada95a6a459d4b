#pragma once
// What the run's coroutine does first.

#include "runtime/tools/lua/run.h"

namespace flow::tools::lua {

// Loads the file, looks at the tool's function, calls it and gives its result back. Sets `failure` to R0202 if the
// function is not as the tool declares it.
auto entry(lua_State* L) -> int;

}  // namespace flow::tools::lua
