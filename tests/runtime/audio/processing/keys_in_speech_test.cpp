// Voices hold tones, and some of them a row's and a column's at once: a listener for keys must not take them for keys.

#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <string>

#include "runtime/audio/dtmf.h"
#include "runtime/audio/phone_line.h"
#include "tests/runtime/audio/processing/sounds.h"

namespace flow::audio {
namespace {

const std::string Words[] = {
    "I ordered a pair of winter boots last week, and I would like to know where they are. ",
    "Could you read the number back to me? It was four, seven, one, one, zero, eight, and then two eights. ",
    "We are open from Monday to Saturday, from nine in the morning to seven in the evening. ",
    "No, that is not what I meant; the blue ones with the long laces, size nine and a half. ",
};

struct Minute {
  std::string keys;
  Millis spoken{0};
};
auto listen_to_a_minute(const std::string& voice, double level, std::optional<PhoneLine> line) -> Minute {
  Minute minute;
  KeyListener ear;
  for (std::size_t n = 0; minute.spoken < Millis{60'000}; ++n) {
    auto pcm = test::to_pcm(test::at_level(test::spoken(Words[n % std::size(Words)], voice), level));
    for (std::size_t at = 0; at + FrameSamples <= pcm.size(); at += FrameSamples) {
      const auto frame = PcmOut{pcm}.subspan(at, FrameSamples);
      if (line) line->pass(frame);
      minute.keys += ear.hear(frame);
      minute.spoken += FrameTime;
    }
  }
  return minute;
}

}  // namespace

TEST_CASE("a minute of anybody's speech has no key in it, loud or not, over a line or not") {
  for (const auto* voice : {"marin", "cedar", "alloy", "ash"}) {
    INFO(voice);
    CHECK(listen_to_a_minute(voice, -20, std::nullopt).keys.empty());
    CHECK(listen_to_a_minute(voice, -10, PhoneLine{Law::Mu}).keys.empty());
  }
}

TEST_CASE("a key that is pressed while somebody speaks at the other end of the room is heard") {
  auto sound = test::at_level(test::spoken(Words[0], "marin"), -35);
  const auto tone = key_sound('8');
  test::Sound press(tone.begin(), tone.end());
  for (auto& s : press) s /= 32768;
  std::string keys, wanted;
  for (std::size_t at = 2400; at + press.size() < sound.size(); at += 12'000, wanted += '8') test::mix(sound, press, at);
  const auto pcm = test::to_pcm(sound);
  KeyListener ear;
  for (std::size_t at = 0; at + FrameSamples <= pcm.size(); at += FrameSamples) keys += ear.hear(Pcm{pcm}.subspan(at, FrameSamples));
  CHECK(keys == wanted);
}

}  // namespace flow::audio
