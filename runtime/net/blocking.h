#pragma once
// A few threads for what blocks (names, files, Lua). Results come back on a loop, never on these threads.

#include <cstddef>
#include <memory>

#include "runtime/net/loop.h"

namespace flow::net {

class Pool {
 public:
  // What becomes of work that is running when the pool goes: waited for, or left to itself. Work that may be left must
  // own all it touches.
  enum class AtExit { Wait, Leave };

  explicit Pool(int threads, std::size_t waiting_max = 1024);
  ~Pool();  // what has not begun is dropped
  Pool(const Pool&) = delete;
  auto operator=(const Pool&) -> Pool& = delete;

  // Runs `work` on one of the threads and then `done` on the loop behind `home`; neither may throw. False if
  // `waiting_max` pieces of work are waiting already: then neither runs. Any thread.
  auto run(const Poster& home, Task work, Task done, AtExit at_exit = AtExit::Wait) -> bool;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace flow::net
