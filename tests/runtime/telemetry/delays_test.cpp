#include "runtime/telemetry/delays.h"

#include <catch2/catch_test_macros.hpp>

#include "runtime/telemetry/shares.h"
#include "runtime/telemetry/trace.h"

using namespace flow;
using namespace flow::telemetry;
using namespace std::chrono_literals;
using core::Decided;
using core::Decision;
using core::Instant;
using core::Millis;

namespace {

// A call by the clock: each side sounds or is quiet from one moment to another, and things happen in between.
struct Line {
  Delays delays;
  std::vector<Delay> found;

  void keep(std::optional<Delay> delay) {
    if (delay) found.push_back(std::move(*delay));
  }
  void happens(Millis at, const core::Event& event) { keep(delays.on(event, {at})); }
  void ordered(Millis at, const core::Effect& effect) { keep(delays.on(effect, {at})); }
  void decided(Millis at, Decision what, std::string text = {}) { ordered(at, Decided{.what = what, .text = std::move(text)}); }

  void caller(Millis from, Millis until, std::int16_t level) {
    frames(from, until, level, [&](core::Samples at, audio::Pcm pcm) { keep(delays.caller(at, pcm)); });
  }
  void agent(Millis from, Millis until, std::int16_t level) {
    frames(from, until, level, [&](core::Samples at, audio::Pcm pcm) { keep(delays.agent(at, pcm)); });
  }
  void starts(Millis at, std::uint32_t ask) { happens(at, core::ResponseStarted{.response = {ask}, .ask = {ask}}); }
  void arrives(Millis at, std::uint32_t response) {
    happens(at, core::AudioArrived{.response = {response}});
    decided(at, Decision::AgentSpeaking);
  }

 private:
  template <class Frame>
  static void frames(Millis from, Millis until, std::int16_t level, const Frame& frame) {
    const std::vector<std::int16_t> pcm(audio::FrameSamples, level);
    for (auto at = from; at < until; at += audio::FrameTime) frame(core::to_samples(at), pcm);
  }
};

constexpr std::int16_t Loud = 3'000;

auto asked(std::uint32_t ask) -> core::Effect { return core::CreateResponse{.ask = {ask}}; }

}  // namespace

TEST_CASE("a reply is measured from the caller's last sound to the agent's first, stage by stage") {
  Line line;
  line.delays.latency({.in = 12ms, .out = 30ms});
  line.caller(1000ms, 2000ms, Loud);
  line.caller(2000ms, 2520ms, 0);
  line.decided(1200ms, Decision::CallerSpeaking);
  line.decided(2500ms, Decision::CallerSilent);
  line.ordered(2510ms, asked(1));
  line.starts(2550ms, 1);
  line.arrives(2800ms, 1);
  line.agent(2800ms, 2860ms, 0);  // a voice takes a breath before its first word
  line.agent(2860ms, 2960ms, Loud);
  REQUIRE(line.found.size() == 1);
  CHECK(line.found[0] == Delay{.kind = Delay::Kind::Reply,
                               .began = {1988ms},
                               .ended = {2890ms},
                               .parts = {{Stage::DeviceIn, 12ms}, {Stage::Endpointing, 500ms}, {Stage::Deciding, 10ms}, {Stage::Tools, 0ms},
                                         {Stage::Service, 40ms}, {Stage::FirstAudio, 250ms}, {Stage::Playout, 60ms}, {Stage::DeviceOut, 30ms}}});
  CHECK(Trace::line(line.found[0]) ==
        R"({"t_ms":2890,"delay":"reply","from_ms":1988,"duration_ms":902,"stages":{"device_in":12,"endpointing":500,"deciding":10,"tools":0,"service":40,"first_audio":250,"playout":60,"device_out":30}})"
        "\n");
}

TEST_CASE("a tool between the question and the answer is a stage of its own") {
  Line line;
  line.caller(0ms, 1000ms, Loud);
  line.decided(200ms, Decision::CallerSpeaking);
  line.decided(1400ms, Decision::CallerSilent);
  line.ordered(1400ms, asked(1));
  line.starts(1420ms, 1);  // it only calls a tool
  line.ordered(1900ms, asked(2));
  line.starts(1930ms, 2);
  line.arrives(2000ms, 2);
  line.agent(2000ms, 2100ms, Loud);
  REQUIRE(line.found.size() == 1);
  CHECK(line.found[0].parts == std::vector<Delay::Part>{{Stage::DeviceIn, 0ms}, {Stage::Endpointing, 400ms}, {Stage::Deciding, 0ms}, {Stage::Tools, 500ms},
                                                        {Stage::Service, 30ms}, {Stage::FirstAudio, 70ms}, {Stage::Playout, 0ms}, {Stage::DeviceOut, 0ms}});
}

TEST_CASE("where the service answers by itself, nobody asks it and the stages have no gap") {
  Line line;
  line.caller(0ms, 1000ms, Loud);
  line.decided(200ms, Decision::CallerSpeaking);
  line.decided(1400ms, Decision::CallerSilent);
  line.happens(1450ms, core::ResponseStarted{.response = {7}});
  line.arrives(1600ms, 7);
  line.agent(1600ms, 1700ms, Loud);
  REQUIRE(line.found.size() == 1);
  CHECK(line.found[0].parts == std::vector<Delay::Part>{{Stage::DeviceIn, 0ms}, {Stage::Endpointing, 400ms}, {Stage::Service, 50ms}, {Stage::FirstAudio, 150ms},
                                                        {Stage::Playout, 0ms}, {Stage::DeviceOut, 0ms}});
}

TEST_CASE("an answer that was cut before a sound of it leaves the caller waiting") {
  Line line;
  line.decided(1000ms, Decision::CallerTyped, "hello");
  line.decided(1000ms, Decision::AgentCut);  // what the agent was saying
  line.ordered(1000ms, asked(1));
  line.starts(1020ms, 1);
  line.arrives(1300ms, 1);
  line.decided(1310ms, Decision::AgentCut);  // a result goes first
  line.ordered(1320ms, asked(2));
  line.starts(1330ms, 2);
  line.arrives(1500ms, 2);
  line.agent(1500ms, 1600ms, Loud);
  REQUIRE(line.found.size() == 1);
  CHECK(line.found[0].took() == 500ms);
}

TEST_CASE("a typed turn waits from its line on: there is no end of speech to find") {
  Line line;
  line.decided(1000ms, Decision::CallerTyped, "hello");
  line.ordered(1000ms, asked(1));
  line.starts(1020ms, 1);
  line.arrives(1300ms, 1);
  line.agent(1300ms, 1400ms, Loud);
  REQUIRE(line.found.size() == 1);
  CHECK(line.found[0].kind == Delay::Kind::TypedReply);
  CHECK(line.found[0].began == Instant{1000ms});
  CHECK(line.found[0].took() == 300ms);
  CHECK(line.found[0].parts.front().stage == Stage::Deciding);
}

TEST_CASE("a barge-in is measured from the caller's first sound to the agent's last") {
  Line line;
  line.delays.latency({.in = 5ms, .out = 20ms});
  line.arrives(0ms, 1);
  line.agent(0ms, 1000ms, Loud);
  line.caller(700ms, 800ms, Loud);
  line.caller(800ms, 900ms, 0);  // between words
  line.caller(900ms, 1000ms, Loud);
  line.decided(940ms, Decision::CallerSpeaking);
  line.ordered(950ms, core::PausePlayout{});
  line.agent(1000ms, 1200ms, 0);
  REQUIRE(line.found.size() == 1);
  CHECK(line.found[0] == Delay{.kind = Delay::Kind::BargeIn,
                               .began = {695ms},
                               .ended = {1020ms},
                               .parts = {{Stage::DeviceIn, 5ms}, {Stage::Detection, 240ms}, {Stage::Deciding, 10ms}, {Stage::Stopping, 50ms}, {Stage::DeviceOut, 20ms}}});
}

TEST_CASE("what is not felt is not measured") {
  Line line;
  SECTION("a greeting answers nobody") {
    line.ordered(0ms, asked(1));
    line.starts(10ms, 1);
    line.arrives(100ms, 1);
    line.agent(100ms, 300ms, Loud);
  }
  SECTION("a caller who speaks on was not answered") {
    line.caller(0ms, 500ms, Loud);
    line.decided(100ms, Decision::CallerSpeaking);
    line.decided(900ms, Decision::CallerSilent);
    line.ordered(900ms, asked(1));
    line.starts(910ms, 1);
    line.caller(920ms, 1200ms, Loud);
    line.decided(1000ms, Decision::CallerSpeaking);
    line.arrives(1100ms, 1);
    line.agent(1100ms, 1300ms, Loud);
  }
  SECTION("the service hears somebody whom we do not hear") {
    line.decided(100ms, Decision::CallerSpeaking);
    line.decided(900ms, Decision::CallerSilent);
    line.ordered(900ms, asked(1));
    line.starts(910ms, 1);
    line.arrives(1100ms, 1);
    line.agent(1100ms, 1300ms, Loud);
  }
  SECTION("the service hears something else than the turn that it has already told of") {
    line.caller(0ms, 200ms, Loud);
    line.decided(100ms, Decision::CallerSpeaking);
    line.decided(400ms, Decision::CallerSilent);
    line.arrives(500ms, 1);
    line.decided(600ms, Decision::CallerSpeaking);
    line.ordered(600ms, core::PausePlayout{});
    line.agent(500ms, 1'000ms, 0);
  }
  SECTION("a caller who speaks into an agent that goes on") {
    line.arrives(0ms, 1);
    line.agent(0ms, 600ms, Loud);
    line.caller(400ms, 500ms, Loud);
    line.decided(500ms, Decision::CallerSpeaking);
    line.agent(600ms, 900ms, Loud);
    line.decided(900ms, Decision::CallerSilent);
    line.agent(900ms, 1300ms, 0);
  }
  CHECK(line.found.empty());
}

TEST_CASE("the figures give percentiles that occurred, and each stage its share of the time") {
  std::vector<Delay> delays;
  for (int i = 1; i <= 20; ++i) {
    delays.push_back({.began = {0ms}, .ended = {Millis{100 * i}}, .parts = {{Stage::Endpointing, Millis{75 * i}}, {Stage::Deciding, 0ms}, {Stage::FirstAudio, Millis{25 * i}}}});
  }
  delays.push_back({.kind = Delay::Kind::BargeIn, .began = {0ms}, .ended = {200ms}, .parts = {{Stage::Detection, 200ms}}});
  CHECK(shares_text(delays) ==
        "  replies     1.0 s p50, 1.9 s p95, 2.0 s worst of 20, from the caller's last sound to the agent's first\n"
        "    endpointing    750 ms   75 %  ████████████████████████\n"
        "    first audio    250 ms   25 %  ████████\n"
        "  barge-ins   200 ms, from the caller's first sound to the agent's silence\n"
        "    detection      200 ms  100 %  ████████████████████████████████\n");
  CHECK(shares_text({}).empty());
}
