#pragma once
// One thread's event loop: the sockets, timers and posted work of many calls.
//
// All calls of a loop share one heap of timers and one timer of the machine. Nothing here is locked: a loop and all
// that lives on it belong to the thread that runs it, and only `post` and Poster may be used from others. What lives
// on a loop (timers, sockets) must be gone before the loop is. This header shows nothing of the library underneath.

#include <cstdint>
#include <memory>

#include "runtime/net/clock.h"

namespace flow::net {

class Pool;

// Hands work to a loop from any thread, and may outlive it: what comes too late is dropped.
class Poster {
 public:
  void operator()(Task task) const;

 private:
  friend class Loop;
  struct Gate;
  std::shared_ptr<Gate> gate_;
};

class Loop {
 public:
  explicit Loop(const Clock& clock = steady_clock());
  ~Loop();
  Loop(const Loop&) = delete;
  auto operator=(const Loop&) -> Loop& = delete;

  auto now() const -> Time;

  // Runs `task` on the loop's thread, after what was posted before it. Any thread.
  void post(Task task);
  auto poster() const -> Poster;

  // Carries out work until `stop`. A loop without work waits for some.
  void run();
  // The same until `done` holds, looked at after each piece of work; false if `at_most` of the machine's time passed
  // first. For tests and orderly ends.
  auto run_until(const std::function<bool()>& done, Millis at_most) -> bool;
  // Makes `run` return after the present piece of work. Any thread.
  void stop();

  // Fires the timers that are due by the clock. Needed only with a clock that does not run by itself.
  void fire_due();

  // Threads for what blocks: names, files. Started when first asked for.
  auto blocking() -> Pool&;

  struct Impl;  // runtime/net/loop_impl.h, for this folder
  auto impl() -> Impl& { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Fires once at a time that can be moved or dropped. Timers due at the same time fire in the order they were set.
class Timer {
 public:
  explicit Timer(Loop& loop);
  ~Timer();
  Timer(Timer&& other) noexcept;
  auto operator=(Timer&& other) noexcept -> Timer&;

  // Replaces what was set before. `task` may destroy or set this timer.
  void set(Time at, Task task);
  void set_after(Millis after, Task task);
  void drop();
  auto armed() const -> bool;

 private:
  Loop* loop_;
  std::uint64_t number_ = 0;  // 0: never set
};

// Runs `task` on the loop whenever the process gets one of these signals, instead of what they do by default.
class Signals {
 public:
  Signals(Loop& loop, std::initializer_list<int> signals, std::function<void(int)> task);
  ~Signals();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace flow::net
