#include "runtime/channels/scripted.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "runtime/audio/level.h"
#include "runtime/audio/surroundings.h"
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
  pass(Millis{2'900});
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

TEST_CASE_METHOD(Call, "a murmur is spoken and its words are told; a cough is a sound without words") {
  std::vector<std::string> words;
  Scripted caller{pacer, script("at 0s murmurs \"ab\"\nat 1s coughs\nat 2s hangs_up"), {.speak = drawl, .begins = [&](std::string_view text) {
                                                                                              words.emplace_back(text);
                                                                                            }}};
  caller.open(playout, listener);
  pass(Millis{100});
  CHECK(listener.caller.back() == 7000);
  pass(Millis{800});
  CHECK(listener.caller.back() == 0);
  pass(Millis{200});
  CHECK(audio::level(audio::Pcm(listener.caller).last(1920)).peak_dbfs > -7);
  CHECK(words == std::vector<std::string>{"ab"});
  pass(Millis{1000});
  CHECK(listener.hung_up());
}

TEST_CASE_METHOD(Call, "noise is around the caller for the whole call, so far below the speech as the script says") {
  Scripted caller{pacer, script("noise 15dB\nat 1s says \"abcdefghij\"\nat 3s hangs_up"), {.speak = drawl}};
  caller.open(playout, listener);
  pass(Millis{2900});
  const auto stretch = [&](int from_ms, int to_ms) {
    return audio::level(audio::Pcm(listener.caller).subspan(static_cast<std::size_t>(from_ms) * 24, static_cast<std::size_t>(to_ms - from_ms) * 24)).rms_dbfs;
  };
  CHECK(std::abs(stretch(0, 1000) - (audio::SpeechDbfs - 15)) < 1);
  CHECK(std::abs(stretch(2100, 2900) - (audio::SpeechDbfs - 15)) < 1);
  CHECK(std::abs(stretch(1100, 1900) - audio::SpeechDbfs) < 1);
}

TEST_CASE_METHOD(Call, "by phone the caller's voice has no bass") {
  const auto hum = [](std::string_view) {
    std::vector<std::int16_t> pcm(24'000);
    for (std::size_t i = 0; i < pcm.size(); ++i) pcm[i] = i / 120 % 2 == 0 ? 8000 : -8000;  // 100 Hz, and its overtones
    return pcm;
  };
  const auto loudness = [&](std::string_view text) {
    NotedListener heard;
    Scripted caller{pacer, script(text), {.speak = hum}};
    caller.open(playout, heard);
    pass(Millis{900});
    caller.close();
    return audio::level(audio::Pcm(heard.caller).last(12'000)).rms_dbfs;
  };
  CHECK(loudness("at 0s says \"a\"") > loudness("line phone\nat 0s says \"a\"") + 6);
}

TEST_CASE_METHOD(Call, "where turns are made by a key it is held for each line, and not for a murmur") {
  Scripted caller{pacer, script("at 0s murmurs \"a\"\nat 500ms says \"abc\"\nat 2s hangs_up"), {.speak = drawl, .holds_key = true}};
  std::vector<std::size_t> presses;
  listener.on_event = [&](const core::Event&) { presses.push_back(listener.caller.size() / 24); };
  caller.open(playout, listener);
  pass(Millis{1500});
  CHECK(listener.events == Events{core::TalkPressed{}, core::TalkReleased{}});
  CHECK(presses == std::vector<std::size_t>{500, 800});
}

TEST_CASE_METHOD(Call, "a caller whose voice has nothing for a line goes on") {
  Scripted caller{pacer, script("at 0s says \"…\"\nat 100ms hangs_up"), {.speak = [](std::string_view) {
                    return std::vector<std::int16_t>(4800);
                  }}};
  caller.open(playout, listener);
  pass(Millis{200});
  CHECK(listener.hung_up());
}

TEST_CASE_METHOD(Call, "a caller is put through as the script says: once busy, then answered") {
  using core::TransferStage;
  Scripted caller{pacer, script("transfer human fails \"busy\" after 1s\ntransfer human answers after 2s\nat 60s hangs_up")};
  caller.open(playout, listener);
  REQUIRE(caller.transfers());
  const ir::Transfer human{.name = "human"};
  caller.transfer({core::TransferId{1}, {}, {}}, human);
  pass(Millis{1500});
  CHECK(listener.events == Events{core::TransferMoved{core::TransferId{1}, TransferStage::Ringing, {}}, core::TransferMoved{core::TransferId{1}, TransferStage::Failed, "busy"}});
  listener.events.clear();
  caller.transfer({core::TransferId{2}, {}, {}}, human);
  pass(Millis{3000});
  CHECK(listener.events == Events{core::TransferMoved{core::TransferId{2}, TransferStage::Ringing, {}}, core::TransferMoved{core::TransferId{2}, TransferStage::Answered, {}},
                                  core::TransferMoved{core::TransferId{2}, TransferStage::Connected, {}}});
}

TEST_CASE_METHOD(Call, "an order that is taken back is not answered, and a script that says nothing cannot transfer") {
  Scripted caller{pacer, script("transfer human answers after 2s\nat 60s hangs_up")};
  caller.open(playout, listener);
  caller.transfer({core::TransferId{1}, {}, {}}, ir::Transfer{.name = "human"});
  caller.abandon_transfer(core::TransferId{1});
  pass(Millis{3000});
  CHECK(listener.events.empty());
  CHECK_FALSE(Scripted{pacer, script("at 1s coughs")}.transfers());
}

TEST_CASE_METHOD(Call, "an answering machine beeps a little later") {
  Scripted caller{pacer, script("at 1s voicemail\nat 60s hangs_up")};
  caller.open(playout, listener);
  pass(Millis{2000});
  CHECK(listener.events == Events{core::MachineAnswered{false}});
  pass(Millis{4000});
  CHECK(listener.events == Events{core::MachineAnswered{false}, core::MachineAnswered{true}});
}

}  // namespace flow::channels
