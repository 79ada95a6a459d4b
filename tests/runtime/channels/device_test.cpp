// The channel on a device that a test plays: nothing moves but by its hand.

#include "runtime/channels/device.h"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>

#include "tests/runtime/channels/call.h"

using namespace flow;
using namespace flow::channels;
using namespace std::chrono_literals;
using audio::Samples;

namespace {

constexpr Samples Queue = audio::to_samples(20ms);
constexpr net::Millis OutputDelay{30};

// What the test says happens at the device, in samples of 24 kHz.
struct Bench {
  std::vector<std::int16_t> heard, mouth;  // taken by the hardware; waits to be read
  Samples written, taken;
  std::vector<std::int16_t> queue;
  audio::device::Duplex::Owner* owner = nullptr;
  int starts = 0, stops = 0;

  void take(Samples count) {
    for (; count > Samples{} && !queue.empty(); count.count -= 1, taken.count += 1) {
      heard.push_back(queue.front());
      queue.erase(queue.begin());
    }
  }
};

class BenchDevice final : public audio::device::Duplex {
 public:
  explicit BenchDevice(std::shared_ptr<Bench> bench) : bench_{std::move(bench)} {}
  ~BenchDevice() override { bench_->owner = nullptr; }
  void start(Owner& owner) override {
    bench_->owner = &owner;
    bench_->starts += 1;
  }
  void stop() override {
    bench_->owner = nullptr;
    bench_->stops += 1;
  }
  auto read(audio::PcmOut out) -> Samples override {
    const auto count = std::min(out.size(), bench_->mouth.size());
    std::copy_n(bench_->mouth.begin(), count, out.begin());
    bench_->mouth.erase(bench_->mouth.begin(), bench_->mouth.begin() + static_cast<std::ptrdiff_t>(count));
    return Samples{static_cast<std::int64_t>(count)};
  }
  auto wanted() const -> Samples override { return Queue - Samples{static_cast<std::int64_t>(bench_->queue.size())}; }
  void write(audio::Pcm pcm) override { bench_->queue.insert(bench_->queue.end(), pcm.begin(), pcm.end()); }
  auto taken() const -> Samples override { return bench_->taken; }
  void drop() override { bench_->queue.clear(); }
  auto facts() const -> Facts override {
    return {.input = "mouth", .output = "ear", .input_delay = 10ms, .output_delay = OutputDelay, .queue = 20ms};
  }

 private:
  std::shared_ptr<Bench> bench_;
};

struct Spoken : Call {
  std::shared_ptr<Bench> bench = std::make_shared<Bench>();
  Device::Options options;
  std::unique_ptr<Device> device;

  void open() {
    device = std::make_unique<Device>(loop, std::make_unique<BenchDevice>(bench), options);
    device->open(playout, listener);
    bench->owner->device_moved();
  }
  // 10 ms at a time, as callbacks do: the microphone brings `level`, the speaker takes what it needs.
  void pass(net::Millis time, std::int16_t level = 0) {
    for (net::Millis passed{0}; passed < time; passed += 10ms) {
      clock.advance(10ms);
      loop.fire_due();
      if (bench->owner == nullptr) continue;
      bench->mouth.insert(bench->mouth.end(), 240, level);
      bench->take(Samples{240});
      bench->owner->device_moved();
    }
  }
  template <class Event>
  auto count() const -> std::ptrdiff_t {
    return std::ranges::count_if(listener.events, [](const auto& event) { return std::holds_alternative<Event>(event); });
  }
};

}  // namespace

TEST_CASE("the caller's voice comes in frames of 20 ms without gap, by the call's clock") {
  Spoken call;
  call.open();
  call.pass(200ms, 900);
  CHECK(std::ssize(call.listener.caller) == audio::to_samples(200ms).count);
  CHECK(std::ranges::all_of(call.listener.caller, [](int sample) { return sample == 900; }));
}

TEST_CASE("what the microphone adds is told, what the speaker adds is in the places of what was heard") {
  Spoken call;
  call.open();
  CHECK(call.device->latency() == audio::Latency{.in = 10ms});
}

TEST_CASE("what the agent says is heard when the device has taken it and its own queue has passed") {
  Spoken call;
  call.open();
  call.say(100ms);
  call.pass(10ms);  // one callback was under way
  CHECK(call.playout.played() == Samples{});
  call.pass(OutputDelay);
  CHECK(call.playout.played() == Samples{});
  call.pass(50ms);
  CHECK(call.playout.played() == audio::to_samples(50ms));
  call.pass(50ms);
  CHECK(call.playout.played() == audio::to_samples(100ms));
  CHECK(call.count<core::PlayoutDrained>() == 1);
}

TEST_CASE("a voice that begins does not wait behind the silence that was queued") {
  Spoken call;
  call.open();
  call.pass(100ms);
  REQUIRE(std::ssize(call.bench->queue) == Queue.count);
  call.say(100ms);
  call.bench->owner->device_moved();
  CHECK(std::ranges::count(call.bench->queue, 5000) == Queue.count);
}

TEST_CASE("a flush is answered at once, counts what the device took, and nothing more of the answer is taken") {
  Spoken call;
  call.open();
  call.say(1'000ms);
  call.pass(220ms);
  const auto taken = call.bench->taken - Samples{240};  // of the agent's: before it was silence
  call.device->flush(core::FlushId{7});
  REQUIRE(std::holds_alternative<core::PlayoutFlushed>(call.listener.events.back()));
  const auto flushed = std::get<core::PlayoutFlushed>(call.listener.events.back());
  CHECK(flushed.flush == core::FlushId{7});
  CHECK(flushed.played == taken);

  const auto heard = call.bench->heard.size();
  call.pass(100ms);
  CHECK(std::all_of(call.bench->heard.begin() + static_cast<std::ptrdiff_t>(heard), call.bench->heard.end(), [](int sample) { return sample == 0; }));
  CHECK(call.playout.played() == taken);
}

TEST_CASE("the recording has what sounded, also what sounded after a flush") {
  Spoken call;
  call.open();
  call.say(1'000ms);
  call.pass(220ms);
  call.device->flush(core::FlushId{1});
  call.pass(200ms);
  CHECK(std::ranges::count(call.listener.agent, 5000) == audio::to_samples(210ms).count);
}

TEST_CASE("the microphone may be slower than the call's clock: silence keeps its side of the recording in place") {
  Spoken call;
  call.open();
  for (int n = 0; n < 6'000; ++n) {  // a minute, one sample in a hundred missing
    call.clock.advance(10ms);
    call.bench->mouth.insert(call.bench->mouth.end(), n % 100 == 0 ? 0 : 240, 1);
    call.bench->take(Samples{240});
    call.bench->owner->device_moved();
  }
  const auto behind = audio::to_samples(60'000ms).count - static_cast<std::int64_t>(call.listener.caller.size());
  CHECK(behind >= 0);
  CHECK(behind <= audio::to_samples(80ms).count);
}

TEST_CASE("the microphone may be faster than the call's clock: quiet frames are left out, speech is not") {
  Spoken call;
  call.open();
  std::int64_t loud = 0;
  for (int n = 0; n < 6'000; ++n) {
    const bool speaks = n % 200 < 150;
    call.clock.advance(10ms);
    call.bench->mouth.insert(call.bench->mouth.end(), n % 200 == 0 ? 480 : 240, speaks ? 900 : 0);
    loud += speaks ? (n % 200 == 0 ? 480 : 240) : 0;
    call.bench->take(Samples{240});
    call.bench->owner->device_moved();
  }
  const auto ahead = static_cast<std::int64_t>(call.listener.caller.size()) - audio::to_samples(60'000ms).count;
  CHECK(std::abs(ahead) <= audio::to_samples(100ms).count);
  CHECK(std::ranges::count(call.listener.caller, 900) == loud);
}

TEST_CASE("a muted microphone gives silence, and a key mutes it") {
  Spoken call;
  call.open();
  call.device->mute(true);
  call.pass(100ms, 900);
  CHECK(std::ssize(call.listener.caller) == audio::to_samples(100ms).count);
  CHECK(std::ranges::count(call.listener.caller, 0) == audio::to_samples(100ms).count);
  CHECK(std::holds_alternative<ToggleMute>(*read_key('m')));
  CHECK(std::holds_alternative<ToggleTalk>(*read_key(' ')));
  CHECK(std::get<core::DigitPressed>(*read_key('#')).digit == '#');
  CHECK(std::holds_alternative<core::CallerHungUp>(*read_key('q')));
  CHECK_FALSE(read_key('x'));
}

TEST_CASE("keys of the terminal are the caller's: talk, let go, a digit, hang up") {
  Spoken call;
  std::array<int, 2> keys{};
  REQUIRE(::pipe(keys.data()) == 0);
  call.options.keys = keys[0];
  call.open();
  REQUIRE(::write(keys[1], "  x5q", 5) == 5);
  CHECK(call.loop.run_until([&] { return call.listener.hung_up(); }, 5s));
  CHECK(call.listener.events == std::vector<core::Event>{core::TalkPressed{}, core::TalkReleased{}, core::DigitPressed{'5'}, core::CallerHungUp{}});
  call.device.reset();
  ::close(keys[0]);
  ::close(keys[1]);
}

TEST_CASE("a processor hears what was played before it changes what was heard then") {
  struct Noted final : audio::Processor {
    std::vector<std::int16_t> far;
    int far_frames = 0, near_frames = 0;
    net::Millis delay{0};
    void far_end(audio::Pcm frame) override {
      far.insert(far.end(), frame.begin(), frame.end());
      far_frames += 1;
    }
    void near_end(audio::PcmOut frame, audio::Millis echo_delay) override {
      CHECK(far_frames == near_frames + 1);
      near_frames += 1;
      delay = echo_delay;
      std::ranges::fill(frame, std::int16_t{-5});
    }
  } processor;
  Spoken call;
  call.options.processor = &processor;
  call.open();
  call.say(100ms);
  call.pass(200ms, 900);
  CHECK(processor.far == call.bench->heard);
  CHECK(processor.delay == OutputDelay + 10ms);
  CHECK(std::ranges::count(call.listener.caller, -5) == static_cast<std::ptrdiff_t>(call.listener.caller.size()));
}

TEST_CASE("a lost device is replaced by what is there, and the caller is told") {
  Spoken call;
  const auto other = std::make_shared<Bench>();
  std::vector<std::string> notices;
  call.options.notice = [&](const std::string& text) { notices.push_back(text); };
  Device::Opened opened;
  call.options.reopen = [&](const Error&, Device::Opened done) { opened = std::move(done); };
  call.open();
  call.say(1'000ms);
  call.pass(100ms);
  call.bench->owner->device_lost({"R0314", "the speaker went away: ear"});
  REQUIRE(opened);
  CHECK(call.bench->owner == nullptr);
  opened(std::make_unique<BenchDevice>(other));
  CHECK(notices == std::vector<std::string>{"the speaker went away: ear; looking for another", "going on with mouth and ear"});

  call.bench = other;
  call.pass(2'000ms, 3);
  CHECK(call.playout.empty());
  CHECK(call.listener.errors.empty());
  CHECK(call.count<core::CallerHungUp>() == 0);
}

TEST_CASE("if no other device is found the call ends, with the reason, once") {
  Spoken call;
  int asked = 0;
  call.options.reopen = [&](const Error&, const Device::Opened& done) {
    asked += 1;
    call.loop.post([done] { done(failure("R0310", "there is no speaker")); });
  };
  call.open();
  call.bench->owner->device_lost({"R0314", "the speaker went away: ear"});
  for (int second = 0; second < 2 * Device::TriesMax; ++second) {
    call.loop.run_until([&] { return asked > second; }, 10ms);
    call.loop.run_until([] { return false; }, 1ms);
    call.pass(1'000ms);
  }
  CHECK(asked == Device::TriesMax);
  REQUIRE(call.listener.errors.size() == 1);
  CHECK(call.listener.errors.front().code == "R0314");
  CHECK(call.count<core::CallerHungUp>() == 1);
}

TEST_CASE("devices that are lost one after the other are not tried for ever") {
  Spoken call;
  Device::Opened opened;
  int asked = 0;
  call.options.reopen = [&](const Error&, Device::Opened done) {
    asked += 1;
    opened = std::move(done);
  };
  call.open();
  for (int n = 0; n < Device::TriesMax + 1; ++n) {
    call.bench->owner->device_lost({"R0313", "the microphone does not move: mouth"});
    if (call.count<core::CallerHungUp>() > 0) break;
    call.bench = std::make_shared<Bench>();
    opened(std::make_unique<BenchDevice>(call.bench));
    call.pass(2'000ms);
  }
  CHECK(asked == Device::TriesMax);
  CHECK(call.count<core::CallerHungUp>() == 1);
}

TEST_CASE("a flush while there is no device is answered all the same") {
  Spoken call;
  call.options.reopen = [](const Error&, const Device::Opened&) {};
  call.open();
  call.say(500ms);
  call.pass(100ms);
  call.bench->owner->device_lost({"R0313", "the speaker does not move: ear"});
  call.device->flush(core::FlushId{3});
  CHECK(call.count<core::PlayoutFlushed>() == 1);
  call.device->close();
  CHECK(call.count<core::CallerHungUp>() == 0);
}

TEST_CASE("ten times a second people see how loud both sides are") {
  Spoken call;
  std::vector<Device::Meter> meters;
  call.options.meter = [&](const Device::Meter& meter) { meters.push_back(meter); };
  call.open();
  call.say(2'000ms, 16'384);
  call.pass(1'000ms, 3'277);
  REQUIRE(meters.size() >= 9);
  CHECK(meters.size() <= 10);
  CHECK(std::abs(meters.back().agent.peak_dbfs + 6.0) < 0.1);
  CHECK(std::abs(meters.back().caller.peak_dbfs + 20.0) < 0.1);
}
