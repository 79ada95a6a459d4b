#pragma once
// Who does a tool's work: Lua, a service, a program, a database. All of them are this, and nothing more.

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "compiler/ir/ir.h"
#include "runtime/core/ids.h"
#include "runtime/net/clock.h"

namespace flow::tools {

// One try at a tool's work.
struct Task {
  std::shared_ptr<const ir::Tool> tool;
  Value arguments, state, call;  // records; `call` has `id` and `from`
  net::Time ends_at;             // what comes later is of no use
  std::string handle;            // not empty: of work that was begun earlier and goes on elsewhere; ask whether it is done
};

struct Done { Value result; };
struct Failed {
  std::string code, text;  // an R-code, a sentence
  bool network = false;    // worth another try
};
struct Pending { std::string handle; };  // begun; it goes on elsewhere
using Outcome = std::variant<Done, Failed, Pending>;

// Who waits for the work. `done` is called once, the others before it; all on the loop's thread, never inside `start`.
struct Hearer {
  std::function<void(Outcome)> done;
  std::function<void(std::string)> progress, log;
};

class Doer {
 public:
  virtual ~Doer() = default;
  // What comes back keeps the work going. Dropping it gives the work up, and nothing is heard of it any more.
  virtual auto start(Task task, Hearer hearer) -> std::shared_ptr<void> = 0;
  // The work that `task.handle` names is of no use any more. Nobody waits for an answer.
  virtual void give_up(const Task& task);
};

}  // namespace flow::tools
