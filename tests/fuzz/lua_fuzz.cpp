// Calls everything that a tool can reach with everything that it can make, thousands of times, caught and nested. A run
// must end by its budget whatever it does, and never crash or leak.
//
//   lua_fuzz [--seconds N] [--seed S]     default 10 seconds from seed 1; prints the seed of a failure

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "runtime/tools/lua/script.h"
#include "tests/fuzz/run.h"

namespace {

using namespace flow;
using namespace flow::tools::lua;
using namespace std::chrono_literals;

// Picks functions and values by a generator of its own, so that a seed means the same on every machine.
constexpr const char* Hammer = R"lua(
local state
local function below(n) state = (state * 1103515245 + 12345) % 2147483648 return (state >> 8) % n end
local pcall, select, setmetatable = pcall, select, setmetatable
local functions = {}
local function gather(t, depth)
  local names = {}
  for name in next, t do if type(name) == 'string' then names[#names + 1] = name end end
  table.sort(names)
  for _, name in ipairs(names) do
    local v = t[name]
    if type(v) == 'function' and name ~= 'tool' then functions[#functions + 1] = v
    elseif type(v) == 'table' and depth < 3 and v ~= _G then gather(v, depth + 1) end
  end
end
gather(_G, 0)
local value
local metas = {'__index', '__newindex', '__len', '__lt', '__le', '__eq', '__call', '__tostring', '__pairs', '__close', '__concat', '__add', '__name', '__metatable', '__gc', '__mode'}
local makers = {
  function() return nil end, function() return true end,
  function() return below(10) - 3 end, function() return 1 << below(63) end, function() return -(1 << below(63)) end,
  function() return below(100) / 7 end, function() return 0/0 end, function() return math.huge end,
  function() return '' end, function() return 'a' end, function() return ('ab'):rep(below(50)) end, function() return ('a'):rep(below(100000)) end,
  function() return ({'.-', '%a*', '(a*)', '(.-)(.-)b', '%b()', '%f[%w]', '[^a]', '%1', '[', '%', '()', '^a$', '%s', '%d', '%q', '%-9.3f'})[below(16) + 1] end,
  function() return (('.-'):rep(below(12))) .. 'b' end,
  function() return {} end,
  function() local t = {} for i = 1, below(20) do t[i] = value(2) end return t end,
  function() local t = {} t.a = value(2) t.n = below(5) t[1] = t return t end,
  function() local m = {} for _ = 1, 1 + below(3) do m[metas[below(#metas) + 1]] = value(2) end return setmetatable({1, 2, 3}, m) end,
  function() return functions[below(#functions) + 1] end,
  function() return function(...) return value(2), ... end end,
  function() local rarely = below(200) == 0 return function() for _ = 1, rarely and math.huge or 100 do end end end,
  function() return function() error(value(2)) end end,
  function() return coroutine.create(functions[below(#functions) + 1]) end,
  function() return coroutine.wrap(function(...) coroutine.yield(...) error('x') end) end,
  function() return coroutine.create(function() flow.sleep(0) while true do coroutine.yield(value(2)) end end) end,
}
function value(depth)
  local good, v = pcall(makers[below(depth > 1 and 14 or #makers) + 1])
  if good then return v end
end
function tool(seed)
  state = seed
  for _ = 1, 3000 do
    local f = functions[below(#functions) + 1]
    local a, b, c, d = value(1), value(1), value(1), value(1)
    local kind = below(6)
    if kind == 0 then pcall(coroutine.wrap(f), a, b, c, d)
    elseif kind == 1 then pcall(xpcall, f, value(1), a, b, c, d)
    elseif kind == 2 then pcall(pcall, f, a, b, c)
    else pcall(f, a, b, c, d) end
  end
  return 'survived'
end
)lua";

// A run that does not end is ended by the alarm, with its seed: ten times what the slowest takes.
constexpr unsigned RunSecondsMax = 60;
std::atomic<std::uint32_t> current_seed = 0;

void run_does_not_end(int) {
  char line[96];
  const auto length = std::snprintf(line, sizeof line, "lua_fuzz: a run does not end   (lua_fuzz --seconds 1 --seed %u)\n", current_seed.load());
  static_cast<void>(!write(STDOUT_FILENO, line, static_cast<std::size_t>(length)));
  std::_Exit(1);
}

// Whether the run ended with a result or a failure that has a code.
auto run(std::uint32_t seed) -> bool {
  ir::Tool tool;
  tool.name = "tool";
  tool.lua_file = "fuzz.lua";
  tool.lua_source = Hammer;
  tool.params = {{.name = "seed"}};
  Task task{.tool = std::make_shared<const ir::Tool>(tool), .arguments = Value::Record{{"seed", static_cast<std::int64_t>(seed)}}};
  task.memory_max = std::size_t{4} << 20;
  task.steps_max = 3'000'000;
  Script script(std::move(task));
  Answer answer;
  for (;;) {
    auto pause = script.run(std::exchange(answer, {}));
    script.take_said();
    if (std::holds_alternative<Ask>(pause)) answer = Result<net::HttpResponse>(failure("R0101", "no network here"));
    if (std::holds_alternative<Returned>(pause)) return true;
    if (const auto* failed = std::get_if<Failed>(&pause)) return !failed->code.empty();
  }
}

}  // namespace

int main(int argc, char** argv) {
  flow::test::FuzzRun fuzz(argc, argv);
  std::signal(SIGALRM, run_does_not_end);
  for (; fuzz.goes_on(); fuzz.next()) {
    current_seed = static_cast<std::uint32_t>(fuzz.seed);
    alarm(RunSecondsMax);
    if (!run(current_seed)) return fuzz.found("a failure without a code");
  }
  std::printf("lua_fuzz: %llu runs, all ended\n", static_cast<unsigned long long>(fuzz.count));
}
