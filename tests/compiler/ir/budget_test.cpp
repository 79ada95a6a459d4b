// What a call may cost, before it: tokens of each agent, the growth of a turn, and the longest call between two bounds.

#include "compiler/ir/budget.h"

#include <catch2/catch_test_macros.hpp>

#include "compiler/ir/tokens.h"
#include "tests/support/programs.h"

using namespace flow;
using namespace flow::test;

namespace {

auto priced(ir::Millis longest) -> Shop {
  Shop shop;
  ir::Realtime link{.name = "voice", .provider = "openai"};
  link.prices = ir::Prices{.currency = "usd", .text_in = 4, .audio_in = 32, .cached_in = 0.4, .text_out = 16, .audio_out = 64};
  shop.program.realtime = shop.program.realtimes.add(link);
  shop.program.max_duration = longest;
  return shop;
}

}  // namespace

TEST_CASE("an agent's budget is its instructions, its tools and its handoffs") {
  Shop shop;
  const auto before = ir::budget_of(shop.program).agents[0];
  CHECK(before.instructions == ir::tokens_about("Be brief."));
  shop.program.instructions = text("Be polite.");
  shop.program.tools[shop.look].doc += " Twice, if need be.";
  const auto after = ir::budget_of(shop.program).agents[0];
  CHECK(after.instructions == before.instructions + ir::tokens_about("Be polite."));
  CHECK(after.tools > before.tools);
  CHECK(after.at_most > after.prompt());  // no vocabulary needs more than a token a byte
}

TEST_CASE("what a handoff takes along is all that was said, or so many turns") {
  Shop shop;
  auto& edge = shop.program.handoffs[Id<ir::Handoff>{0}];
  CHECK(ir::budget_of(shop.program).agents[1].carries_all);
  edge.history = ir::History::Last;
  edge.history_turns = 6;
  const auto budget = ir::budget_of(shop.program);
  CHECK_FALSE(budget.agents[1].carries_all);
  CHECK(budget.agents[1].carried == 6 * budget.a_turn);
}

TEST_CASE("the longest call costs more the longer it is, and more than in proportion") {
  const auto cost = [](ir::Millis longest) { return *ir::budget_of(priced(longest).program).longest; };
  const auto ten = cost(600s), twenty = cost(1200s);
  CHECK(ten.least < ten.most);
  CHECK(twenty.most > 2 * ten.most);
  // Sixty turns: what is spoken alone is 60 * 120 * 64 / 1e6.
  CHECK(ten.least > 60 * 120 * 64 / 1e6);
}

TEST_CASE("without a longest duration, or without prices, there is no longest call") {
  CHECK_FALSE(ir::budget_of(priced(0ms).program).longest.has_value());
  auto shop = priced(600s);
  shop.program.realtimes[shop.program.realtime].prices.reset();
  CHECK_FALSE(ir::budget_of(shop.program).longest.has_value());
}
