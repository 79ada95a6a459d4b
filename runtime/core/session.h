#pragma once
// One call, from the first ring to the last word.
//
// Pure: no clock, socket, thread, randomness or file. What happens comes in as events, what should be done goes out as
// effects. The same program and the same events give the same effects on every machine, which is what replay, the
// simulator and `flowc check` stand on. A session is a value: a branch of an exploration is a copy.

#include <memory>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/core/effect.h"
#include "runtime/core/event.h"

namespace flow::core {

class Session {
 public:
  // `program` must be verified and outlive the session.
  explicit Session(const ir::Program& program);
  Session(const Session&);
  Session(Session&&) noexcept;
  auto operator=(const Session&) -> Session&;
  auto operator=(Session&&) noexcept -> Session&;
  ~Session();

  // The first event is CallerConnected. Effects are appended to `out` in the order in which they must be carried out.
  // After Finish nothing is ordered any more.
  void step(const Event& event, Instant now, EffectList& out);

  auto finished() const -> bool;

  // Empty, or the first invariant that does not hold (runtime/core/invariants.cpp names them). Tests, searches and the
  // driver ask after every step.
  auto broken_invariant() const -> std::string;

  struct State;
  auto state() const -> const State& { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

}  // namespace flow::core
