// A call against a service on a socket, written to a real file and run again from it.

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/core/session.h"
#include "runtime/store/replay.h"
#include "tests/runtime/edge/world.h"

namespace flow::edge {

namespace {

auto text_of(const std::filesystem::path& path) -> std::string {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE(
    "a call with a barge-in, a tool that writes and a lost link is run again from its journal, effect by effect, with "
    "the same delays") {
  const auto path = std::filesystem::temp_directory_path() / ("flow-edge-journal-" + std::to_string(getpid()));
  World world;
  store::Writer writer;
  auto file = store::Journal::create(writer, path, {.program_text = "", .program_hash = "", .started = ""},
                                     world.loop.poster(), {});
  REQUIRE(file);
  JournalFile journal(**file);
  world.chronicle = &journal;
  world.connect();
  world.reply("caller_1", "resp_1", "item_1", 4'000ms);
  world.pass(300ms);
  world.service.caller_speaks("caller_2");
  world.await_event<core::PlayoutFlushed>();
  world.service.ends("resp_1", "cancelled");
  world.pass(1'000ms, 4'000);
  world.service.caller_stops("caller_2");
  world.service.await("response.create", 2);
  world.service.starts("resp_2");
  world.service.calls("resp_2", "item_2", "call_1", "write", R"({"query":"order boots"})");
  world.service.ends("resp_2");
  world.await([&] { return world.tools->started.size() == 1; });  // the disk has it
  CHECK(text_of(path).find("\"StoreJob\"") != std::string::npos);
  world.service.drop();
  world.await_decision(core::Decision::LinkUp, 2);
  world.tools->report(core::ToolFinished{world.tools->started[0].job, world.tools->started[0].attempt, "ordered"});
  world.call->stop();
  world.await([&] { return world.finish.has_value(); });
  bool flushed = false;
  (*file)->flush([&](const Result<void>& result) { flushed = result.has_value(); });
  world.await([&] { return flushed; });

  core::Session again(world.shop.program);
  telemetry::Delays delays;
  std::vector<telemetry::Delay> felt;
  const auto keep = [&](std::optional<telemetry::Delay> delay) {
    if (delay) felt.push_back(*delay);
  };
  const auto replayed = store::replay(
      text_of(path),
      [&](const core::Event& event, core::Instant now, core::EffectList& out) {
        again.step(event, now, out);
        keep(delays.on(event, now));
        for (const auto& effect : out) keep(delays.on(effect, now));
      },
      [&](store::Track track, core::Samples at, audio::Pcm pcm) {
        keep(track == store::Track::Caller ? delays.caller(at, pcm) : delays.agent(at, pcm));
      },
      [&](audio::Latency latency) { delays.latency(latency); });
  std::filesystem::remove(path);
  REQUIRE(replayed);
  CHECK_FALSE(replayed->first_difference);
  CHECK(replayed->whole);
  CHECK(replayed->events == world.notes.events.size());
  CHECK(replayed->effects_equal == replayed->events);
  CHECK(again.finished());
  CHECK(felt == world.notes.felt);
  CHECK_FALSE(felt.empty());
}

}  // namespace flow::edge
