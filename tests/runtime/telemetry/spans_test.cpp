#include "runtime/telemetry/spans.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/telemetry/otlp.h"
#include "tests/support/places.h"

using namespace flow;
using namespace flow::telemetry;
using namespace std::chrono_literals;
using core::Decided;
using core::Decision;

namespace {

// Two agents, a tool that takes what is personal, prices.
struct Desk {
  ir::Program program;
  Id<ir::Agent> desk, support;
  Id<ir::Tool> look;
  Desk() {
    program.name = "shop";
    ir::Realtime link{.name = "voice", .provider = "openai", .model = "gpt-realtime"};
    link.prices = ir::Prices{.currency = "usd"};
    program.realtime = program.realtimes.add(link);
    desk = program.agents.add({.name = "desk"});
    support = program.agents.add({.name = "support"});
    look = program.tools.add({.name = "look"});
  }
};

auto at(core::Millis ms) -> core::Instant { return {ms}; }

// A small call: a greeting, a lookup that is told after it was ready, a handoff, a tool that fails, the end.
void small_call(const Desk& desk, Spans& spans) {
  const auto decided = [&](core::Millis when, Decided what) { spans.on(core::Effect{std::move(what)}, at(when)); };
  spans.on(core::CallerConnected{.from = "+15550100", .call_name = "call-1"}, at(0ms));
  decided(0ms, {.what = Decision::AgentActive, .agent = desk.desk});
  decided(900ms, {.what = Decision::CallerSaid, .agent = desk.desk, .text = "where is the order of Ada Lovelace"});
  spans.on(core::StartTool{.job = {1}, .tool = desk.look, .arguments = Value::Record{{"name", "Ada Lovelace"}}}, at(1000ms));
  decided(1000ms, {.what = Decision::ToolStarted, .job = {1}, .agent = desk.desk, .text = "look"});
  spans.delayed({.kind = Delay::Kind::Reply, .began = at(700ms), .ended = at(1400ms), .parts = {{Stage::Endpointing, 500ms}, {Stage::Deciding, 0ms}, {Stage::FirstAudio, 200ms}}});
  decided(3000ms, {.what = Decision::ToolReady, .job = {1}, .agent = desk.desk, .duration = 2000ms, .text = "look"});
  decided(3500ms, {.what = Decision::ToolSpeaking, .job = {1}, .agent = desk.desk, .duration = 500ms, .text = "look"});
  decided(5000ms, {.what = Decision::ToolDelivered, .job = {1}, .agent = desk.desk, .duration = 2000ms, .text = "look"});
  spans.on(core::ResponseEnded{.usage = {.input = 1200, .output = 80}}, at(5000ms));
  spans.on(core::Effect{core::CountCost{0.0125}}, at(5000ms));
  decided(6000ms, {.what = Decision::HandoffStarted, .agent = desk.desk, .text = "support"});
  decided(6100ms, {.what = Decision::AgentActive, .agent = desk.support});
  decided(6250ms, {.what = Decision::HandoffDone, .agent = desk.support});
  decided(7000ms, {.what = Decision::ToolStarted, .job = {2}, .agent = desk.support, .text = "look"});
  decided(7300ms, {.what = Decision::ToolFailed, .job = {2}, .agent = desk.support, .duration = 300ms, .text = "look: R0201 no order of Ada Lovelace"});
  decided(8000ms, {.what = Decision::CallEnded, .agent = desk.support});
  spans.on(core::Effect{core::Finish{}}, at(8000ms));
}

auto names(const std::vector<TraceSpan>& spans) -> std::vector<std::string> {
  std::vector<std::string> out;
  for (const auto& span : spans) out.push_back(span.name);
  return out;
}

auto named(const std::vector<TraceSpan>& spans, const std::string& name) -> const TraceSpan& {
  for (const auto& span : spans) {
    if (span.name == name) return span;
  }
  FAIL("no span " << name);
  return spans.front();
}

auto attribute(const TraceSpan& span, const std::string& name) -> Value {
  for (const auto& [key, value] : span.attributes) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

TEST_CASE("a call holds its agents, and they hold what happened while they had it") {
  const Desk desk;
  Spans spans{desk.program};
  small_call(desk, spans);
  const auto all = spans.spans();
  CHECK(names(all) == std::vector<std::string>{"call shop", "invoke_agent desk", "execute_tool look", "reply", "endpointing", "first_audio", "handoff to support",
                                               "invoke_agent support", "execute_tool look"});
  CHECK_FALSE(all[0].parent);
  for (std::size_t i = 1; i < all.size(); ++i) {
    INFO(all[i].name);
    REQUIRE(all[i].parent);
    CHECK(*all[i].parent < i);
    CHECK(all[i].from <= all[i].until);
  }
  CHECK(all[2].parent == 1);
  CHECK(all[4].parent == 3);
  CHECK(all[8].parent == 7);
  CHECK(all[1].until == all[7].from);
  CHECK(all[7].until == at(8000ms));
  CHECK(all[6].until == at(6250ms));
  CHECK(attribute(all[0], "flow.agents") == Value(Value::List{"desk", "support"}));
  CHECK(attribute(all[0], "flow.cost") == Value(0.0125));
  CHECK(attribute(all[0], "gen_ai.usage.input_tokens") == Value(std::int64_t{1200}));
}

TEST_CASE("a tool's span is its run; how long its result waited to be told stands beside it") {
  const Desk desk;
  Spans spans{desk.program};
  small_call(desk, spans);
  const auto all = spans.spans();
  const auto& run = named(all, "execute_tool look");
  CHECK(run.from == at(1000ms));
  CHECK(run.until == at(3000ms));
  CHECK(attribute(run, "flow.tool.outcome") == Value("delivered"));
  CHECK(attribute(run, "flow.tool.ready_to_told_ms") == Value(std::int64_t{500}));
  CHECK(attribute(run, "flow.tool.ready_to_heard_ms") == Value(std::int64_t{2000}));
  CHECK(run.error.empty());
  CHECK(all.back().error == "R0201");
}

TEST_CASE("nothing that anybody said, gave or was told is in a trace") {
  const Desk desk;
  Spans spans{desk.program};
  small_call(desk, spans);
  const auto text = to_otlp(spans.spans(), {"shop", "call-1", "2026-11-20T22:15:00Z"});
  CHECK(text.find("Ada") == text.npos);
  CHECK(text.find("15550100") == text.npos);
  CHECK(text.find("order") == text.npos);
}

TEST_CASE("a call that ended by an error says which, and what was under way ends with it") {
  const Desk desk;
  Spans spans{desk.program};
  spans.on(core::CallerConnected{.call_name = "call-1"}, at(0ms));
  spans.on(core::Effect{Decided{.what = Decision::AgentActive, .agent = desk.desk}}, at(0ms));
  spans.on(core::Effect{Decided{.what = Decision::TransferStarted, .agent = desk.desk, .text = "human"}}, at(500ms));
  spans.on(core::Effect{core::Finish{.code = "R0108", .text = "the connection was lost"}}, at(2000ms));
  const auto all = spans.spans();
  CHECK(all[0].error == "R0108");
  CHECK(attribute(all[0], "flow.end.code") == Value("R0108"));
  CHECK(named(all, "transfer to human").until == at(2000ms));
  CHECK(named(all, "invoke_agent desk").until == at(2000ms));
}

TEST_CASE("the trace of a small call is this object") {
  const auto file = std::filesystem::path(test::source_dir()) / "tests/runtime/telemetry/small_call.otlp.json";
  const Desk desk;
  Spans spans{desk.program};
  small_call(desk, spans);
  const auto text = to_otlp(spans.spans(), {"shop", "call-1", "2026-11-20T22:15:00Z"}) + "\n";
  if (std::getenv("FLOW_UPDATE")) std::ofstream(file, std::ios::binary) << text;
  std::ostringstream wanted;
  wanted << std::ifstream{file, std::ios::binary}.rdbuf();
  CHECK(text == wanted.str());
}

TEST_CASE("times are the call's start and what passed since, and ids are of this call alone") {
  const std::vector<TraceSpan> one{{.name = "call", .from = at(0ms), .until = at(1500ms)}};
  const auto text = to_otlp(one, {"shop", "call-1", "2026-11-20T22:15:00Z"});
  CHECK(text.find(R"("startTimeUnixNano":"1795212900000000000","endTimeUnixNano":"1795212901500000000")") != text.npos);
  const auto id = [](const std::string& of) { return of.substr(of.find("traceId") + 10, 32); };
  CHECK(id(text) == id(to_otlp(one, {"shop", "call-1", "2026-11-20T22:15:00Z"})));
  CHECK(id(text) != id(to_otlp(one, {"shop", "call-2", "2026-11-20T22:15:00Z"})));
  CHECK(id(text).find_first_not_of("0123456789abcdef") == std::string::npos);
}
