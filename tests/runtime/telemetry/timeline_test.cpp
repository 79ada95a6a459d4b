#include "runtime/telemetry/timeline.h"

#include <catch2/catch_test_macros.hpp>

using namespace flow;
using namespace flow::telemetry;
using namespace std::chrono_literals;
using core::Decided;
using core::Decision;

namespace {

auto shop() -> ir::Program {
  ir::Program program;
  program.agents.add({.name = "desk"});
  program.tools.add({.name = "look", .params = {{.name = "query"}, {.name = "postcode", .pii = true}}});
  return program;
}

// A timeline that remembers its page.
struct Page {
  ir::Program program = shop();
  Timeline timeline;
  std::string text;

  explicit Page(Style style = {}) : timeline(program, style) {}
  void event(core::Millis at, const core::Event& event) { text += timeline.on(event, {at}); }
  void effect(core::Millis at, const core::Effect& effect) { text += timeline.on(effect, {at}); }
  void decide(core::Millis at, Decided decided) {
    if (decided.what == Decision::AgentSpeaking || decided.what == Decision::AgentCut || decided.what == Decision::AgentSaid) decided.agent = program.agents.id_at(0);
    effect(at, decided);
  }
  void says(core::Millis at, std::uint32_t response, const char* words, bool whole = true) {
    effect(at, core::AdmitAudio{{response}});
    event(at, core::SpokenTextArrived{{1}, {response}, {response}, words});
    if (whole) event(at, core::ItemEnded{{1}, {response}, {response}, core::ItemKind::AgentSpeech, true});
  }
};

}  // namespace

TEST_CASE("a turn is a line of the caller and a line of the agent, with how long the caller waited") {
  Page page;
  page.decide(1000ms, {.what = Decision::CallerSaid, .text = "Good day"});
  page.says(1200ms, 1, "Hello. How can I help?");
  page.decide(1380ms, {.what = Decision::AgentSpeaking, .duration = 380ms});
  page.decide(3000ms, {.what = Decision::AgentSaid, .text = "Hello. How can I help?"});
  page.decide(3000ms, {.what = Decision::AgentDone, .duration = 1620ms});
  CHECK(page.text ==
        "   1.00 s      caller  Good day\n"
        "   1.38 s      desk    Hello. How can I help?  (380 ms)\n");
}

TEST_CASE("the caller's words come late and stand before the reply that they were for") {
  Page page;
  page.decide(1000ms, {.what = Decision::CallerSilent});
  page.decide(1380ms, {.what = Decision::AgentSpeaking, .duration = 380ms});
  page.says(1500ms, 0, "In a minute.");
  page.decide(1600ms, {.what = Decision::CallerSaid, .text = "When?"});
  CHECK(page.text ==
        "   1.00 s      caller  When?\n"
        "   1.38 s      desk    In a minute.  (380 ms)\n");
}

TEST_CASE("the agent's line is held back for a second at most") {
  Page page;
  page.decide(1000ms, {.what = Decision::CallerSilent});
  page.decide(1380ms, {.what = Decision::AgentSpeaking, .duration = 380ms});
  page.event(1500ms, core::SpokenTextArrived{{1}, {0}, {1}, "In a "});
  page.event(2379ms, core::TimerFired{{1}});
  CHECK(page.text.empty());
  page.event(2380ms, core::TimerFired{{1}});
  CHECK(page.text == "   1.38 s      desk    In a …  (380 ms)\n");
}

TEST_CASE("words that were not all there when the voice began are shown as they are, and the rest follows") {
  Page page;
  page.says(0ms, 1, "Hello. ", false);
  page.decide(100ms, {.what = Decision::AgentSpeaking});
  page.decide(200ms, {.what = Decision::CallerSpeaking});
  page.decide(900ms, {.what = Decision::AgentSaid, .text = "Hello. How can I help?"});
  CHECK(page.text ==
        "   0.10 s      desk    Hello. …\n"
        "   0.20 s      caller  begins to speak\n"
        "   0.90 s              … How can I help?\n");
}

TEST_CASE("two replies of which the second begins while the first still sounds are a line each") {
  Page page;
  page.says(1200ms, 1, "Here I am.");
  page.decide(1380ms, {.what = Decision::AgentSpeaking});
  page.says(2900ms, 2, "It is done.");
  page.decide(3000ms, {.what = Decision::AgentSpeaking});
  for (const auto* words : {"Here I am.", "It is done."}) {
    page.decide(4500ms, {.what = Decision::AgentSaid, .text = words});
    page.decide(4500ms, {.what = Decision::AgentDone, .duration = 1500ms});
  }
  CHECK(page.text ==
        "   1.38 s      desk    Here I am.\n"
        "   3.00 s      desk    It is done.\n");
}

TEST_CASE("where the agent was cut is seen, with what was heard") {
  Page page;
  page.says(0ms, 1, "We do sell boots, in all sizes.");
  page.decide(100ms, {.what = Decision::AgentSpeaking});
  page.decide(1300ms, {.what = Decision::AgentCut, .duration = 1200ms, .text = "We do sell"});
  CHECK(page.text ==
        "   0.10 s      desk    We do sell boots, in all sizes.\n"
        "   1.30 s      desk    ✂ cut after 1.2 s: We do sell\n");
}

TEST_CASE("a run of a tool is a line down the page, and what is personal is not shown") {
  Page page;
  const auto tool = page.program.tools.id_at(0);
  page.effect(0ms, core::StartTool{.job = {1}, .tool = tool, .arguments = Value::Record{{"query", "last week"}, {"postcode", "90210"}}});
  page.effect(10ms, core::StartTool{.job = {2}, .tool = tool});
  page.decide(400ms, {.what = Decision::ToolAcked, .job = {1}});
  page.decide(500ms, {.what = Decision::CallerSaid, .text = "Thanks"});
  page.decide(3000ms, {.what = Decision::ToolReady, .job = {1}, .duration = 3000ms});
  page.decide(3001ms, {.what = Decision::ToolInjected, .job = {1}, .duration = 1ms});
  page.decide(6000ms, {.what = Decision::ToolDelivered, .job = {1}});
  page.decide(7000ms, {.what = Decision::ToolFailed, .job = {2}, .duration = 7000ms, .text = "look: R0203 it threw"});
  page.decide(8000ms, {.what = Decision::CallEnded});
  CHECK(page.text ==
        "   0.00 s  ●   look    query \"last week\", postcode …\n"
        "   0.01 s  │●  look    \n"
        "   0.40 s  ││  look    no result yet, the caller is told so\n"
        "   0.50 s  ││  caller  Thanks\n"
        "   3.00 s  ◆│  look    ready after 3.0 s\n"
        "   3.00 s  ▶│  look    given to the model 1 ms after it was ready\n"
        "   6.00 s  ✓│  look    heard by the caller\n"
        "   7.00 s   ✗  look    failed after 7.0 s: R0203 it threw\n"
        "   8.00 s      ·       the call is over\n");
}

TEST_CASE("a call of a tool that is refused before it runs has its line too") {
  Page page;
  page.decide(0ms, {.what = Decision::ToolCalled, .text = "look"});
  page.decide(0ms, {.what = Decision::ToolRefused, .text = "look: no such order"});
  CHECK(page.text == "   0.00 s  ✗   look    not run: no such order\n");
}

TEST_CASE("what a stranger says cannot speak to the terminal") {
  Page page;
  page.decide(0ms, {.what = Decision::CallerSaid, .text = "a\x1b[2Jb\r\nc\xffz\xc2\x9b"});
  CHECK(page.text == "   0.00 s      caller  a [2Jb c?z\n");
}

TEST_CASE("long words wrap under themselves on a narrow terminal") {
  Page page{{.colour = false, .width = 48}};
  page.decide(0ms, {.what = Decision::CallerSaid, .text = "one two three four five six seven"});
  CHECK(page.text ==
        "   0.00 s      caller  one two three four five\n"
        "                       six seven\n");
}

TEST_CASE("colours are there only for those who can see them") {
  Page plain, bright{{.colour = true}};
  for (auto* page : {&plain, &bright}) page->decide(0ms, {.what = Decision::CallerSaid, .text = "Hi"});
  CHECK(plain.text.find('\x1b') == std::string::npos);
  CHECK(bright.text.find('\x1b') != std::string::npos);
}
