#pragma once
// What outlives calls, in a file of SQLite: state that is kept for a caller, and work that waits for their next call.
//
// Whose it is is kept as a digest, not as a number that can be read; values are kept as they are, readable by the file's
// owner only, until their time is over. Work that a call has taken is not given to another for `LeaseMax`, so that it
// is told once even if the same caller calls twice at a time.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "compiler/base/result.h"
#include "runtime/core/effect.h"
#include "runtime/core/event.h"

namespace flow::store {

// Runs `work` on a thread that may wait, one piece after the other, then `done` where this was called. False: neither.
using Background = std::function<bool(std::function<void()> work, std::function<void()> done)>;

class Memory {
 public:
  static constexpr std::chrono::hours LeaseMax{1};

  // Milliseconds since 1970; a test's own time in tests.
  using WallClock = std::function<std::int64_t()>;

  // Opens or makes the file; blocks a moment. R0404 if it cannot. `failed` hears once if it fails later; the call goes
  // on without. `program` outlives this.
  static auto open(const std::string& path, const ir::Program& program, Background background, std::function<void(Error)> failed, WallClock now = {}) -> Result<std::unique_ptr<Memory>>;
  ~Memory();
  Memory(const Memory&) = delete;
  auto operator=(const Memory&) -> Memory& = delete;

  // All on one thread, in order; `done` comes there, not from inside. `call` names the call that takes the work.
  void recall(const core::Recall& order, const std::string& call, std::function<void(core::Recalled)> done);
  void remember(const core::Remember& order);
  void keep(const core::KeepJob& order, const std::string& call);
  void forget(const core::ForgetJob& order);
  // The call is over: what it has not told may be told in another.
  void release(const std::string& call);
  // When all that was ordered before is on disk.
  void flush(std::function<void()> done);

  struct Impl;
  explicit Memory(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace flow::store
