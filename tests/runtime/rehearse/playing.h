#pragma once
// A small flow, and one test of it played.

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "compiler/diag/render.h"
#include "compiler/lower/compile.h"
#include "runtime/rehearse/rehearsal.h"

namespace flow::test {

// A desk that looks things up in the background, and another desk.
inline const std::string Shop = R"(
flow shop { start desk ; realtime voice }
import std.policies
realtime voice { provider simulated ; transcription "written" }
state { flag: bool = false, note: string? }
policy lookup : background {
  ack      "One moment, please." after 400ms
  deliver  interrupt
  announce "I have it now."
  timeout  20s else say "Not today."
  retry    1 every 1s..2s on network
  progress from tool
}
tool look(query: string, limit: int = 5) -> [string] reads { lua "look.lua" ; policy lookup }
tool mark(on: bool) -> bool pure { lua "look.lua" ; policy fire_and_forget ; sets flag = result }
tool quiet_one() reads { lua "look.lua" }
tool plan(topic: string) -> string reads { lua "look.lua" ; policy notify_then_read { on_hangup resume } }
tool bye() writes { builtin end_call }
tool hush() writes { builtin stay_silent }
agent desk {
  voice        "marin"
  greet first  "Hello, how can I help?"
  instructions "Help."
  barge_in     { after 200ms ; resume 1500ms ; backchannels "ok" }
  tools        look, mark, quiet_one, plan, bye, hush
  handoff other when "the caller wants the other one" { carry reason: string "why" }
  handoff other on dtmf "0"
}
agent other {
  voice        "marin"
  greet first  "This is the other desk."
  instructions "Help."
  tools        look
  handoff back when "it is done"
}
on phrase "full stop" { end_call "Goodbye then." }
on silence 8s { say "Are you still there?" }
)";

inline auto compiled(const std::string& flow) -> lower::Compiled {
  check::LoadOptions options;
  options.read = [flow](const std::string& path) -> Result<std::string> {
    if (path.ends_with("shop.flow")) return flow;
    return std::string("function look(query, limit) end function mark(on) end function quiet_one() end function plan(topic) end");
  };
  auto result = lower::compile("shop.flow", options);
  INFO(diag::render(result.checked.report, result.checked.sources));
  REQUIRE(result.program);
  return result;
}

// Steps are divided by `;` or lines.
inline auto play(const std::string& steps) -> rehearse::Played {
  const auto result = compiled(Shop + "test \"t\" {\n" + steps + "\n}\n");
  return rehearse::rehearse(result.tests.program, result.tests.tests.at(0));
}

inline void passes(const std::string& steps) {
  INFO(steps);
  const auto played = play(steps);
  for (const auto& failure : played.failures) {
    std::string text = failure.text;
    for (const auto& line : failure.instead) text += "\n  " + line;
    UNSCOPED_INFO(text);
  }
  CHECK(played.passed());
}

// One failure, which says this.
inline void fails(const std::string& steps, const std::string& words) {
  INFO(steps);
  const auto played = play(steps);
  REQUIRE(played.failures.size() == 1);
  INFO(played.failures[0].text);
  CHECK(played.failures[0].text.find(words) != std::string::npos);
}

}  // namespace flow::test
