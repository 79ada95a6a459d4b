#pragma once
// What the calls of a flow cost together, in the file that also keeps what outlives a call (memory.h): a row a call, each
// written by its own call alone, so that calls in any number of processes add up without waiting for each other.
//
// A call counts for the day, and the month, in which it began, by the clock of the place where the flow runs. Rehearsals
// with the simulated service cost nothing and have a count of their own.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "compiler/base/result.h"
#include "runtime/core/event.h"
#include "runtime/store/memory.h"

namespace flow::store {

class Spending {
 public:
  struct Of {
    std::string flow, call;       // the program's name, and the call's, which no other call has
    ir::SpendingLimit budget;
    bool rehearsal = false;
  };

  // Enters the call, which blocks a moment. R0405 if it cannot. `failed` hears once if it fails later; the call goes on
  // with what it knew last. `now`: memory.h.
  static auto open(const std::string& path, Of of, Background background, std::function<void(Error)> failed, Memory::WallClock now = {}) -> Result<std::unique_ptr<Spending>>;
  ~Spending();
  Spending(const Spending&) = delete;
  auto operator=(const Spending&) -> Spending& = delete;

  // What the call may cost, as it stood when it was entered.
  auto allowance() const -> const core::Allowance&;

  // All on one thread, in order; `done` comes there, not from inside. The whole call has cost `spent` so far; `done` hears
  // what it may cost as the other calls stand now.
  void count(double spent, std::function<void(double most)> done);
  // When all that was counted before is on disk.
  void flush(std::function<void()> done);

  struct Impl;
  explicit Spending(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace flow::store
