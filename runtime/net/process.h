#pragma once
// A program that runs beside us: what goes into it, what comes out of it, how it ended.
//
// It is the head of a process group of its own, so that what it started ends with it. It sees the environment it is
// given and nothing of our open files. Nothing here blocks but the start itself, for as long as the system needs to
// find the program.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/base/result.h"
#include "runtime/net/loop.h"

namespace flow::net {

struct ProcessEnd {
  int code = 0;    // it ended by itself with this
  int signal = 0;  // not 0: it was ended by this
};

struct ProcessOptions {
  std::vector<std::string> command;  // the program, looked for in PATH unless it holds a `/`, and its arguments
  std::string folder = {};           // where it runs; empty: where we do
  std::vector<std::pair<std::string, std::string>> environment = {};
};

struct ProcessHandlers {
  std::function<void(std::string_view)> on_out, on_err;  // as it comes
  std::function<void(ProcessEnd)> on_end;                // once, when it has ended and all it said was given
};

class Process {
 public:
  // Handlers are called on the loop's thread, never inside this. R0210 if the program cannot be started.
  static auto start(Loop& loop, const ProcessOptions& options, ProcessHandlers handlers) -> Result<std::unique_ptr<Process>>;
  ~Process();  // ends its whole group at once; no handler is called any more

  void write(std::string text);  // what it has not read waits
  void close_input();            // after what waits
  // Asks it to end, and two seconds later does not ask any more. `on_end` is called.
  void stop();

  struct Impl;
  explicit Process(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace flow::net
