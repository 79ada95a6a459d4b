#include "runtime/channels/scripted.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/runtime/channels/call.h"

namespace flow::channels {
namespace {

using core::Decision;
using net::Millis;
using Events = std::vector<core::Event>;

auto script(std::string_view text) -> Script { return read_script(text, "a.script").value(); }

// 100 ms of loud voice for each character, with long silence around.
auto drawl(std::string_view text) -> std::vector<std::int16_t> {
  const auto silence = static_cast<std::size_t>(core::to_samples(Millis{300}).count);
  std::vector<std::int16_t> pcm(silence, 0);
  pcm.resize(pcm.size() + text.size() * 2400, 7000);
  pcm.resize(pcm.size() + silence, 0);
  return pcm;
}

void agent_speaks(Call& call, Channel& channel, Millis length) {
  channel.told({.what = Decision::AgentSpeaking}, {});
  call.pass(length);
  channel.told({.what = Decision::AgentDone}, {});
}

}  // namespace

TEST_CASE_METHOD(Call, "a caller without a voice types its lines, presses keys and hangs up") {
  Scripted caller{pacer, script("at 100ms says \"hello\"\nat 200ms presses \"1\"\nat 300ms hangs_up")};
  caller.open(playout, listener);
  pass(Millis{1000});
  CHECK(listener.events == Events{core::TextTyped{"hello"}, core::DigitPressed{'1'}, core::CallerHungUp{}});
  CHECK_FALSE(caller.has_voice());
  CHECK(listener.caller.empty());
}

TEST_CASE_METHOD(Call, "what the core decided moves the script on") {
  Scripted caller{
      pacer, script("at 0s says \"a\"\nwaits_for tool lookup delivered within 5s\nwaits_for agent Billing within 5s\n"
                    "after 1s says \"b\"")};
  caller.open(playout, listener);
  pass(Millis{100});
  caller.told({.what = Decision::ToolStarted, .job = core::JobId{4}, .text = "lookup"}, {});
  pass(Millis{100});
  caller.told({.what = Decision::ToolDelivered, .job = core::JobId{4}}, {});
  caller.told({.what = Decision::AgentActive}, "Billing");
  pass(Millis{900});
  CHECK(listener.events.size() == 1);
  pass(Millis{200});
  CHECK(listener.events == Events{core::TextTyped{"a"}, core::TextTyped{"b"}});
}

TEST_CASE_METHOD(Call, "a speaking caller's words are audio, and the service is told which they are") {
  std::vector<std::string> words;
  Scripted caller{pacer, script("at 100ms says \"abc\""), {.speak = drawl, .begins = [&](std::string_view text) {
                                                             words.emplace_back(text);
                                                           }}};
  caller.open(playout, listener);
  pass(Millis{500});
  CHECK(words == std::vector<std::string>{"abc"});
  CHECK(listener.events.empty());
  REQUIRE(listener.caller.size() == static_cast<std::size_t>(core::to_samples(Millis{500}).count));
  CHECK(listener.caller[2399] == 0);
  CHECK(listener.caller[2400] == 7000);
  CHECK(listener.caller[2400 + 7199] == 7000);
  CHECK(listener.caller[2400 + 7200] == 0);
}

TEST_CASE_METHOD(Call, "lines are spoken elsewhere while the call begins, and one that is late is begun late") {
  std::vector<std::function<void()>> jobs;
  const auto background = [&](std::function<void()> work, std::function<void()> done) {
    jobs.push_back([work = std::move(work), done = std::move(done)] {
      work();
      done();
    });
    return true;
  };
  std::vector<std::string> words;
  Scripted caller{
      pacer,
      script("at 100ms says \"abc\""),
      {.speak = drawl, .begins = [&](std::string_view text) { words.emplace_back(text); }, .background = background}};
  CHECK(jobs.empty());
  caller.open(playout, listener);
  pass(Millis{300});
  CHECK(words.empty());
  REQUIRE(jobs.size() == 1);
  jobs.front()();
  pass(Millis{200});
  CHECK(words == std::vector<std::string>{"abc"});
  CHECK(listener.caller[7199] == 0);
  CHECK(listener.caller[7200] == 7000);
}

TEST_CASE_METHOD(Call, "a line that nobody takes is spoken here") {
  Scripted caller{pacer, script("at 0s says \"abc\""), {.speak = drawl, .background = [](auto&&...) { return false; }}};
  caller.open(playout, listener);
  pass(Millis{100});
  CHECK(listener.caller.back() == 7000);
}

TEST_CASE_METHOD(Call, "the reply to a spoken line is waited for from the line's end") {
  Scripted caller{pacer, script("at 0s says \"abcde\"\nafter 1s hangs_up"), {.speak = drawl}};
  caller.open(playout, listener);
  pass(Millis{700});
  agent_speaks(*this, caller, Millis{500});
  pass(Millis{900});
  CHECK_FALSE(listener.hung_up());
  pass(Millis{200});
  CHECK(listener.hung_up());
}

TEST_CASE_METHOD(Call, "a spoken interruption sounds while the agent does") {
  Scripted caller{pacer, script("at 0s says \"a\"\nafter 400ms interrupts \"bbbbb\""), {.speak = drawl}};
  caller.open(playout, listener);
  pass(Millis{200});
  say(Millis{2000});
  caller.told({.what = Decision::AgentSpeaking}, {});
  pass(Millis{500});
  CHECK(listener.caller.back() == 7000);
  CHECK(listener.agent.back() == 5000);
}

TEST_CASE_METHOD(Call, "a script that cannot go on says where and why, and the caller hangs up") {
  Scripted caller{pacer, script("\nwaits_for tool lookup delivered within 1s")};
  caller.open(playout, listener);
  pass(Millis{1100});
  REQUIRE(listener.errors.size() == 1);
  CHECK(listener.errors[0].code == "R0309");
  CHECK(listener.errors[0].text == "a.script:2: the result of tool `lookup` was not delivered within 1 s");
  CHECK(listener.hung_up());
}

TEST_CASE_METHOD(Call, "a caller whose voice has nothing for a line goes on") {
  Scripted caller{pacer, script("at 0s says \"…\"\nat 100ms hangs_up"), {.speak = [](std::string_view) {
                    return std::vector<std::int16_t>(4800);
                  }}};
  caller.open(playout, listener);
  pass(Millis{200});
  CHECK(listener.hung_up());
}

}  // namespace flow::channels
