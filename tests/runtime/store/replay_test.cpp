#include "runtime/store/replay.h"

#include <fmt/format.h>

#include <random>

#include "compiler/ir/hash.h"
#include "compiler/ir/text.h"
#include "compiler/ir/verify.h"
#include "runtime/audio/recorder.h"
#include "runtime/core/session.h"
#include "runtime/store/lines.h"
#include "tests/runtime/store/desk.h"
#include "tests/support/programs.h"

namespace flow::store {
namespace {

using namespace core;

// A step function simple enough to be judged by eye: a timer sets the next one.
void count_up(const Event& event, Instant now, EffectList& out) {
  if (const auto* fired = std::get_if<TimerFired>(&event)) out.push_back(SetTimer{TimerId{fired->timer.n + 1}, now + Millis{100}});
}

auto header_line() -> std::string {
  std::string text;
  write_header_line(SomeHeader, text);
  return text;
}

// The journal of `events` timers under `step`, with a little sound in between.
auto journal_of(std::uint32_t events, const Step& step) -> std::string {
  auto text = header_line();
  for (std::uint32_t n = 1; n <= events; ++n) {
    const Instant at{Millis{100 * n}};
    const Event event = TimerFired{TimerId{n}};
    EffectList effects;
    write_event_line(at, event, text);
    step(event, at, effects);
    write_effects_line(effects, text);
    write_audio_line(Track::Agent, Samples{n * 480}, std::vector<std::int16_t>{1, 2, 3}, text);
  }
  return text;
}

TEST_CASE("the same program gives the same effects again") {
  const auto replayed = replay(journal_of(50, count_up), count_up);
  REQUIRE(replayed);
  CHECK(replayed->events == 50);
  CHECK(replayed->effects_equal == 50);
  CHECK(replayed->duration == Millis{5000});
  CHECK_FALSE(replayed->first_difference);
  CHECK(replayed->whole);
}

TEST_CASE("the first difference is told with its event and both lists of effects") {
  const auto replayed = replay(journal_of(50, count_up), [](const Event& event, Instant now, EffectList& out) {
    count_up(event, now, out);
    if (std::get<TimerFired>(event).timer.n >= 20) out.push_back(HangUp{});
  });
  REQUIRE(replayed);
  CHECK(replayed->events == 50);
  CHECK(replayed->effects_equal == 19);
  CHECK(replayed->first_difference == Difference{.event = 20,
                                                 .at = {Millis{2000}},
                                                 .event_text = R"(["TimerFired",20])",
                                                 .recorded = R"([["SetTimer",21,2100]])",
                                                 .replayed = R"([["SetTimer",21,2100],["HangUp"]])"});
}

TEST_CASE("a journal cut anywhere behind its header is replayed as far as it goes") {
  const auto whole = journal_of(5, count_up);
  const auto header = header_line().size();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto replayed = replay(std::string_view(whole).substr(0, size), count_up);
    INFO(size);
    if (size + 1 < header) {
      REQUIRE_FALSE(replayed);
      CHECK(replayed.error().code == "R0402");
    } else {
      REQUIRE(replayed);
      CHECK_FALSE(replayed->first_difference);
      CHECK(replayed->effects_equal <= replayed->events);
    }
  }
}

TEST_CASE("a damaged line is refused with its number") {
  const auto text_of = [](const std::string& journal) { return replay(journal, count_up).error().text; };
  const auto good = journal_of(2, count_up);
  CHECK(text_of("") == "this is not a journal of a call");
  CHECK(text_of("{\"other\":1}\n") == "this is not a journal of a call");
  CHECK(text_of("{\"flowjournal\":7}\n") == "the journal has format 7, this program reads 6");
  CHECK(text_of(good + "no line\n") == "line 8 of the journal is damaged");
  CHECK(text_of(good + "{\"t\":1,\"e\":[\"TimerFired\"]}\n{\"f\":[]}\n") == "line 8 of the journal is damaged");
  CHECK(text_of(good + "{\"f\":[]}\n") == "line 8 of the journal is damaged");
  CHECK(text_of(good + "{\"t\":1,\"e\":[\"HangUp\"]}\n") == "line 8 of the journal is damaged");
}

TEST_CASE("sound that is not base64, or claims days of silence, is damage") {
  const auto hear = [](Track, Samples, std::span<const std::int16_t>) {};
  CHECK(replay_audio(header_line() + "{\"a\":[0,\"!!!!\"]}\n", hear).error().text == "line 2 of the journal is damaged");
  CHECK(replay_audio(header_line() + "{\"a\":[0,9223372036854775807]}\n", hear).error().code == "R0402");
  CHECK(replay_audio(header_line() + "{\"a\":[0,\"]}\n", hear).error().code == "R0402");
}

TEST_CASE("a journal with damaged bytes is refused or replayed, never worse") {
  const auto whole = journal_of(8, count_up);
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    auto text = whole;
    for (auto n = 1 + random() % 4; n > 0; --n) text[random() % text.size()] = static_cast<char>(random());
    if (random() % 4 == 0) text.resize(random() % text.size());
    const auto replayed = replay(text, count_up);
    const auto heard = replay_audio(text, [](Track, Samples, std::span<const std::int16_t>) {});
    if (!replayed) CHECK(replayed.error().code == "R0402");
    if (!heard) CHECK(heard.error().code == "R0402");
  }
}

// ── A real session ───────────────────────────────────────────────────────────────────────────────────────────

auto shop() -> ir::Program {
  auto program = test::Shop().program;
  program.realtime = program.realtimes.add({.name = "voice", .provider = "simulated"});
  for (auto& tool : program.tools) {
    if (tool.body == ir::Tool::Body::Lua) tool.lua_source = "function " + tool.name + "(query) end";
  }
  const auto problems = ir::verify(program);
  INFO(fmt::format("{}", fmt::join(problems, "\n")));
  REQUIRE(problems.empty());
  return program;
}

// The events of a call with a lookup in the background, and what they led to.
auto journal_of_lookup(const ir::Program& program) -> std::string {
  std::string text;
  write_header_line({.program_text = ir::to_text(program), .program_hash = ir::content_hash(program), .started = "2026-01-02T03:04:05Z"}, text);
  Session session(program);
  const auto record = [&](const Event& event, std::int64_t ms) {
    const Instant at{Millis{ms}};
    EffectList effects;
    write_event_line(at, event, text);
    session.step(event, at, effects);
    write_effects_line(effects, text);
  };
  constexpr Epoch Link{1};
  constexpr ItemId Turn{1}, Call{2};
  constexpr ResponseId Response{1};
  record(CallerConnected{"+15550100", "call-1"}, 0);
  record(LinkOpened{Link, {}, Millis{3'600'000}}, 40);
  record(Configured{Link, ConfigId{1}}, 80);
  record(SpeechStarted{Link, Turn}, 900);
  record(SpeechStopped{Link, Turn}, 2100);
  record(TurnCommitted{Link, Turn}, 2100);
  record(CallerTranscribed{Link, Turn, "what did I order?", false}, 2300);
  record(ResponseStarted{Link, Response, AskId{1}}, 2350);
  record(ItemAdded{Link, Response, Call, ItemKind::FunctionCall}, 2400);
  record(FunctionCalled{Link, Response, Call, FunctionCallId{1}, "look", Value{Value::Record{{"query", "orders"}}}}, 2450);
  record(ItemEnded{Link, Response, Call, ItemKind::FunctionCall, true}, 2450);
  record(ResponseEnded{Link, Response, ResponseStatus::Completed, false, "", {}}, 2460);
  record(ToolFinished{JobId{1}, 1, Value{"boots"}}, 2600);
  record(StopRequested{}, 4000);
  return text;
}

TEST_CASE("a call of the real session is replayed from its journal alone") {
  const auto text = journal_of_lookup(shop());
  CHECK(text.find("StartTool") != text.npos);
  const auto replayed = replay_call(text);
  REQUIRE(replayed);
  CHECK(replayed->events == 14);
  CHECK(replayed->effects_equal == 14);
  CHECK_FALSE(replayed->first_difference);
}

TEST_CASE("a journal whose program was changed by hand is not replayed") {
  auto text = journal_of_lookup(shop());
  const auto words = text.find("Be brief.");
  REQUIRE(words != text.npos);
  text.replace(words, 9, "Be blunt.");
  const auto replayed = replay_call(text);
  REQUIRE_FALSE(replayed);
  CHECK(replayed.error().text == "the program in the journal is not the one that its hash names");
}

// ── The recording ────────────────────────────────────────────────────────────────────────────────────────────

TEST_CASE("the recording of a journal is the live one, byte for byte") {
  const Folder folder;
  Home home;
  Writer writer;
  const auto at_once = [](const std::function<void()>& work, const std::function<void()>& done) {
    work();
    done();
    return true;
  };
  auto recorder = *audio::Recorder::create(folder.file("live.wav"), at_once, [](const Error&) { FAIL("the disk"); });
  auto journal = *Journal::create(writer, folder.file("call.jsonl"), SomeHeader, home.post(), {});
  // Ten seconds of two voices with pauses, in frames, one of them late by up to a second, some lying twice.
  std::mt19937 random(7);
  for (int frame = 0; frame < 500; ++frame) {
    std::vector<std::int16_t> pcm(480);
    for (auto& sample : pcm) sample = frame % 50 < 20 ? std::int16_t{0} : static_cast<std::int16_t>(random());
    const auto shift = static_cast<std::int64_t>(random() % 3 == 0 ? random() % 24'000 : 0);
    const Samples caller_at{frame * 480}, agent_at{frame * 480 + shift};
    recorder->caller(caller_at, pcm);
    journal->audio(Track::Caller, caller_at, pcm);
    if (frame % 7 == 0) continue;
    recorder->agent(agent_at, pcm);
    journal->audio(Track::Agent, agent_at, pcm);
  }
  recorder->finish([] {});
  recorder.reset();
  REQUIRE(home.flush(*journal));
  REQUIRE(render_recording(content(folder.file("call.jsonl")), folder.file("again.wav")));
  const auto live = content(folder.file("live.wav"));
  CHECK(live.size() > 900'000);
  CHECK(content(folder.file("again.wav")) == live);
}

TEST_CASE("a recording that cannot be written says so") {
  CHECK_FALSE(render_recording(journal_of(1, count_up), "/nowhere/out.wav"));
}

}  // namespace
}  // namespace flow::store
