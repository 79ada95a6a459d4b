// Forms in small scopes searched whole, and in large ones from seeds: no order of calls, checks, keys, barge-ins, handoffs
// and lost links answers a call twice or never, submits a form twice, or leaves it waiting.

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

#include "runtime/explore/search.h"
#include "tests/support/form_shop.h"

using namespace flow;
using namespace flow::explore;
using namespace flow::test;

namespace {

auto report(const Broken& broken) -> std::string {
  std::string text = broken.law;
  for (const auto& move : broken.moves) text += "\n  " + move;
  return text;
}

// The first move of each name in turn.
auto after(const ir::Program& program, std::initializer_list<Act> acts, std::vector<std::string> functions) -> Branch {
  Branch branch{program, std::move(functions)};
  for (const auto act : acts) {
    const auto moves = branch.world.moves();
    const auto found = std::ranges::find(moves, act, &Move::act);
    INFO(name_of(act));
    REQUIRE(found != moves.end());
    REQUIRE(branch.make(*found) == "");
  }
  return branch;
}

void nothing_breaks(const Branch& start, std::set<Act> acts, int depth, std::uint64_t at_least) {
  const auto found = search(start, [&](const Move& m) { return acts.contains(m.act); }, depth);
  if (!found.broken.empty()) FAIL(report(found.broken.front()));
  INFO("runs: " << found.runs);
  CHECK(found.runs >= at_least);
}

}  // namespace

TEST_CASE("no order of calls of a form, their checks and the caller's turns breaks a law") {
  FormShop shop;
  nothing_breaks(after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes, Act::Starts}, {"fill_request"}),
                 {Act::Calls, Act::HalfCall, Act::Ends, Act::Starts, Act::ToolFinishes, Act::ToolFails, Act::LateTool, Act::Stored, Act::CallerTypes, Act::Speaks, Act::Drains, Act::TimePasses}, 8, 5'000);
}

TEST_CASE("no barge-in, lost link or hang-up around a read-back breaks a law") {
  FormShop shop;
  nothing_breaks(after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes, Act::Starts, Act::HalfCall, Act::Calls, Act::Ends, Act::ToolFinishes, Act::Starts, Act::Speaks}, {"fill_request"}),
                 {Act::CallerSpeaks, Act::CallerStops, Act::Commits, Act::FlushedHalf, Act::EndsCancelled, Act::Ends, Act::Drains, Act::Starts, Act::Calls, Act::LinkDrops, Act::LinkOpens, Act::Confirms, Act::CallerHangsUp, Act::Stored, Act::ToolFinishes},
                 9, 5'000);
}

TEST_CASE("no order of keys, calls and handoffs breaks a law") {
  FormShop shop;
  shop.form().fields[2].keys_min = 1;
  shop.form().fields[2].keys_max = 1;
  nothing_breaks(after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes, Act::Starts}, {"fill_request", "handoff_other", "fill_request", "handoff_back"}),
                 {Act::Calls, Act::Ends, Act::Starts, Act::ToolFinishes, Act::Stored, Act::CallerPresses, Act::CallerTypes, Act::Confirms, Act::TimePasses, Act::Speaks, Act::Drains}, 8, 5'000);
}

TEST_CASE("long calls with a form, in a world that misbehaves, end as they should") {
  for (const bool confirmed : {true, false}) {
    FormShop shop;
    if (!confirmed) shop.form().confirm.reset();
    const Branch start{shop.program, {"fill_request", "fill_request", "handoff_other", "handoff_back", "look"}};
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      const auto broken = simulate(start, seed, 120);
      if (broken) FAIL("seed " << seed << ": " << report(*broken));
    }
  }
}
