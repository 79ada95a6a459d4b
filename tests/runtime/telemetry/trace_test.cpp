#include "runtime/telemetry/trace.h"

#include <catch2/catch_test_macros.hpp>

#include <set>

#include "runtime/telemetry/decisions.h"

using namespace flow;
using namespace flow::telemetry;
using namespace std::chrono_literals;
using core::Decided;
using core::Decision;

namespace {

auto shop() -> ir::Program {
  ir::Program program;
  program.agents.add({.name = "concierge"});
  program.tools.add({.name = "lookup_orders"});
  return program;
}

auto at(core::Millis ms) -> core::Instant { return {ms}; }

}  // namespace

TEST_CASE("a decision is one line of JSON with the time, its stable name and what it measures") {
  const auto program = shop();
  Trace trace{program};
  trace.line(core::StartTool{.job = {1}, .tool = program.tools.id_at(0)}, at(3000ms));
  CHECK(trace.line(Decided{.what = Decision::ToolReady, .job = {1}, .duration = 3101ms}, at(6012ms)) ==
        R"({"t_ms":6012,"decision":"tool.ready","job":1,"tool":"lookup_orders","duration_ms":3101})" "\n");
}

TEST_CASE("a decision of an agent names the agent, and words are quoted") {
  const auto program = shop();
  Trace trace{program};
  CHECK(trace.line(Decided{.what = Decision::AgentSaid, .agent = program.agents.id_at(0), .text = "\"Hi\"\n"}, at(10ms)) ==
        R"({"t_ms":10,"decision":"agent.said","agent":"concierge","duration_ms":0,"text":"\"Hi\"\n"})" "\n");
}

TEST_CASE("orders that are no decisions leave no line") {
  const auto program = shop();
  Trace trace{program};
  CHECK(trace.line(core::HangUp{}, at(0ms)).empty());
}

TEST_CASE("a tool is named even when its run was never ordered") {
  const auto program = shop();
  Trace trace{program};
  trace.line(Decided{.what = Decision::ToolCalled, .job = {7}, .text = "lookup_orders"}, at(0ms));
  const auto line = trace.line(Decided{.what = Decision::ToolFailed, .job = {7}, .duration = 5ms, .text = "lookup_orders: R0201 it threw"}, at(5ms));
  CHECK(line.find(R"("tool":"lookup_orders")") != line.npos);
  CHECK(line.find(R"("text":"R0201 it threw")") != line.npos);
}

TEST_CASE("every decision has its own dotted name and a meaning") {
  std::set<std::string_view> names;
  for (const auto& row : decisions()) {
    INFO(row.name);
    CHECK(names.insert(row.name).second);
    CHECK(row.name.find('.') != row.name.npos);
    CHECK_FALSE(row.meaning.empty());
    CHECK(name_of(row.what) == row.name);
  }
}
