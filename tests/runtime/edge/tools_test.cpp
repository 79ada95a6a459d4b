#include "runtime/edge/tools.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/runtime/edge/world.h"

namespace flow::edge {

TEST_CASE("a tool in Lua runs beside the call, and its result answers the model") {
  World world;
  world.shop.program.tools[world.shop.look].lua_source =
      "function look(query, call) return 'two ' .. query .. ' for ' .. call.from end";
  net::Pool pool(1);
  world.make_tools = run_tools({.program = world.shop.program,
                                .loop = world.loop,
                                .pool = pool,
                                .fetch = {},
                                .call_id = "call-1",
                                .call_from = "+15550100"});
  world.connect();
  world.turn("caller_1");
  world.service.starts("resp_1");
  world.service.calls("resp_1", "item_1", "call_1", "look", R"({"query":"boots"})");
  world.service.ends("resp_1");
  const auto answer = world.service.await("conversation.item.create");
  CHECK(*answer.field("item")->field("call_id")->text() == "call_1");
  CHECK(answer.field("item")->field("output")->text()->find("two boots for +15550100") != std::string::npos);
  world.service.await("response.create", 2);
}

TEST_CASE("a call that is dropped while its tool runs hears no more of it") {
  World world;
  world.shop.program.tools[world.shop.look].lua_source = "function look(query) flow.sleep(1) return query end";
  net::Pool pool(1);
  world.make_tools = run_tools(
      {.program = world.shop.program, .loop = world.loop, .pool = pool, .fetch = {}, .call_id = {}, .call_from = {}});
  world.connect();
  world.turn("caller_1");
  world.service.starts("resp_1");
  world.service.calls("resp_1", "item_1", "call_1", "look", R"({"query":"boots"})");
  world.await_decision(core::Decision::ToolStarted);
  world.call.reset();
  world.clock.advance(2s);
  world.loop.fire_due();
  net::turn(world.loop);
  CHECK(count_of<core::ToolFinished>(world.notes.events) == 0);
}

}  // namespace flow::edge
