// `max_cost`: what the service reports is counted at the flow's prices, and the limit ends the call.

#include <algorithm>

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

namespace {

auto priced(std::optional<double> most) -> Shop {
  Shop shop;
  ir::Realtime link{.name = "voice", .provider = "simulated"};
  link.prices = ir::Prices{.currency = "usd", .text_in = 4, .audio_in = 32, .cached_in = 0.4, .text_out = 16, .audio_out = 64};
  shop.program.realtime = shop.program.realtimes.add(link);
  shop.program.max_cost = most;
  shop.program.currency = "usd";
  return shop;
}

void answers_for(Call& call, const Usage& usage) {
  const auto response = call.starts();
  call.says(response, 1000ms);
  call.step(ResponseEnded{call.epoch, response, ResponseStatus::Completed, false, {}, usage});
  call.drains();
}

}  // namespace

TEST_CASE("text, sound and what was known already have their own prices") {
  auto shop = priced(std::nullopt);
  Call call{shop.program};
  call.connect();
  call.turn();
  // 500 of text, 300 of them known; 1000 of sound in; 100 of text and 200 of sound out.
  answers_for(call, {.input = 1500, .output = 300, .cached = 300, .input_audio = 1000, .output_audio = 200});
  const auto expected = (200 * 4 + 300 * 0.4 + 1000 * 32 + 100 * 16 + 200 * 64) / 1e6;
  CHECK(std::abs(call.session.state().spent - expected) < 1e-9);
  CHECK_FALSE(call.decided(Decision::CostReached));
}

TEST_CASE("a call that has cost as much as it may is ended in order") {
  auto shop = priced(0.05);
  ir::Handler handler;
  handler.on = {.kind = ir::EventPattern::Kind::Limit, .after = {}, .values = {}};
  handler.actions.push_back({.kind = ir::Action::Kind::EndCall, .line = words("Time is up. Goodbye.")});
  shop.program.handlers.add(handler);
  Call call{shop.program};
  call.connect();
  call.turn();
  answers_for(call, {.input = 1000, .output = 500, .cached = 0, .input_audio = 1000, .output_audio = 0});
  CHECK_FALSE(call.decided(Decision::CostReached));
  call.turn();
  answers_for(call, {.input = 1000, .output = 0, .cached = 0, .input_audio = 1000, .output_audio = 0});
  CHECK(call.decided(Decision::CostReached));
  CHECK(call.decided(Decision::HandlerRan));
  CHECK(call.decided(Decision::CallEnding));
}

TEST_CASE("without prices nothing is counted") {
  Shop shop;
  shop.program.max_cost = 0.01;
  Call call{shop.program};
  call.connect();
  call.turn();
  answers_for(call, {.input = 1'000'000, .output = 1'000'000, .cached = 0, .input_audio = 0, .output_audio = 0});
  CHECK(call.session.state().spent == 0);
}

// ── `budget`: what other calls have left ──

namespace {

auto budgeted(std::optional<double> max_cost = std::nullopt) -> Shop {
  auto shop = priced(max_cost);
  shop.program.budget = ir::SpendingLimit{.most = 20, .currency = "usd", .per = ir::SpendingLimit::Per::Day};
  ir::Handler handler;
  handler.on = {.kind = ir::EventPattern::Kind::Limit, .after = {}, .values = {}};
  handler.actions.push_back({.kind = ir::Action::Kind::EndCall, .line = words("Time is up. Goodbye.")});
  shop.program.handlers.add(handler);
  return shop;
}

void connect_with(Call& call, double left) {
  call.step(CallerConnected{.from = "+15550100", .call_name = "call-1", .transfers = true, .allowance = Allowance{left, "2026-11-22 00:00"}});
}

// Costs 0.032.
const Usage Second{.input = 1000, .output = 0, .cached = 0, .input_audio = 1000, .output_audio = 0};

}  // namespace

TEST_CASE("a call that nothing is left for ends before anything of it begins") {
  auto shop = budgeted();
  shop.program.state[shop.flag].kept_for = std::chrono::hours{24};
  shop.program.state[shop.flag].kept_by = shop.program.exprs.add({.op = ir::Expr::Op::Call, .name = "from"});
  Call call{shop.program};
  connect_with(call, 0);
  call.the<HangUp>();
  call.step(CallerHungUp{});
  const auto end = call.the<Finish>();
  CHECK(end.code == "R0406");
  CHECK(end.text == "the budget of the day is used up, 20 usd; it begins anew at 2026-11-22 00:00");
  CHECK(call.ever<OpenLink>().empty());
  CHECK(call.ever<Recall>().empty());
  CHECK(call.ever<Remember>().empty());  // what was kept for the caller stays as it was
  CHECK_FALSE(call.decided(Decision::AgentActive));
  CHECK_FALSE(call.decided(Decision::HandlerRan));
}

TEST_CASE("a call is ended in order when it has cost what the budget leaves it") {
  auto shop = budgeted();
  Call call{shop.program};
  connect_with(call, 0.05);
  call.open();
  call.turn();
  answers_for(call, Second);
  CHECK_FALSE(call.decided(Decision::CostReached));
  call.turn();
  answers_for(call, Second);
  CHECK(call.decided(Decision::CostReached));
  CHECK(call.decided(Decision::HandlerRan));
  CHECK(call.decided(Decision::CallEnding));
  REQUIRE(call.ever<CountCost>().size() == 2);
  CHECK(std::abs(call.ever<CountCost>().back().spent - 0.064) < 1e-9);
}

TEST_CASE("of the budget and of `max_cost` the smaller one counts") {
  for (const auto& [max_cost, left, ends] : {std::tuple{0.03, 5.0, true}, std::tuple{5.0, 0.03, true}, std::tuple{5.0, 4.0, false}}) {
    INFO(max_cost << " " << left);
    auto shop = budgeted(max_cost);
    Call call{shop.program};
    connect_with(call, left);
    call.open();
    call.turn();
    answers_for(call, Second);
    CHECK(call.decided(Decision::CostReached) == ends);
  }
}

TEST_CASE("what other calls spend meanwhile ends a call, once") {
  auto shop = budgeted();
  Call call{shop.program};
  connect_with(call, 10);
  call.open();
  call.turn();
  answers_for(call, Second);
  call.step(AllowanceMoved{0.04});
  CHECK_FALSE(call.decided(Decision::CostReached));
  call.step(AllowanceMoved{0.02});
  CHECK(call.decided(Decision::CostReached));
  call.step(AllowanceMoved{0});
  CHECK(std::ranges::count_if(call.ever<Decided>(), [](const Decided& d) { return d.what == Decision::CostReached; }) == 1);
}

TEST_CASE("where nobody adds up, a budget limits nothing and the call is counted all the same") {
  auto shop = budgeted();
  Call call{shop.program};
  call.connect();
  call.turn();
  answers_for(call, Second);
  CHECK(call.ever<CountCost>().size() == 1);
  CHECK_FALSE(call.decided(Decision::CostReached));
}
