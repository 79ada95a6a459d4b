// Events a second through core::Session, and the memory of a call. The reference visits the same events and adds up a
// field of each: the least that anything which looks at events can cost.

#include <malloc.h>

#include "compiler/base/check.h"
#include "runtime/core/session.h"
#include "tests/bench/bench.h"

using namespace flow;
using namespace flow::core;

namespace {

auto desk() -> ir::Program {
  ir::Program program;
  program.agents.add({.name = "desk", .instructions = {{.text = "Help the caller."}}});
  program.start = program.agents.id_at(0);
  return program;
}

struct Step {
  Event event;
  Instant at;
};

// The events of a call of so many turns: the caller speaks, the agent answers with three seconds in frames of 20 ms.
// The ids that a session gives are counters, so one run with a session finds them and the others repeat it.
class Recording {
 public:
  explicit Recording(const ir::Program& program) : session_(program) {}

  auto of_turns(int turns, int frames) -> std::vector<Step> {
    frames_ = frames;
    step(CallerConnected{"+15550100", "bench"});
    step(LinkOpened{{1}, {}, std::nullopt});
    step(Configured{{1}, {1}});
    for (int i = 0; i < turns; ++i) turn();
    FLOW_ASSERT(heard_ == turns, "the measured call is not the one that was meant");
    return std::move(steps_);
  }

 private:
  void step(Event event) {
    EffectList effects;
    session_.step(event, now_, effects);
    for (const auto& effect : effects) {
      if (const auto* create = std::get_if<CreateResponse>(&effect)) ask_ = create->ask;
      if (const auto* decided = std::get_if<Decided>(&effect)) heard_ += decided->what == Decision::AgentDone;
    }
    steps_.push_back({std::move(event), now_});
  }
  void turn() {
    const ItemId heard{++items_};
    step(SpeechStarted{{1}, heard});
    now_ = now_ + Millis{1200};
    step(SpeechStopped{{1}, heard});
    step(TurnCommitted{{1}, heard});
    step(CallerTranscribed{{1}, heard, "and what about the second one", false});
    const ResponseId response{++responses_};
    const ItemId item{++items_};
    step(ResponseStarted{{1}, response, ask_});
    step(ItemAdded{{1}, response, item, ItemKind::AgentSpeech});
    for (int frame = 0; frame < frames_; ++frame) {
      now_ = now_ + Millis{4};
      if (frame % 15 == 0) step(SpokenTextArrived{{1}, response, item, "some words "});
      step(AudioArrived{{1}, response, item, to_samples(Millis{3000 / frames_})});
    }
    step(ItemEnded{{1}, response, item, ItemKind::AgentSpeech, true});
    step(ResponseEnded{{1}, response, ResponseStatus::Completed, false, {}, {}});
    now_ = now_ + Millis{2400};
    played_ = played_ + to_samples(Millis{3000});
    step(PlayoutDrained{played_});
  }

  Session session_;
  std::vector<Step> steps_;
  Instant now_;
  AskId ask_;
  Samples played_;
  std::uint32_t items_ = 0, responses_ = 0;
  int heard_ = 0, frames_ = 0;
};

auto bytes_in_use() -> std::size_t { return mallinfo2().uordblks; }

void measure(const ir::Program& program, const std::string& what, const std::vector<Step>& steps) {
  const auto ours = bench::best_of(20, bench::cpu_seconds, [&] {
    Session session(program);
    EffectList effects;
    for (const auto& step : steps) {
      effects.clear();
      session.step(step.event, step.at, effects);
    }
    bench::keep(session);
  });
  const auto reference = bench::best_of(20, bench::cpu_seconds, [&] {
    std::uint64_t sum = 0;
    for (const auto& step : steps) {
      sum += std::visit([]<class E>(const E& e) -> std::uint64_t {
        if constexpr (requires { e.epoch.n; }) return e.epoch.n;
        else return sizeof e;
      }, step.event);
    }
    bench::keep(sum);
  });
  const auto count = static_cast<double>(steps.size());
  bench::row(what, fmt::format("{:.2f} M/s", count / ours * 1e-6), fmt::format("{:.0f} M/s (only visiting them)", count / reference * 1e-6),
             bench::ratio(count / ours, count / reference));
}

}  // namespace

int main() {
  const auto program = desk();
  const auto steps = Recording(program).of_turns(40, 150);
  measure(program, "core: events through a session on one core", steps);
  measure(program, "core: the same without frames of audio", Recording(program).of_turns(40, 1));

  const auto before = bytes_in_use();
  Session session(program);
  EffectList effects;
  for (std::size_t i = 0; i < 3; ++i) session.step(steps[i].event, steps[i].at, effects);
  effects = {};
  const auto idle = bytes_in_use() - before;
  for (std::size_t i = 3; i < steps.size(); ++i) {
    effects.clear();
    session.step(steps[i].event, steps[i].at, effects);
  }
  effects = {};
  const auto later = bytes_in_use() - before;
  const auto limit = 64.0 * 1024;
  bench::row("core: memory of a call, idle", fmt::format("{:.1f} KB", static_cast<double>(idle) / 1024), "64 KB (its limit)", bench::ratio(static_cast<double>(idle), limit));
  bench::row("core: memory of a call after 40 turns", fmt::format("{:.1f} KB", static_cast<double>(later) / 1024), "64 KB", bench::ratio(static_cast<double>(later), limit));
}
