// A call without a headset, all of it but the sockets: the device channel in a simulated room, the playout, and the
// simulated service, which listens, speaks and stops when it hears somebody. Time is the test's.

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <optional>

#include "runtime/audio/processing/echo.h"
#include "runtime/channels/device.h"
#include "tests/runtime/audio/processing/room.h"
#include "tests/runtime/simulate/talk.h"

using namespace flow;
using namespace flow::audio;
using namespace flow::audio::test;
namespace server = flow::wire::openai::server;

namespace {

// Microphone and speaker of a room. The speaker takes a frame whenever the microphone gives one.
class RoomDevice final : public device::Duplex {
 public:
  explicit RoomDevice(RoomShape shape) : room_(shape) {}

  void frame(const double* caller) {
    std::array<std::int16_t, FrameSamples> playing{};
    const auto count = std::min(queue_.size(), playing.size());
    std::copy_n(queue_.begin(), count, playing.begin());
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    taken_.count += static_cast<std::int64_t>(count);
    const auto heard = room_.hear(playing, caller);
    waiting_.insert(waiting_.end(), heard.begin(), heard.end());
    owner_->device_moved();
  }

  void start(Owner& owner) override { owner_ = &owner; }
  void stop() override {}
  auto read(PcmOut out) -> Samples override {
    const auto count = std::min(out.size(), waiting_.size());
    std::copy_n(waiting_.begin(), count, out.begin());
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    return Samples{static_cast<std::int64_t>(count)};
  }
  auto wanted() const -> Samples override { return Queue - Samples{static_cast<std::int64_t>(queue_.size())}; }
  void write(Pcm pcm) override { queue_.insert(queue_.end(), pcm.begin(), pcm.end()); }
  auto taken() const -> Samples override { return taken_; }
  void drop() override { queue_.clear(); }
  auto facts() const -> Facts override {
    return {.input = "desk", .output = "desk", .input_delay = Millis{10}, .output_delay = Millis{25}, .queue = to_ms(Queue)};
  }

 private:
  static constexpr Samples Queue = to_samples(Millis{40});
  Room room_;
  Owner* owner_ = nullptr;
  std::vector<std::int16_t> queue_, waiting_;
  Samples taken_;
};

class OpenCall final : public channels::Listener {
 public:
  explicit OpenCall(Processor* processor) {
    auto desk = std::make_unique<RoomDevice>(RoomShape{});
    desk_ = desk.get();
    channel_.emplace(loop_, std::move(desk), channels::Device::Options{.reopen = {}, .processor = processor, .notice = {}, .meter = {}});
    channel_->open(playout_, *this);
  }

  void says_exactly(const std::string& words) { talk.respond(R"("instructions":"Say exactly: \")" + words + R"(\"")"); }
  void pass(const Sound& caller) {
    for (std::size_t at = 0; at + FrameSamples <= caller.size(); at += FrameSamples) {
      clock_.advance(FrameTime);
      loop_.fire_due();
      desk_->frame(caller.data() + at);
      talk.wait(FrameTime);
      for (; seen_ < talk.events.size(); ++seen_) carry_out(talk.events[seen_].what);
    }
  }

  simulate::test::Talk talk;
  std::vector<Millis> begun;  // when the service took somebody for the caller
  bool agent_sounds = false;  // in the last frame

 private:
  void happened(core::Event) override {}
  void channel_failed(const Error& error) override { FAIL(error.text); }
  void caller_audio(Samples, Pcm pcm) override {
    std::string text;
    wire::base64_encode(pcm, text);
    talk.send(R"({"type":"input_audio_buffer.append","audio":")" + text + "\"}");
  }
  void agent_audio(Samples, Pcm pcm) override {
    agent_sounds = std::any_of(pcm.begin(), pcm.end(), [](int sample) { return std::abs(sample) > Playout::PauseLevel; });
  }
  // What a session would order.
  void carry_out(const server::What& what) {
    if (std::holds_alternative<server::ResponseCreated>(what)) playout_.admit(core::ResponseId{++response_});
    if (const auto* delta = std::get_if<server::AudioDelta>(&what)) {
      std::vector<std::int16_t> pcm;
      REQUIRE(wire::base64_decode(delta->delta, pcm));
      playout_.push(core::ResponseId{response_}, pcm);
    }
    if (std::holds_alternative<server::SpeechStarted>(what)) {
      begun.push_back(talk.now);
      channel_->flush(core::FlushId{++flush_});
    }
  }

  net::ManualClock clock_;
  net::Loop loop_{clock_};
  BlockPool pool_;
  Playout playout_{pool_};
  RoomDevice* desk_ = nullptr;
  std::optional<channels::Device> channel_;
  std::size_t seen_ = 0;
  std::uint32_t response_ = 0, flush_ = 0;
};

const std::string Answer =
    "Your order was shipped on Monday and it should arrive within three days. The winter boots are lined with wool and warm down "
    "to minus ten degrees, and every shoe can be sent back within thirty days. The second order is still in the warehouse, "
    "because the black laces are out of stock until next week. If you like, I can send you the brown laces instead.";

}  // namespace

TEST_CASE("an answer is heard to its end in a room where the microphone hears it") {
  EchoCanceller canceller;
  OpenCall call(&canceller);
  call.says_exactly(Answer);
  call.pass(silence(ms(3'000)));
  CHECK(call.agent_sounds);
  call.pass(silence(ms(24'000)));
  CHECK(call.begun.empty());
  CHECK(call.talk.last<server::ResponseDone>().response.status == wire::openai::ResponseStatus::Completed);
}

TEST_CASE("without the canceller the answer stops itself within two seconds") {
  OpenCall call(nullptr);
  call.says_exactly(Answer);
  call.pass(silence(ms(2'500)));
  REQUIRE_FALSE(call.begun.empty());
  const auto done = call.talk.all<server::ResponseDone>();
  REQUIRE_FALSE(done.empty());
  CHECK(done[0].response.status == wire::openai::ResponseStatus::Cancelled);
}

TEST_CASE("a caller who speaks over the answer stops it") {
  EchoCanceller canceller;
  OpenCall call(&canceller);
  call.says_exactly(Answer);
  call.pass(silence(ms(8'000)));
  const auto onset = call.talk.now;
  call.talk.ears.expect("Wait, stop, I have a question.");
  Sound caller = at_level(bare(spoken("Wait, stop, I have a question.", "cedar")), -28);
  call.pass(caller);
  REQUIRE(call.begun.size() == 1);
  CHECK(call.begun[0] > onset);
  CHECK(call.begun[0] <= onset + Millis{300});
  CHECK_FALSE(call.agent_sounds);
}
