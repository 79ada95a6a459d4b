#include "runtime/telemetry/figures.h"

#include <catch2/catch_test_macros.hpp>

using namespace flow;
using namespace flow::telemetry;
using namespace std::chrono_literals;
using core::Decided;
using core::Decision;

namespace {

auto shop() -> ir::Program {
  ir::Program program;
  program.tools.add({.name = "look"});
  return program;
}

}  // namespace

TEST_CASE("the figures say how long the caller waited and how soon a result was told") {
  const auto program = shop();
  Figures figures{program};
  for (const auto wait : {300ms, 500ms, 400ms}) figures.on(Decided{.what = Decision::AgentSpeaking, .duration = wait}, {1000ms});
  figures.on(Decided{.what = Decision::AgentSpeaking}, {1000ms});  // a greeting answers nothing
  figures.on(Decided{.what = Decision::ToolStarted, .job = {1}, .text = "look"}, {1000ms});
  figures.on(Decided{.what = Decision::ToolReady, .job = {1}, .duration = 3000ms}, {4000ms});
  figures.on(Decided{.what = Decision::ToolInjected, .job = {1}, .duration = 0ms}, {4000ms});
  figures.on(Decided{.what = Decision::ToolDelivered, .job = {1}}, {24300ms});
  CHECK(figures.text() ==
        "  call        24.3 s\n"
        "  replies     400 ms (median of 3), 500 ms at most after the caller's turn\n"
        "  tool        look: 1 run, ready after 3.0 s, heard once\n");
}

TEST_CASE("the figures say how soon the agent fell silent when the caller spoke") {
  const auto program = shop();
  Figures figures{program};
  figures.on(Decided{.what = Decision::AgentCut, .duration = 700ms}, {1000ms});
  figures.silent_in(3400us);
  figures.injected_in(120us);
  figures.on(core::ResponseEnded{.usage = {.input = 100, .output = 20}}, {2000ms});
  CHECK(figures.text() ==
        "  call        2.0 s\n"
        "  cuts        1; silent 3 ms after the caller was heard\n"
        "  injection   0.12 ms from the moment a result may be told to the socket\n"
        "  tokens      100 in, 20 out\n");
}
