#pragma once
// What the functions of this folder know of the run that they belong to. With values.h the only headers that show Lua.

#include <lua.hpp>

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "runtime/tools/lua/pattern.h"
#include "runtime/tools/lua/script.h"

namespace flow::tools::lua {

struct Script::Run final : Steps {
  explicit Run(Task&& its) : task(std::move(its)) {}

  Task task;
  lua_State* main = nullptr;    // owns everything; runs nothing
  lua_State* thread = nullptr;  // the coroutine in which the tool runs
  std::atomic<bool> stopped = false;

  // What it used.
  std::size_t memory = 0;
  bool memory_refused = false;
  std::uint64_t steps = 0;
  std::chrono::steady_clock::time_point slice_ends, last_look;

  // Empty, or why the run must end: no pcall, handler or coroutine goes on after that.
  std::string over;
  // False inside functions that cannot be left and come back to (comparing while sorting, replacing in gsub).
  bool can_wait = true;
  // Set by whoever yields through all coroutines up to `run`: why.
  std::optional<Pause> pause;
  Answer answer;

  bool loading = false;           // the file, not yet the function
  std::optional<Failed> failure;  // as found where the error was made
  std::vector<Said> said;

  // Whether the run must end; sets `over`.
  auto must_end() -> bool;
  void say(bool progress, std::string text);

 private:
  auto more() -> std::uint64_t override;
};

auto run_of(lua_State* L) -> Script::Run&;

// Leaves the run for good. Only if `over` is set; not from a hook that may yield.
[[noreturn]] void end_run(lua_State* L);
// Pays for a function of ours that may run long.
void pay(lua_State* L, std::uint64_t steps);
// Pays for catching an error: some ten microseconds of unwinding, and Lua walks the whole stack afterwards, which may be
// most of the memory.
void pay_for_catching(lua_State* L);
// Raises `failure` as an error of the tool.
[[noreturn]] void raise(lua_State* L, Failed failure);

// Lua's allocator, with the run's cap. `ud` is the Run.
auto allocate(void* ud, void* block, std::size_t old_size, std::size_t new_size) -> void*;
// The count hook: pays, ends slices, ends runs.
void on_count(lua_State* L, lua_Debug* event);
inline constexpr int CountEvery = 200;      // instructions; see README.md for what it costs
inline constexpr int CountWhenSlow = 10;    // while instructions take long, each on megabytes of text

// Parts of the sandbox; each leaves the stack as it was.
void open_base(lua_State* L);
void open_strings(lua_State* L);
void open_tables(lua_State* L);
void open_coroutines(lua_State* L);
void open_flow(lua_State* L);
void open_all(lua_State* L);

}  // namespace flow::tools::lua
