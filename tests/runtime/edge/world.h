#pragma once
// One whole call against a fake service: time, caller and tools are the test's, the sockets are real.

#include "runtime/edge/call.h"
#include "runtime/edge/dialects.h"
#include "tests/runtime/edge/fake_service.h"
#include "tests/support/programs.h"

namespace flow::edge {

// A caller whose phone the test moves, 20 ms at a time.
class FakePhone final : public channels::Channel {
 public:
  void open(audio::Playout& playout, channels::Listener& listener) override {
    playout_ = &playout, listener_ = &listener;
  }
  void flush(core::FlushId flush) override { listener_->happened(core::PlayoutFlushed{flush, playout_->flush()}); }
  void close() override { closed = true; }
  auto has_voice() const -> bool override { return true; }
  void told(const core::Decided& decided, std::string_view agent) override {
    decisions.emplace_back(decided.what, agent);
  }

  // The caller says `level` for one frame and hears one.
  void frame(std::int16_t level = 0) {
    const std::vector<std::int16_t> said(audio::FrameSamples, level);
    listener_->caller_audio(at_, said);
    std::vector<std::int16_t> heard(audio::FrameSamples);
    audio::Reports reports;
    playout_->pull(heard, reports);
    silent = std::all_of(heard.begin(), heard.end(), [](std::int16_t s) { return s == 0; });
    listener_->agent_audio(at_, heard);
    at_ = at_ + core::Samples{audio::FrameSamples};
    for (const auto& report : reports) std::visit([&](const auto& r) { listener_->happened(r); }, report);
  }
  auto listener() -> channels::Listener& { return *listener_; }
  auto playout() -> audio::Playout& { return *playout_; }

  auto latency() const -> audio::Latency override { return delay; }

  audio::Latency delay;
  bool closed = false;
  bool silent = true;  // the last frame
  std::vector<std::pair<core::Decision, std::string>> decisions;

 private:
  audio::Playout* playout_ = nullptr;
  channels::Listener* listener_ = nullptr;
  core::Samples at_;
};

// Tools that end when the test says so.
struct FakeTools final : ToolRunner {
  explicit FakeTools(Report to) : report(std::move(to)) {}
  void start(const core::StartTool& order) override { started.push_back(order); }
  void stop(const core::StopTool& order) override { stopped.push_back(order); }
  Report report;
  std::vector<core::StartTool> started;
  std::vector<core::StopTool> stopped;
};

template <class T, class List>
auto count_of(const List& list) -> std::size_t {
  return static_cast<std::size_t>(
      std::count_if(list.begin(), list.end(), [](const auto& e) { return std::holds_alternative<T>(e); }));
}
template <class T, class List>
auto last_of(const List& list) -> const T& {
  for (auto at = list.rbegin(); at != list.rend(); ++at) {
    if (const auto* found = std::get_if<T>(&*at)) return *found;
  }
  throw std::runtime_error("none of that kind");
}

struct Notes final : Observer {
  void happened(const core::Event& event, core::Instant) override { events.push_back(event); }
  void ordered(const core::Effect& effect, core::Instant) override { effects.push_back(effect); }
  void frame(wire::Direction direction, std::string_view frame, core::Instant) override {
    frames.emplace_back(direction, frame);
  }
  void measured(Latency what, std::chrono::microseconds took, core::Instant) override {
    delays.emplace_back(what, took);
  }
  void delayed(const telemetry::Delay& delay) override { felt.push_back(delay); }
  void problem(const Error& error, core::Instant) override { problems.push_back(error); }

  auto decided(core::Decision what) const -> std::size_t {
    return static_cast<std::size_t>(std::count_if(effects.begin(), effects.end(), [&](const core::Effect& effect) {
      const auto* decided = std::get_if<core::Decided>(&effect);
      return decided != nullptr && decided->what == what;
    }));
  }

  std::vector<core::Event> events;
  core::EffectList effects;
  std::vector<std::pair<wire::Direction, std::string>> frames;
  std::vector<std::pair<Latency, std::chrono::microseconds>> delays;
  std::vector<telemetry::Delay> felt;
  std::vector<Error> problems;
};

struct FakeJournal final : Chronicle {
  void event(core::Instant now, const core::Event& event) override { lines.push_back(event), times.push_back(now); }
  void effects(const core::EffectList& list) override { ordered.insert(ordered.end(), list.begin(), list.end()); }
  void audio(store::Track track, core::Samples, std::span<const std::int16_t> pcm) override {
    (track == store::Track::Caller ? caller_samples : agent_samples) += pcm.size();
  }
  void latency(audio::Latency latency) override { latencies.push_back(latency); }
  void flush(std::function<void(Result<void>)> then) override { flushes.push_back(std::move(then)); }

  std::vector<core::Event> lines;
  std::vector<core::Instant> times;
  core::EffectList ordered;
  std::size_t caller_samples = 0, agent_samples = 0;
  std::vector<audio::Latency> latencies;
  std::vector<std::function<void(Result<void>)>> flushes;
};

template <class Clock>
struct WorldOn {
  Clock clock;
  net::Loop loop{clock};
  test::Shop shop;
  audio::BlockPool blocks;
  FakeService service{loop};
  FakePhone phone;
  Notes notes;
  std::vector<Observer*> observers{&notes};
  FakeJournal journal;
  Chronicle* chronicle = &journal;
  store::Memory* memory = nullptr;
  Speak speak;
  FakeTools* tools = nullptr;  // the call's, unless `make_tools` makes others
  MakeTools make_tools = [this](Report report) {
    auto made = std::make_unique<FakeTools>(std::move(report));
    tools = made.get();
    return made;
  };
  std::optional<core::Finish> finish;
  std::unique_ptr<Call> call;

  WorldOn() {
    shop.program.realtime =
        shop.program.realtimes.add({.name = "service", .provider = "openai", .model = "m", .url = service.url()});
  }
  ~WorldOn() { call.reset(); }

  void start() {
    CallSetup setup{.program = shop.program,
                    .loop = loop,
                    .blocks = blocks,
                    .channel = phone,
                    .dialect = dialect_of("openai"),
                    .tools = make_tools,
                    .finished = [this](const core::Finish& order) { finish = order; }};
    setup.key = "sk-secret";
    setup.from = "+15550100";
    setup.name = "call-1";
    setup.journal = chronicle;
    setup.memory = memory;
    setup.speak = speak;
    setup.observers = observers;
    call = std::make_unique<Call>(std::move(setup));
    call->start();
  }
  void await(const std::function<bool()>& happened) { net::await(loop, happened); }
  template <class T>
  void await_event(std::size_t times = 1) {
    await([&] { return count_of<T>(notes.events) >= times; });
  }
  void await_decision(core::Decision what, std::size_t times = 1) {
    await([&] { return notes.decided(what) >= times; });
  }
  // The clock moves in steps of 20 ms, the phone with it; the sockets get their turns.
  void pass(core::Millis time, std::int16_t caller = 0) {
    for (core::Millis passed{0}; passed < time; passed += audio::FrameTime) {
      clock.advance(audio::FrameTime);
      loop.fire_due();
      if (!phone.closed) phone.frame(caller);
      net::turn(loop);
    }
  }
  void connect() {
    start();
    await_decision(core::Decision::LinkUp);
  }
  // The caller says something; the model is asked to reply.
  void turn(const std::string& item) {
    const auto asked = service.count("response.create");
    service.caller_speaks(item);
    await_event<core::SpeechStarted>();
    pass(1'000ms, 3'000);
    service.caller_stops(item);
    service.await("response.create", asked + 1);
  }
  // A whole turn, and a reply that begins to sound.
  void reply(const std::string& item, const std::string& response, const std::string& speech, core::Millis length) {
    turn(item);
    const auto arrived = count_of<core::AudioArrived>(notes.events);
    service.starts(response);
    service.says(response, speech, length);
    await_event<core::AudioArrived>(arrived + 1);
  }
};
using World = WorldOn<net::ManualClock>;

}  // namespace flow::edge
