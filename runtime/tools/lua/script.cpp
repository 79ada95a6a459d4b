#include "runtime/tools/lua/script.h"

#include <fmt/format.h>

#include "compiler/base/source.h"
#include "runtime/tools/lua/entry.h"
#include "runtime/tools/lua/run.h"
#include "runtime/tools/lua/values.h"

namespace flow::tools::lua {
namespace {

auto open_protected(lua_State* L) -> int {
  open_all(L);
  auto& run = run_of(L);
  run.thread = lua_newthread(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &run);  // kept from the collector
  lua_pushcfunction(run.thread, entry);
  return 0;
}

auto open(Script::Run& run) -> bool {
  run.main = lua_newstate(allocate, &run);
  if (!run.main) return false;
  *static_cast<Script::Run**>(lua_getextraspace(run.main)) = &run;
  lua_sethook(run.main, on_count, LUA_MASKCOUNT, CountEvery);  // every coroutine inherits it
  lua_pushcfunction(run.main, open_protected);
  return lua_pcall(run.main, 0, 0, 0) == LUA_OK;
}

void close(Script::Run& run) {
  if (run.main) lua_close(run.main);  // runs no Lua: nothing has a finalizer, and `main` no variables to close
  run.main = run.thread = nullptr;
}

auto out_of_memory(const Script::Run& run) -> Failed {
  return {"R0203", fmt::format("`{}` needs more than its {} MiB of memory", run.task.tool->name, run.task.memory_max >> 20)};
}

// For people and the model: bounded, and UTF-8.
auto presentable(std::string_view text) -> std::string {
  std::string out(text.substr(0, Script::TextMax));
  while (const auto bad = first_bad_utf8(out)) out[*bad] = '?';
  return out;
}

auto text_of(lua_State* L, int table, const char* name) -> std::string {
  lua_pushstring(L, name);
  std::string text;
  if (lua_rawget(L, table) == LUA_TSTRING) {
    std::size_t size = 0;
    const auto* bytes = lua_tolstring(L, -1, &size);
    text.assign(bytes, size);
  }
  lua_pop(L, 1);
  return text;
}

// error{code = "sold_out", message = "…"}: the tool's own code.
auto failed_by_table(lua_State* L) -> Failed {
  const int table = lua_gettop(L);
  Failed failed{text_of(L, table, "code"), text_of(L, table, "message")};
  if (failed.text.empty()) failed.text = text_of(L, table, "text");
  if (failed.text.empty()) failed.text = failed.code.empty() ? "the tool failed without a message" : failed.code;
  failed.code = failed.code.empty() ? "R0201" : presentable(failed.code).substr(0, 64);
  lua_pushliteral(L, "network");
  failed.network = lua_rawget(L, table) == LUA_TBOOLEAN && lua_toboolean(L, -1);
  lua_pop(L, 1);
  return failed;
}

// Reads the error on the thread's stack, protected: making room for the words may take more memory than there is.
auto read_error(lua_State* L) -> int {
  auto& run = run_of(L);
  if (lua_istable(L, 1)) {
    run.failure = failed_by_table(L);
  } else if (lua_type(L, 1) == LUA_TSTRING) {
    run.failure = Failed{"R0201", lua_tostring(L, 1)};
  } else {
    run.failure = Failed{"R0201", fmt::format("the error is a {}, not text", luaL_typename(L, 1))};
  }
  return 0;
}

auto ended_badly(Script::Run& run, int status) -> Failed {
  if (!run.over.empty()) return {"R0203", fmt::format("`{}` was ended: {}", run.task.tool->name, run.over)};
  if (run.failure) return *run.failure;
  if (status == LUA_ERRMEM) return out_of_memory(run);
  lua_settop(run.main, 0);
  lua_pushcfunction(run.main, read_error);
  lua_xmove(run.thread, run.main, 1);
  if (lua_pcall(run.main, 1, 0, 0) != LUA_OK || !run.failure) return out_of_memory(run);
  // The string library says it in its own words.
  if (run.memory_refused && run.failure->text.ends_with("not enough memory")) return out_of_memory(run);
  if (run.loading) run.failure->code = "R0202";
  return *run.failure;
}

auto ended_well(Script::Run& run) -> Pause {
  if (!run.task.checked.empty()) return Returned{};
  auto result = value_at(run.thread, -1);
  if (result) return Returned{*std::move(result)};
  return Failed{"R0205", fmt::format("the result of `{}` cannot be used: {}", run.task.tool->name, result.error().text)};
}

}  // namespace

Script::Script(Task task) : run_(std::make_unique<Run>(std::move(task))) {}
Script::~Script() { close(*run_); }

auto Script::run(Answer answer) -> Pause {
  auto& run = *run_;
  if (!run.main && !open(run)) {
    close(run);
    return out_of_memory(run);
  }
  run.answer = std::move(answer);
  run.pause.reset();
  run.last_look = std::chrono::steady_clock::now();
  run.slice_ends = run.last_look + run.task.slice;
  int results = 0;
  const int status = lua_resume(run.thread, nullptr, 0, &results);
  if (status == LUA_YIELD && run.pause && run.over.empty()) return *std::exchange(run.pause, std::nullopt);

  auto end = status == LUA_OK && run.over.empty() ? ended_well(run) : Pause{ended_badly(run, status)};
  if (auto* failed = std::get_if<Failed>(&end)) failed->text = presentable(failed->text);
  close(run);
  return end;
}

auto Script::take_said() -> std::vector<Said> {
  auto said = std::exchange(run_->said, {});
  for (auto& line : said) line.text = presentable(line.text);
  return said;
}

void Script::stop() { run_->stopped.store(true, std::memory_order_relaxed); }

}  // namespace flow::tools::lua
