// A call without a headset: the agent's voice leaks into the microphone. The judge of voices behind it is the simulated
// service's own, so a turn that begins here while the caller is quiet is the agent interrupting itself.

#include "runtime/audio/processing/echo.h"

#include <catch2/catch_test_macros.hpp>

#include "runtime/audio/level.h"
#include "runtime/audio/processing/voice_activity.h"
#include "tests/runtime/audio/processing/listening.h"
#include "tests/runtime/audio/processing/room.h"

using namespace flow;
using namespace flow::audio;
using namespace flow::audio::test;

namespace {

// The agent talks and talks, with a pause of 1.5 s now and then.
auto agent_voice(std::size_t length) -> std::vector<std::int16_t> {
  static const Sound once = [] {
    Sound all;
    for (const auto* words :
         {"Your order was shipped on Monday and it should arrive within three days. The winter boots are lined with wool and "
          "warm down to minus ten degrees, and every shoe can be sent back within thirty days.",
          "I found two orders. The first one holds a pair of winter boots and two pairs of socks, and it was paid by card. "
          "The second one is still in the warehouse, because the black laces are out of stock until next week.",
          "If you like, I can cancel the second one, or I can send you the brown laces instead. They cost the same, and most "
          "people find that they go well with the boots. Let me know what you prefer, there is no hurry at all."}) {
      const auto said = spoken(words, "marin");
      all.insert(all.end(), said.begin(), said.end());
      all.resize(all.size() + ms(1500));
    }
    return at_level(std::move(all), -20);
  }();
  Sound voice(length);
  for (auto at = ms(1000); at < length; ++at) voice[at] = once[(at - ms(1000)) % once.size()];
  return to_pcm(voice);
}

// What the service hears of a call in a room; `caller` is what sounds before the microphone besides the agent.
auto turns_of_call(const RoomShape& shape, const Sound& caller, Processor* processor) -> std::vector<Turn> {
  const auto agent = agent_voice(caller.size());
  Room room(shape);
  VoiceActivity judge(0.5);
  TurnFinder finder;
  for (std::size_t at = 0; at + FrameSamples <= agent.size(); at += FrameSamples) {
    const auto playing = Pcm(agent).subspan(at, FrameSamples);
    auto heard = room.hear(playing, caller.data() + at);
    if (processor != nullptr) {
      processor->far_end(playing);
      processor->near_end(heard, Millis{35});  // what the hardware says, whatever the room
    }
    finder.frame(judge.frame(heard));
  }
  return finder.turns;
}

}  // namespace

TEST_CASE("in five minutes of speaking into an open microphone the agent never interrupts itself") {
  EchoCanceller canceller;
  CHECK(turns_of_call({}, silence(ms(300'000)), &canceller).empty());
}

TEST_CASE("neither does it if the echo comes sooner or later than the hardware says, nor with a loud speaker") {
  for (const auto& shape : {RoomShape{.delay_ms = 25}, RoomShape{.delay_ms = 80}, RoomShape{.delay_ms = 120}, RoomShape{.echo_db = -6, .reverberation_ms = 300}}) {
    INFO("delay " << shape.delay_ms << " ms, echo " << shape.echo_db << " dB");
    EchoCanceller canceller;
    CHECK(turns_of_call(shape, silence(ms(25'000)), &canceller).empty());
  }
}

TEST_CASE("without the canceller the agent interrupts itself at its first words") {
  const auto turns = turns_of_call({}, silence(ms(10'000)), nullptr);
  REQUIRE_FALSE(turns.empty());
  CHECK(turns[0].begin_ms < 1500);
}

TEST_CASE("a caller who speaks over the agent is heard within 300 ms, every time, and nobody else is") {
  static const std::string Words[] = {"Wait, stop, I have a question.", "No, not that one please.", "Excuse me, can I say something?", "Hold on a second."};
  Sound caller = silence(ms(132'000));
  std::vector<std::int64_t> onsets;
  for (std::size_t n = 0; n < 20; ++n) {
    onsets.push_back(static_cast<std::int64_t>(12'000 + n * 5'000 + n * 337 % 900));
    mix(caller, at_level(bare(spoken(Words[n % 4], "cedar")), -28), ms(onsets.back()));
  }
  EchoCanceller canceller;
  const auto turns = turns_of_call({}, caller, &canceller);
  REQUIRE(turns.size() == onsets.size());
  for (std::size_t n = 0; n < onsets.size(); ++n) {
    INFO("interruption at " << onsets[n] << " ms");
    CHECK(turns[n].begin_ms > onsets[n]);
    CHECK(turns[n].begin_ms <= onsets[n] + 300);
  }
}

TEST_CASE("a caller whom nobody talks over keeps his voice, and one who is far away comes nearer") {
  const auto gain = [](double dbfs) {
    const auto said = at_level(bare(spoken("I would like to know where my order is, and whether I can still change the address.", "cedar")), dbfs);
    EchoCanceller canceller;
    const auto pcm = to_pcm(said);
    std::vector<std::int16_t> out;
    for (int time = 0; time < 4; ++time) {  // the gain takes its time
      out.clear();
      for (std::size_t at = 0; at + FrameSamples <= pcm.size(); at += FrameSamples) {
        std::vector<std::int16_t> frame(pcm.begin() + static_cast<std::ptrdiff_t>(at), pcm.begin() + static_cast<std::ptrdiff_t>(at) + FrameSamples);
        canceller.far_end(std::vector<std::int16_t>(FrameSamples));
        canceller.near_end(frame, Millis{35});
        out.insert(out.end(), frame.begin(), frame.end());
      }
    }
    return level(out).rms_dbfs - dbfs;
  };
  const double near = gain(-22), far = gain(-40);
  INFO("near " << near << " dB, far " << far << " dB");
  CHECK(near > -3);
  CHECK(near < 9);
  CHECK(far > 3);
}
