#pragma once
// Runs one tool's Lua to its end, as a runner would: sleeps cost nothing, requests are answered by `network`.

#include <catch2/catch_message.hpp>
#include <functional>
#include <string>

#include "runtime/tools/lua/script.h"

namespace flow::tools::lua {

struct Running {
  std::string source;                      // defines `tool(a)`
  Value argument = {};
  Value call = Value::Record{};
  std::size_t memory_max = std::size_t{16} << 20;
  std::uint64_t steps_max = 20'000'000;
  std::vector<std::string> params = {"a"};
  std::map<std::string, std::optional<std::string>> environment = {};
  std::function<Result<net::HttpResponse>(const net::HttpRequest&)> network = {};

  // What happened on the way.
  int slices = 0;
  std::vector<std::chrono::milliseconds> sleeps = {};
  std::vector<Said> said = {};

  auto task() const -> Task {
    ir::Tool tool;
    tool.name = "tool";
    tool.lua_file = "tools/t.lua";
    tool.lua_source = source;
    for (const auto& name : params) tool.params.push_back({.name = name});
    Task task{.tool = std::make_shared<const ir::Tool>(tool), .arguments = Value::Record{{"a", argument}}, .call = call};
    task.environment = environment;
    task.memory_max = memory_max;
    task.steps_max = steps_max;
    return task;
  }

  auto end() -> Pause {
    Script script(task());
    Answer answer;
    for (;;) {
      auto pause = script.run(std::exchange(answer, {}));
      ++slices;
      for (auto& line : script.take_said()) said.push_back(std::move(line));
      if (const auto* sleep = std::get_if<Sleep>(&pause)) sleeps.push_back(sleep->time);
      if (const auto* ask = std::get_if<Ask>(&pause)) answer = network(ask->request);
      if (std::holds_alternative<Returned>(pause) || std::holds_alternative<Failed>(pause)) return pause;
    }
  }
};

// What `source` returns as JSON, or its failure as `code: text`.
inline auto outcome(Running running) -> std::string {
  const auto end = running.end();
  if (const auto* returned = std::get_if<Returned>(&end)) return to_json(returned->result);
  const auto& failed = std::get<Failed>(end);
  return failed.code + ": " + failed.text;
}
// The same for the body of the function alone.
inline auto outcome_of(const std::string& body) -> std::string { return outcome({.source = "function tool(a) " + body + " end"}); }

}  // namespace flow::tools::lua
