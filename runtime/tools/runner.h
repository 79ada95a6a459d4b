#pragma once
// Runs one call's tools: takes StartTool and StopTool, finds who does the work, reports core events. It decides nothing:
// retries, acks and what a failure means are the session's.
//
// All functions are called on the loop's thread, and all reports come there, never inside start or stop.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/effect.h"
#include "runtime/core/event.h"
#include "runtime/tools/doers.h"
#include "runtime/tools/lua_doer.h"

namespace flow::tools {

struct Setup {
  const ir::Program& program;                  // verified; outlives the runner
  net::Loop& loop;
  net::Pool& pool;                             // for Lua alone: names and files wait behind no endless loop
  Fetch fetch;
  std::string call_id, call_from;              // of the tool's last parameter, `call`
  // What `flow.env` reads, for names that the tool lists. Asked when a tool starts.
  std::function<std::optional<std::string>(const std::string& name)> environment = {};
  std::vector<std::string> secrets = {};       // blotted out of logs, progress and failures, as `flow.env`'s values are
  std::function<void(core::Event)> report;     // ToolProgressed, ToolFinished, ToolFailed, ToolPending, ToolStopped
  std::function<void(core::JobId, const std::string&)> log = {};  // flow.log, and what programs say beside their answer
  Limits limits = {};
  std::shared_ptr<Doers> doers = {};           // of tools that are not Lua; many calls share them. None: there are no such tools
};

class Runner {
 public:
  explicit Runner(Setup setup);
  ~Runner();  // stops what runs, reports nothing more
  Runner(const Runner&) = delete;
  auto operator=(const Runner&) -> Runner& = delete;

  // Answered by one of ToolFinished, ToolFailed, ToolPending, ToolStopped with the same job and attempt, at latest soon
  // after the deadline. Not for tools that the runtime itself does.
  void start(const core::StartTool& order);
  // Answered by ToolStopped, unless the tool has ended already. What the tool does after that is not reported.
  void stop(const core::StopTool& order);

  auto running() const -> std::size_t;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// R-codes of failures:
//   R0201  the tool itself failed: `error(…)`, or a mistake in its Lua. `error{code = …}` puts its own code in place.
//   R0202  it cannot be loaded: syntax, function missing, parameters other than declared
//   R0203  it used too much: memory, steps, or time
//   R0204  its result is not of the declared type
//   R0205  its result cannot leave Lua: a function, a cycle, too deep or too large, a number that is not finite
//   R0206  it waits for a thread together with too many others
//   R0207 to R0214  what services, programs, databases and jobs do instead (docs/errors)
// and the codes of runtime/net/http.h for what could not be reached (`network` set).

// Whether every Lua tool of the program can be loaded and its function has the declared parameters: R0202, one error a
// tool, with the file's name and line in the text. Runs the files' top level within `limits`. Any thread; blocks some
// milliseconds.
auto check_tools(const ir::Program& program, Limits limits = {}) -> std::vector<Error>;

}  // namespace flow::tools
