// What is marked `pii` is not shown: not in the timeline, not in the trace, and not because somebody says it again.

#include "runtime/telemetry/personal.h"

#include <catch2/catch_test_macros.hpp>

#include "runtime/telemetry/timeline.h"
#include "runtime/telemetry/trace.h"

using namespace flow;
using namespace flow::telemetry;
using namespace std::chrono_literals;

namespace {

// A tool `identify(postcode pii, town)` that gives a customer, whose name is personal; `caller` is one in the state.
auto desk() -> ir::Program {
  ir::Program program;
  const auto text = program.types.add({.kind = ir::Type::Kind::String});
  const auto customer = program.records.add({"Customer", {{.name = "id", .type = text}, {.name = "name", .type = text, .pii = true}}});
  const auto customers = program.types.add({.kind = ir::Type::Kind::Record, .record = customer});
  program.state.add({.name = "caller", .type = customers});
  ir::Tool tool{.name = "identify"};
  tool.params.push_back({.name = "postcode", .type = text, .pii = true});
  tool.params.push_back({.name = "town", .type = text});
  tool.result = customers;
  program.tools.add(tool);
  program.agents.add({.name = "desk"});
  return program;
}

auto start() -> core::Effect {
  return core::StartTool{.job = {1}, .attempt = 1, .tool = Id<ir::Tool>{0}, .arguments = Value::Record{{"postcode", "10115"}, {"town", "Berlin"}}, .state = Value::Record{}};
}
auto finish() -> core::Event { return core::ToolFinished{{1}, 1, Value::Record{{"id", "C1"}, {"name", "Ada Lovelace"}}}; }

}  // namespace

TEST_CASE("a personal argument is masked in every word after it, and others are not") {
  const auto program = desk();
  Personal personal{program};
  CHECK(personal.masked("10115 Berlin") == "10115 Berlin");
  personal.note(start());
  CHECK(personal.masked("10115 Berlin") == "… Berlin");
}

TEST_CASE("a personal field of a result is masked, however it is written") {
  const auto program = desk();
  Personal personal{program};
  personal.note(start());
  personal.note(finish());
  CHECK(personal.masked("Hello ADA LOVELACE, Ada Lovelace. C1?") == "Hello …, …. C1?");
}

TEST_CASE("personal state is known from the first tool that is started with it") {
  const auto program = desk();
  Personal personal{program};
  auto effect = std::get<core::StartTool>(start());
  effect.state = Value::Record{{"caller", Value::Record{{"id", "C7"}, {"name", "Grace"}}}};
  personal.note(core::Effect{effect});
  CHECK(personal.masked("Grace C7") == "… C7");
}

TEST_CASE("what the model calls a tool with is masked, even if the call is refused") {
  const auto program = desk();
  Personal personal{program};
  core::FunctionCalled call;
  call.name = "identify";
  call.arguments = Value::Record{{"postcode", "20095"}};
  personal.note(core::Event{call});
  CHECK(personal.masked("20095") == "…");
}

TEST_CASE("a value too short to tell from other words is left") {
  const auto program = desk();
  Personal personal{program};
  auto effect = std::get<core::StartTool>(start());
  effect.arguments = Value::Record{{"postcode", "12"}, {"town", "x"}};
  personal.note(core::Effect{effect});
  CHECK(personal.masked("12 of 12") == "12 of 12");
}

TEST_CASE("neither the trace nor the timeline shows what is personal") {
  const auto program = desk();
  const core::Effect said = core::Decided{.what = core::Decision::AgentSaid, .agent = Id<ir::Agent>{0}, .text = "Thank you, Ada Lovelace of 10115."};
  Trace trace{program};
  trace.line(start(), {1s});
  trace.note(finish());
  CHECK(trace.line(said, {2s}).find("Thank you, … of ….") != std::string::npos);
  Timeline timeline{program, {}};
  auto shown = timeline.on(start(), {1s});
  shown += timeline.on(finish(), {2s});
  shown += timeline.on(said, {3s});
  shown += timeline.logged({1}, "asked for 10115", {3s});
  CHECK(shown.find("10115") == std::string::npos);
  CHECK(shown.find("Ada") == std::string::npos);
  CHECK(shown.find("Thank you, … of ….") != std::string::npos);
}
