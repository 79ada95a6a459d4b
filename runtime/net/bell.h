#pragma once
// Wakes a loop from a thread that must never wait: the callback of a sound card, a signal handler.
//
// `Loop::post` takes a lock and allocates; a rope does neither. However often it is pulled before the loop gets to it,
// the loop is woken once, and the machine is asked once.

#include <atomic>
#include <functional>
#include <memory>

#include "runtime/net/loop.h"

namespace flow::net {

class Bell {
  struct Shared;

 public:
  // May outlive the bell and the loop: then nobody hears it.
  class Rope {
   public:
    Rope() = default;  // hangs on nothing
    // Any thread; wait-free, does not allocate.
    void pull() const noexcept;

   private:
    friend class Bell;
    std::shared_ptr<Shared> shared_;
  };

  // `rung` runs on the loop's thread, once after one or more pulls; it may destroy the bell. Asserts that the machine has
  // a file descriptor left.
  Bell(Loop& loop, Task rung);
  ~Bell();
  Bell(const Bell&) = delete;
  auto operator=(const Bell&) -> Bell& = delete;

  auto rope() const -> Rope;

 private:
  struct Waiting;
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<Waiting> waiting_;
};

}  // namespace flow::net
