// `max_cost`: what the service reports is counted at the flow's prices, and the limit ends the call.

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
