// What a run may use, and how it is made to end. Three things take part: the allocator refuses memory, the count hook
// counts instructions, and functions of ours that may run long pay by steps. Once `over` is set, whichever of them comes
// next ends the run: it yields and is never resumed. Where that is impossible it raises an error, and every function of
// ours that catches errors raises it again, so that no pcall outlives it.

#include <cstdlib>

#include <fmt/format.h>

#include "runtime/tools/lua/run.h"

namespace flow::tools::lua {

using Clock = std::chrono::steady_clock;

auto run_of(lua_State* L) -> Script::Run& { return **static_cast<Script::Run**>(lua_getextraspace(L)); }

auto allocate(void* ud, void* block, std::size_t old_size, std::size_t new_size) -> void* {
  auto& run = *static_cast<Script::Run*>(ud);
  if (!block) old_size = 0;  // then it is a kind of object
  if (new_size == 0) {
    std::free(block);
    run.memory -= old_size;
    return nullptr;
  }
  // To shrink is never refused: Lua does not expect it.
  if (new_size > old_size && run.memory - old_size + new_size > run.task.memory_max) {
    run.memory_refused = true;
    run.steps += run.memory / 64;  // Lua now walks through all of it to find something to free
    return nullptr;
  }
  auto* moved = std::realloc(block, new_size);
  if (moved) run.memory += new_size - old_size;
  return moved;
}

auto Script::Run::must_end() -> bool {
  if (!over.empty()) return true;
  if (stopped.load(std::memory_order_relaxed)) {
    over = "it was stopped";
  } else if (steps > task.steps_max) {
    over = fmt::format("it ran for more than {} steps", task.steps_max);
  }
  return !over.empty();
}

auto Script::Run::more() -> std::uint64_t {
  constexpr std::uint64_t Portion = 10'000;  // some 0.1 ms of matching
  if (must_end()) return 0;
  steps += Portion;
  return Portion;
}

void Script::Run::say(bool progress, std::string text) {
  if (text.size() > TextMax) text.resize(TextMax);
  if (progress && !said.empty() && said.back().progress) said.pop_back();
  if (said.size() < SaidMax) said.push_back({progress, std::move(text)});
}

void end_run(lua_State* L) {
  auto& run = run_of(L);
  if (run.can_wait && lua_isyieldable(L)) {
    run.pause = MoreToDo{};
    lua_yield(L, 0);
  }
  lua_pushstring(L, run.over.c_str());
  lua_error(L);
  std::abort();  // neither comes back
}

void pay(lua_State* L, std::uint64_t steps) {
  if (!run_of(L).spend(steps)) end_run(L);
}

void pay_for_catching(lua_State* L) { pay(L, 1'000 + run_of(L).memory / 64); }

void on_count(lua_State* L, lua_Debug*) {
  auto& run = run_of(L);
  const auto count = static_cast<std::uint64_t>(lua_gethookcount(L));
  run.steps += count;
  const auto now = Clock::now();
  // So many instructions take some microseconds; if not, each of them moves megabytes, and the next look comes sooner.
  const bool slow = now - run.last_look > std::chrono::milliseconds{1};
  run.last_look = now;
  const int next = slow ? CountWhenSlow : CountEvery;
  if (static_cast<int>(count) != next) lua_sethook(L, on_count, LUA_MASKCOUNT, next);

  const bool end = run.must_end();
  if (!end && now < run.slice_ends) return;
  if (run.can_wait && lua_isyieldable(L)) {
    run.pause = MoreToDo{};
    lua_yield(L, 0);
    return;
  }
  if (end) end_run(L);
}

}  // namespace flow::tools::lua
