// The two delays that a caller feels, through a whole call and a real loopback socket.
//
//   injection  from a tool's thread handing over its result, while nobody speaks, to the result's first byte in the
//              socket. The reference looks for finished tools every 500 ms.
//   silence    from the service sending speech_started, while the agent speaks, to a playout that gives no more voice.
//              The reference is the frame of 20 ms that a player holds anyway.
//
// Time is the machine's, but for the waits of a conversation (turns, thresholds), which are skipped.

#include <atomic>
#include <catch2/catch_session.hpp>
#include <random>
#include <thread>

#include "tests/bench/bench.h"
#include "tests/runtime/edge/world.h"

using namespace flow;
using namespace flow::edge;
using bench::percentile;

namespace {

constexpr int Rounds = 1'000;
constexpr int RoundsOfOneCall = 50;  // a long call; then a new one

// The machine's time, and what was skipped of it.
class SkippingClock final : public net::Clock {
 public:
  auto now() const -> net::Time override { return std::chrono::steady_clock::now() + skipped_; }
  auto runs() const -> bool override { return false; }
  void advance(net::Millis time) { skipped_ += time; }

 private:
  net::Millis skipped_{0};
};
using BenchWorld = WorldOn<SkippingClock>;
using Steady = std::chrono::steady_clock;

auto milliseconds_since(Steady::time_point begin) -> double {
  return std::chrono::duration<double, std::milli>(Steady::now() - begin).count();
}

// Notes when a delay ended.
struct Stamp final : Observer {
  void measured(Latency what, std::chrono::microseconds, core::Instant) override {
    if (what == wanted) took = milliseconds_since(begin);
  }
  Latency wanted = Latency::Injection;
  Steady::time_point begin;
  std::optional<double> took;
};

// A thread that hands in results when told to, as one that runs tools would.
class Worker {
 public:
  explicit Worker(Stamp& stamp) : stamp_(stamp), thread_([this] { work(); }) {}
  ~Worker() {
    give([] {}, std::nullopt);
    thread_.join();
  }
  void give(std::function<void()> report, std::optional<net::Poster> post) {
    report_ = std::move(report);
    post_ = std::move(post);
    turn_ += 1;
    turn_.notify_one();
  }

 private:
  void work() {
    for (int seen = 0;; ++seen) {
      turn_.wait(seen);
      if (!post_) return;
      stamp_.begin = Steady::now();
      (*post_)(report_);
    }
  }
  Stamp& stamp_;
  std::function<void()> report_;
  std::optional<net::Poster> post_;
  std::atomic<int> turn_ = 0;
  std::thread thread_;
};

struct Names {
  int n = 0;
  auto next(const char* kind) -> std::string { return kind + std::to_string(++n); }
};

// Something is said in answer to the last ask, and heard.
void answered(BenchWorld& world, Names& names, std::string_view words = "some words") {
  const auto response = names.next("resp_");
  const auto ended = count_of<core::ResponseEnded>(world.notes.events);
  world.service.starts(response);
  world.service.says(response, names.next("item_"), 40ms, words);
  world.service.ends(response);
  world.await_event<core::ResponseEnded>(ended + 1);
  world.pass(100ms);
}

// From a caller's turn to a result that is told.
auto injection(BenchWorld& world, Names& names, Stamp& stamp, Worker& worker) -> double {
  world.turn(names.next("caller_"));
  const auto response = names.next("resp_");
  const auto started = world.tools->started.size();
  const auto asked = world.service.count("response.create");
  world.service.starts(response);
  world.service.calls(response, names.next("item_"), names.next("call_"), "look", R"({"query":")" + response + "\"}");
  world.service.ends(response);
  world.await([&] { return world.tools->started.size() > started; });
  world.pass(60ms);
  world.service.await("response.create", asked + 1);
  answered(world, names, "One moment.");

  stamp.took.reset();
  const auto order = world.tools->started.back();
  worker.give(
      [&world, order] {
        world.tools->report(core::ToolFinished{order.job, order.attempt, "two boots, sent on Monday"});
      },
      world.loop.poster());
  world.await([&] { return stamp.took.has_value(); });
  world.service.await("response.create", asked + 2);
  answered(world, names);
  return *stamp.took;
}

// The agent speaks, and the caller says something.
auto silence(BenchWorld& world, Names& names, Stamp& stamp) -> double {
  const auto speech = names.next("caller_");
  const auto response = names.next("resp_");
  world.reply(speech, response, names.next("item_"), 4'000ms);
  world.pass(200ms);

  stamp.took.reset();
  const auto asked = world.service.count("response.create");
  const auto interruption = names.next("caller_");
  stamp.begin = Steady::now();
  world.service.caller_speaks(interruption);
  world.await([&] { return stamp.took.has_value(); });

  world.service.ends(response, "cancelled");
  world.pass(1'000ms);
  world.service.caller_stops(interruption);
  world.service.await("response.create", asked + 1);
  answered(world, names);
  return *stamp.took;
}

template <class Round>
auto measure(Latency wanted, const Round& round) -> std::vector<double> {
  std::vector<double> all;
  Stamp stamp;
  stamp.wanted = wanted;
  while (all.size() < Rounds) {
    BenchWorld world;
    Names names;
    world.shop.rules().ack_after = 20ms;
    world.shop.rules().deliver = ir::Policy::Deliver::Interrupt;
    world.observers.push_back(&stamp);
    world.connect();
    for (int i = 0; i < RoundsOfOneCall; ++i) all.push_back(round(world, names, stamp));
  }
  return all;
}

// Finished at any moment, seen at the next look.
auto poller() -> std::vector<double> {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> until_next_look(0, 500);
  std::vector<double> all(Rounds);
  for (auto& one : all) one = until_next_look(random);
  return all;
}

void report(const char* what, const std::vector<double>& ours, const char* reference_is,
            const std::vector<double>& reference) {
  for (const auto& [name, share] : {std::pair{"p50", 0.5}, std::pair{"p99", 0.99}}) {
    const auto our_figure = percentile(ours, share), their_figure = percentile(reference, share);
    bench::row(fmt::format("{}, {}", what, name), fmt::format("{:.3f} ms", our_figure),
               fmt::format("{:.1f} ms ({})", their_figure, reference_is), bench::ratio(our_figure, their_figure));
  }
}

}  // namespace

// Waiting for events comes from the tests, and needs their frame; it prints nothing.
TEST_CASE("latencies") {
  const auto injections = measure(Latency::Injection, [](BenchWorld& world, Names& names, Stamp& stamp) {
    Worker worker(stamp);
    return injection(world, names, stamp, worker);
  });
  report("tool's result ready to first byte on the socket", injections, "polled every 500 ms", poller());
  const auto silences = measure(Latency::Silence, silence);
  report("speech_started sent to the playout silent", silences, "one frame", std::vector<double>(Rounds, 20.0));
}

auto main() -> int {
  Catch::Session session;
  session.configData().defaultOutputFilename = "/dev/null";
  return session.run();
}
