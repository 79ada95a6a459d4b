// The gate, cell by cell: deliver × who has the floor.

#include <catch2/catch_test_macros.hpp>

#include "runtime/core/gate.h"

using namespace flow::core;
using Deliver = flow::ir::Policy::Deliver;

namespace {
auto at(Floor floor) -> Situation { return {.floor = floor}; }
auto held(Floor floor) -> Situation { return {.floor = floor, .held = true}; }
}  // namespace

TEST_CASE("interrupt, while the caller speaks or is owed a reply: held, and the reply tells it") {
  CHECK(gate(Deliver::Interrupt, at(Floor::Caller)) == Verdict::ShareReply);
}
TEST_CASE("interrupt, while the agent speaks: the agent is cut") { CHECK(gate(Deliver::Interrupt, at(Floor::Agent)) == Verdict::CutAndTell); }
TEST_CASE("interrupt, while nobody speaks: now") { CHECK(gate(Deliver::Interrupt, at(Floor::Nobody)) == Verdict::TellNow); }
TEST_CASE("interrupt, at a service that cannot cancel: at the next pause") {
  CHECK(gate(Deliver::Interrupt, {.floor = Floor::Agent, .can_cut = false}) == Verdict::CutAtPause);
}
TEST_CASE("interrupt with an override, while the caller speaks: now") {
  CHECK(gate(Deliver::Interrupt, {.floor = Floor::Caller, .overrides = true}) == Verdict::CutAndTell);
}

TEST_CASE("at_pause, while the caller speaks: held") { CHECK(gate(Deliver::AtPause, at(Floor::Caller)) == Verdict::Hold); }
TEST_CASE("at_pause, while the agent speaks: cut at the next pause") { CHECK(gate(Deliver::AtPause, at(Floor::Agent)) == Verdict::CutAtPause); }
TEST_CASE("at_pause, while nobody speaks: now") { CHECK(gate(Deliver::AtPause, at(Floor::Nobody)) == Verdict::TellNow); }

TEST_CASE("when_idle, while the caller speaks: held") { CHECK(gate(Deliver::WhenIdle, at(Floor::Caller)) == Verdict::Hold); }
TEST_CASE("when_idle, while the agent speaks: held until all was heard") { CHECK(gate(Deliver::WhenIdle, at(Floor::Agent)) == Verdict::Hold); }
TEST_CASE("when_idle, while nobody speaks: after the grace time") { CHECK(gate(Deliver::WhenIdle, at(Floor::Nobody)) == Verdict::TellAfterGrace); }

TEST_CASE("with_next_turn, while the caller speaks: into the conversation now") { CHECK(gate(Deliver::WithNextTurn, at(Floor::Caller)) == Verdict::ContextNow); }
TEST_CASE("with_next_turn, while the agent speaks: into the conversation after that") { CHECK(gate(Deliver::WithNextTurn, at(Floor::Agent)) == Verdict::ContextLater); }
TEST_CASE("with_next_turn, while nobody speaks: into the conversation now") { CHECK(gate(Deliver::WithNextTurn, at(Floor::Nobody)) == Verdict::ContextNow); }

TEST_CASE("skip_if_busy, while the caller speaks: skipped") { CHECK(gate(Deliver::SkipIfBusy, at(Floor::Caller)) == Verdict::Skip); }
TEST_CASE("skip_if_busy, while the agent speaks: skipped") { CHECK(gate(Deliver::SkipIfBusy, at(Floor::Agent)) == Verdict::Skip); }
TEST_CASE("skip_if_busy, while nobody speaks: now") { CHECK(gate(Deliver::SkipIfBusy, at(Floor::Nobody)) == Verdict::TellNow); }

TEST_CASE("silent, while the caller speaks: into the conversation, and nothing is said") { CHECK(gate(Deliver::Silent, at(Floor::Caller)) == Verdict::ContextNow); }
TEST_CASE("silent, while the agent speaks: into the conversation after that") { CHECK(gate(Deliver::Silent, at(Floor::Agent)) == Verdict::ContextLater); }
TEST_CASE("silent, while nobody speaks: into the conversation") { CHECK(gate(Deliver::Silent, at(Floor::Nobody)) == Verdict::ContextNow); }

TEST_CASE("a protected line holds what would speak, and not what is only put into the conversation") {
  for (const auto deliver : {Deliver::Interrupt, Deliver::AtPause, Deliver::WhenIdle}) {
    for (const auto floor : {Floor::Caller, Floor::Agent, Floor::Nobody}) CHECK(gate(deliver, held(floor)) == Verdict::Hold);
  }
  CHECK(gate(Deliver::WithNextTurn, held(Floor::Agent)) == Verdict::ContextLater);
  CHECK(gate(Deliver::Silent, held(Floor::Caller)) == Verdict::ContextNow);
}
