#pragma once
// One run of one tool's Lua: a state of its own, so that no call sees another's globals, run in slices.
//
// Not thread-safe but for `stop`: one thread at a time may call the rest, any thread. Shows nothing of Lua.

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/ir/ir.h"
#include "runtime/net/http.h"

namespace flow::tools::lua {

struct Task {
  std::shared_ptr<const ir::Tool> tool;
  Value arguments;                                     // a record
  Value call;                                          // a record: what the function's last parameter, `call`, gets
  std::map<std::string, std::optional<std::string>> environment = {};  // the names the tool may ask for; none: not set
  std::size_t memory_max = std::size_t{16} << 20;      // bytes
  std::uint64_t steps_max = 400'000'000;
  std::chrono::milliseconds slice{10};
  std::vector<std::shared_ptr<const ir::Tool>> checked = {};  // load the file and look at the functions of these, call none
};

// Why a slice ended.
struct MoreToDo {};                                    // others' turn
struct Sleep { std::chrono::milliseconds time; };
struct Ask { net::HttpRequest request; };
struct Returned { Value result; };
struct Failed {
  std::string code, text;
  bool network = false;
};
using Pause = std::variant<MoreToDo, Sleep, Ask, Returned, Failed>;

// What it waited for.
using Answer = std::variant<std::monostate, Result<net::HttpResponse>>;

// What the tool said on its way.
struct Said {
  bool progress = false;  // else for the log
  std::string text;
};

class Script {
 public:
  static constexpr std::size_t SaidMax = 64;         // lines a slice; more are dropped, of progress only the last is kept
  static constexpr std::size_t TextMax = 4096;       // bytes of a line or of an error

  explicit Script(Task task);
  ~Script();
  Script(const Script&) = delete;
  auto operator=(const Script&) -> Script& = delete;

  // Runs until it ends, waits or its slice is over. After Returned and Failed the state is closed, and that was all.
  auto run(Answer answer) -> Pause;
  // What was said since the last time.
  auto take_said() -> std::vector<Said>;
  // The present slice ends soon, whatever the tool does. Any thread.
  void stop();

  struct Run;

 private:
  std::unique_ptr<Run> run_;
};

}  // namespace flow::tools::lua
