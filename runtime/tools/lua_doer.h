#pragma once
// Tools in Lua: runs them in slices on a pool's threads. While one waits (flow.sleep, flow.http) it holds no thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "runtime/net/blocking.h"
#include "runtime/tools/doer.h"
#include "runtime/tools/fetch.h"

namespace flow::tools {

// What one run of a tool may use. Reaching one of them is R0203.
struct Limits {
  std::size_t memory = std::size_t{16} << 20;  // bytes, all of the run's Lua together
  std::uint64_t steps = 400'000'000;           // Lua instructions and steps of string patterns; some 4 s of one core
  net::Millis slice{10};                       // so long a run keeps a thread while others wait
};

struct LuaSetup {
  net::Loop& loop;
  net::Pool& pool;  // for Lua alone: names and files wait behind no endless loop
  Fetch fetch;
  // What `flow.env` reads, for names that the tool lists. Asked when a tool starts.
  std::function<std::optional<std::string>(const std::string& name)> environment = {};
  Limits limits = {};
};
auto lua_doer(LuaSetup setup) -> std::unique_ptr<Doer>;

}  // namespace flow::tools
