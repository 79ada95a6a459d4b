// How fast a call is run again from its journal, and what the journal costs the loop that carries the call.

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include "compiler/base/check.h"
#include "compiler/ir/hash.h"
#include "compiler/ir/text.h"
#include "runtime/core/session.h"
#include "runtime/store/lines.h"
#include "runtime/store/pack.h"
#include "runtime/store/replay.h"
#include "tests/bench/bench.h"

using namespace flow;
using namespace flow::core;

namespace {

constexpr int Turns = 120;  // of five seconds: ten minutes

auto desk() -> ir::Program {
  ir::Program program;
  program.name = "desk";
  program.realtime = program.realtimes.add({.name = "voice", .provider = "simulated"});
  program.agents.add({.name = "desk", .instructions = {{.text = "Help the caller."}}});
  program.start = program.agents.id_at(0);
  return program;
}

// A call of ten minutes as its journal has it: two voices all the time, and every event of the service in frames of 20 ms.
class Recording {
 public:
  explicit Recording(const ir::Program& program) : session_(program) {
    store::write_header_line({.program_text = ir::to_text(program), .program_hash = ir::content_hash(program), .started = "2026-01-02T03:04:05Z"}, text);
    step(CallerConnected{"+15550100", "bench"});
    step(LinkOpened{{1}, {}, std::nullopt});
    step(Configured{{1}, {1}});
    for (int i = 0; i < Turns; ++i) turn();
    FLOW_ASSERT(heard_ == Turns, "the measured call is not the one that was meant");
  }

  std::string text;
  std::vector<std::pair<Event, Instant>> steps;

 private:
  void step(Event event) {
    store::write_event_line(now_, event, text);
    EffectList effects;
    session_.step(event, now_, effects);
    store::write_effects_line(effects, text);
    for (const auto& effect : effects) {
      if (const auto* create = std::get_if<CreateResponse>(&effect)) ask_ = create->ask;
      if (const auto* decided = std::get_if<Decided>(&effect)) heard_ += decided->what == Decision::AgentDone;
    }
    steps.emplace_back(std::move(event), now_);
  }
  void pass(Millis time) {
    for (auto left = time; left.count() > 0; left -= Millis{20}) {
      std::vector<std::int16_t> frame(480);
      for (auto& sample : frame) sample = static_cast<std::int16_t>(noise_());
      store::write_audio_line(store::Track::Caller, to_samples(now_.since_start), frame, text);
      store::write_audio_line(store::Track::Agent, to_samples(now_.since_start), frame, text);
      now_ = now_ + Millis{20};
    }
  }
  void turn() {
    const ItemId heard{++items_}, item{++items_};
    const ResponseId response{++responses_};
    step(SpeechStarted{{1}, heard});
    pass(Millis{1400});
    step(SpeechStopped{{1}, heard});
    step(TurnCommitted{{1}, heard});
    step(CallerTranscribed{{1}, heard, "and what about the second one", false});
    step(ResponseStarted{{1}, response, ask_});
    step(ItemAdded{{1}, response, item, ItemKind::AgentSpeech});
    for (int frame = 0; frame < 150; ++frame) {
      if (frame % 5 == 0) pass(Millis{20});
      if (frame % 15 == 0) step(SpokenTextArrived{{1}, response, item, "some words "});
      step(AudioArrived{{1}, response, item, to_samples(Millis{20})});
    }
    step(ItemEnded{{1}, response, item, ItemKind::AgentSpeech, true});
    step(ResponseEnded{{1}, response, ResponseStatus::Completed, false, {}, {}});
    pass(Millis{3000});
    played_ = played_ + to_samples(Millis{3000});
    step(PlayoutDrained{played_});
  }

  Session session_;
  std::minstd_rand noise_{1};
  Instant now_;
  AskId ask_;
  Samples played_;
  std::uint32_t items_ = 0, responses_ = 0;
  int heard_ = 0;
};

void measure_replay(const ir::Program& program, const Recording& call) {
  const auto ours = bench::best_of(5, bench::cpu_seconds, [&] {
    const auto replayed = store::replay_call(call.text);
    FLOW_ASSERT(replayed && !replayed->first_difference && replayed->effects_equal == call.steps.size(), "the replayed call differs");
  });
  const auto core = bench::best_of(5, bench::cpu_seconds, [&] {
    Session session(program);
    EffectList effects;
    for (const auto& [event, at] : call.steps) effects.clear(), session.step(event, at, effects);
  });
  const auto length = static_cast<double>(Turns) * 5;
  bench::row(fmt::format("store: replay of a call of 10 min, {} events, {} MB", call.steps.size(), call.text.size() >> 20),
             fmt::format("{:.0f} ms, {:.0f} x real time", ours * 1e3, length / ours), fmt::format("{:.0f} ms (the session alone)", core * 1e3), bench::ratio(ours, core));
  bench::row("store: replay, times real time", fmt::format("{:.0f}", length / ours), "200 (the aim)", bench::ratio(length / ours, 200));

  const auto wav = (std::filesystem::temp_directory_path() / fmt::format("flow-bench-{}.wav", getpid())).string();
  const auto render = bench::best_of(3, bench::cpu_seconds, [&] { FLOW_ASSERT(store::render_recording(call.text, wav).has_value(), "the recording failed"); });
  std::filesystem::remove(wav);
  bench::row("store: its recording rendered again", fmt::format("{:.0f} ms, {:.0f} x real time", render * 1e3, length / render), "200 (the aim)", bench::ratio(length / render, 200));
}

// What the thread of the call pays; the disk is the other thread's.
void measure_writing(const Recording& call) {
  const auto path = (std::filesystem::temp_directory_path() / fmt::format("flow-bench-{}.jsonl", getpid())).string();
  store::Writer writer;
  const EffectList effects{SetTimer{TimerId{1}, {}}, AdmitAudio{ResponseId{1}}};
  const std::vector<std::int16_t> frame(480, 7);
  const auto count = static_cast<double>(call.steps.size());
  const auto events = bench::best_of(5, bench::cpu_seconds, [&] {
    auto journal = *store::Journal::create(writer, path, {}, [](const auto& work) { work(); }, {});
    for (const auto& [event, at] : call.steps) journal->event(at, event), journal->effects(effects);
  });
  const auto packing = bench::best_of(5, bench::cpu_seconds, [&] {
    std::string text;
    for (const auto& [event, at] : call.steps) {
      text.clear();
      store::pack(event, text);
      store::pack(effects, text);
      bench::keep(text);
    }
  });
  bench::row("store: an event and its effects into the journal, on the loop", fmt::format("{:.0f} ns", events / count * 1e9),
             fmt::format("{:.0f} ns (packing them)", packing / count * 1e9), bench::ratio(events, packing));
  constexpr int Frames = 300;  // short of the bound, beyond which sound gives way
  const auto sound = bench::best_of(20, bench::cpu_seconds, [&] {
    auto journal = *store::Journal::create(writer, path, {}, [](const auto& work) { work(); }, {});
    for (int i = 0; i < Frames; ++i) journal->audio(store::Track::Caller, Samples{i * 480}, frame);
  });
  bench::row("store: 20 ms of sound into the journal, on the loop", fmt::format("{:.0f} ns", sound / Frames * 1e9), "20 000 000 ns (its length)", bench::ratio(sound / Frames * 1e9, 2e7));
  std::filesystem::remove(path);
}

}  // namespace

int main() {
  const auto program = desk();
  const Recording call(program);
  measure_replay(program, call);
  measure_writing(call);
}
