// `compensate`: what a cancelled run has done is undone, once, and not before the run is over.

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

namespace {

// The shop whose `write` is undone by `undo`.
struct Undoing {
  Shop shop;
  Id<ir::Tool> undo;

  Undoing() {
    auto tool = shop.program.tools[shop.look];
    tool.name = "undo";
    tool.effects = ir::Effects::Writes;
    undo = shop.program.tools.add(tool);
    shop.program.tools[shop.write].compensate = undo;
    shop.program.tools[shop.write].idempotency_key = "query";
  }
};

// A turn whose answer is one call of `write`, which then runs.
auto writes(Call& call) -> JobId {
  call.turn();
  const auto response = call.starts();
  call.calls_tool("write", Value::Record{{"query", "boots"}}, response);
  call.ends(response);
  const JobId job{call.session.state().last_job};
  call.step(JobStored{job});
  return job;
}

auto runs_of(const Call& call, Id<ir::Tool> tool) -> std::vector<StartTool> {
  auto all = call.ever<StartTool>();
  std::erase_if(all, [&](const StartTool& start) { return start.tool != tool; });
  return all;
}

}  // namespace

TEST_CASE("a cancelled write is undone with its own arguments when it has stopped") {
  Undoing u;
  u.shop.rules().on_hangup = ir::Policy::OnHangup::Cancel;
  Call call{u.shop.program};
  call.connect();
  const auto job = writes(call);
  call.step(CallerHungUp{});
  CHECK(call.ever<StopTool>().size() == 1);
  CHECK(call.decided(Decision::ToolUndone));
  const JobId undo{call.session.state().last_job};
  call.step(JobStored{undo});
  CHECK(runs_of(call, u.undo).empty());  // the write may still be on its way
  call.step(ToolStopped{job, 1});
  REQUIRE(runs_of(call, u.undo).size() == 1);
  CHECK(*runs_of(call, u.undo).front().arguments.field("query") == Value{"boots"});
  call.step(ToolFinished{undo, 1, "undone"});
  CHECK(call.session.finished());
  CHECK(runs_of(call, u.undo).size() == 1);
}

TEST_CASE("a write that never says that it stopped is undone all the same") {
  Undoing u;
  u.shop.rules().on_hangup = ir::Policy::OnHangup::Cancel;
  Call call{u.shop.program};
  call.connect();
  writes(call);
  call.step(CallerHungUp{});
  const JobId undo{call.session.state().last_job};
  call.step(JobStored{undo});
  call.wait(6s);
  CHECK(runs_of(call, u.undo).size() == 1);
}

TEST_CASE("a write that finishes after it was cancelled is undone") {
  Undoing u;
  u.shop.rules().cancel = ir::Policy::Cancel::ByModel;
  Call call{u.shop.program};
  call.connect();
  const auto job = writes(call);
  call.wait(400ms);
  call.answers();
  call.turn("stop that");
  const auto response = call.starts();
  call.calls_tool("stop_tool", Value::Record{{"number", std::int64_t{job.n}}}, response);
  const JobId undo{call.session.state().last_job};
  CHECK(undo != job);
  call.step(JobStored{undo});
  call.step(ToolFinished{job, 1, "written"});
  CHECK(runs_of(call, u.undo).size() == 1);
}

TEST_CASE("a write that had not begun needs no undoing") {
  Undoing u;
  u.shop.rules().on_hangup = ir::Policy::OnHangup::Cancel;
  Call call{u.shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("write", Value::Record{{"query", "boots"}}, response);
  call.step(CallerHungUp{});
  CHECK_FALSE(call.decided(Decision::ToolUndone));
  CHECK(call.session.finished());
}

TEST_CASE("without a tool that undoes it, a write is not stopped by a hang-up") {
  Undoing u;
  u.shop.program.tools[u.shop.write].compensate = {};
  u.shop.rules().on_hangup = ir::Policy::OnHangup::Cancel;
  Call call{u.shop.program};
  call.connect();
  writes(call);
  call.step(CallerHungUp{});
  CHECK(call.ever<StopTool>().empty());
  CHECK_FALSE(call.session.finished());
}
