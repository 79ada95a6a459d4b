// Speech of two voices in noise, and noise alone. Figures that hold are asserted; loudness alone, in the same sounds,
// shows that they can fail.

#include "runtime/audio/processing/voice_activity.h"

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <string>

#include "tests/runtime/audio/processing/listening.h"
#include "tests/runtime/audio/processing/loudness.h"

using namespace flow;
using namespace flow::audio;
using namespace flow::audio::test;

namespace {

constexpr double SpeechDbfs = -26;

// Somebody says six things, 1.5 s apart.
struct Talk {
  Sound sound = silence(ms(2000));
  std::vector<Turn> truth;
};
auto talk(const std::string& voice) -> Talk {
  Talk talk;
  for (const auto* words : {"I would like to know where my order is, please.", "Are you open today?",
                            "Could you cancel the second one for me, and send it back?",
                            "My name is Ann and I ordered a pair of winter boots last week.", "No, thank you.", "Yes."}) {
    const auto said = at_level(bare(spoken(words, voice)), SpeechDbfs);
    const auto begin = static_cast<std::int64_t>(talk.sound.size());
    talk.sound.insert(talk.sound.end(), said.begin(), said.end());
    talk.truth.push_back({begin / core::SamplesPerMs, static_cast<std::int64_t>(talk.sound.size()) / core::SamplesPerMs});
    talk.sound.resize(talk.sound.size() + ms(1500));
  }
  return talk;
}

struct Score {
  std::size_t utterances = 0, turns = 0;
  int found = 0;                                  // utterances during which a turn began, and only one
  std::int64_t latest_ms = 0, longest_ms = -9'999;  // begin and end after the truth, at worst, of those found
  std::int64_t shortest_ms = 9'999;
  double precision = 0, recall = 0;               // of frames
  auto all_found() const -> bool { return found == static_cast<int>(utterances) && turns == utterances; }
};

template <class Judge>
auto score(const Talk& talk, const Sound& noise, Judge judge) -> Score {
  auto sound = talk.sound;
  mix(sound, noise);
  const auto pcm = to_pcm(sound);
  TurnFinder finder;
  double right = 0, said = 0, claimed = 0;
  for (std::size_t at = 0; at + FrameSamples <= pcm.size(); at += FrameSamples) {
    const bool voiced = judge.frame(Pcm(pcm).subspan(at, FrameSamples));
    const auto middle = static_cast<std::int64_t>(at) / core::SamplesPerMs + 10;
    const bool speech = std::any_of(talk.truth.begin(), talk.truth.end(), [&](const Turn& t) { return middle >= t.begin_ms && middle < t.end_ms; });
    finder.frame(voiced);
    right += voiced && speech, said += speech, claimed += voiced;
  }
  Score score{talk.truth.size(), finder.turns.size()};
  score.precision = claimed == 0 ? 0 : right / claimed;
  score.recall = right / said;
  for (const auto& truth : talk.truth) {
    std::vector<Turn> inside;
    for (const auto& turn : finder.turns)
      if (turn.begin_ms >= truth.begin_ms && turn.begin_ms < truth.end_ms + 100) inside.push_back(turn);
    if (inside.size() != 1) continue;
    score.found += 1;
    score.latest_ms = std::max(score.latest_ms, inside[0].begin_ms - truth.begin_ms);
    score.longest_ms = std::max(score.longest_ms, inside[0].end_ms - truth.end_ms);
    score.shortest_ms = std::min(score.shortest_ms, inside[0].end_ms - truth.end_ms);
  }
  return score;
}

struct Noise {
  const char* name;
  std::function<Sound(std::size_t, double)> make;
};
auto noises() -> std::vector<Noise> {
  return {{"white", [](std::size_t n, double level) { return white(n, level); }},
          {"pink", [](std::size_t n, double level) { return pink(n, level); }},
          {"babble", [](std::size_t n, double level) { return babble(n, level); }}};
}

auto as_text(const std::string& what, const Score& s) -> std::string {
  return what + ": " + std::to_string(s.found) + " of " + std::to_string(s.utterances) + " found, " + std::to_string(s.turns) +
         " turns, begins at most " + std::to_string(s.latest_ms) + " ms late, ends " + std::to_string(s.shortest_ms) + " to " +
         std::to_string(s.longest_ms) + " ms late, precision " + std::to_string(s.precision) + ", recall " + std::to_string(s.recall);
}

}  // namespace

TEST_CASE("in steady noise 10 dB under the voice, every utterance begins within 200 ms and ends within 300 ms of the truth") {
  for (const auto* voice : {"marin", "cedar"}) {
    const auto said = talk(voice);
    for (const auto& noise : noises()) {
      if (noise.name == std::string("babble")) continue;
      for (const double snr : {20.0, 10.0}) {
        const auto s = score(said, noise.make(said.sound.size(), SpeechDbfs - snr), VoiceActivity(0.5));
        INFO(as_text(std::string(voice) + " in " + noise.name + " at " + std::to_string(snr), s));
        CHECK(s.all_found());
        CHECK(s.latest_ms <= 200);
        CHECK(s.longest_ms <= 300);
        CHECK(s.shortest_ms >= -300);
        CHECK(s.precision >= 0.90);
        CHECK(s.recall >= 0.70);
      }
    }
  }
}

TEST_CASE("on a line without any noise the first utterance begins as soon as the others") {
  for (const auto* voice : {"marin", "cedar", "caller"}) {
    const auto s = score(talk(voice), silence(ms(100)), VoiceActivity{0.5});
    INFO(as_text(std::string(voice) + " in digital silence", s));
    CHECK(s.all_found());
    CHECK(s.latest_ms <= 200);
  }
}

TEST_CASE("babble 20 dB under the voice is not taken for it") {
  for (const auto* voice : {"marin", "cedar"}) {
    const auto said = talk(voice);
    const auto s = score(said, babble(said.sound.size(), SpeechDbfs - 20), VoiceActivity(0.5));
    INFO(as_text(voice, s));
    CHECK(s.all_found());
    CHECK(s.latest_ms <= 200);
    CHECK(s.longest_ms <= 300);
    CHECK(s.precision >= 0.90);
  }
}

TEST_CASE("loudness alone misses voices in noise 10 dB under them, and begins with babble") {
  const auto said = talk("cedar");
  const auto length = said.sound.size();
  CHECK_FALSE(score(said, white(length, SpeechDbfs - 10), Loudness()).all_found());
  CHECK_FALSE(score(said, pink(length, SpeechDbfs - 10), Loudness()).all_found());
  CHECK_FALSE(score(said, babble(length, SpeechDbfs - 20), Loudness()).all_found());
}

TEST_CASE("a minute of noise, of a hum, of clicks or of silence never begins a turn") {
  const auto minute = ms(60'000);
  auto clicks = white(minute, -70);
  for (auto at = ms(1000); at < minute; at += ms(500)) clicks[at] = 0.6;
  const auto never = [](const char* what, const Sound& sound) {
    INFO(what);
    CHECK(turns_in(to_pcm(sound), VoiceActivity(0.5)).empty());
  };
  never("silence", silence(minute));
  never("a hum", mains_hum(minute, -35));
  never("clicks", clicks);
  never("distant babble", babble(minute, -50));
  for (const double level : {-60.0, -40.0, -30.0}) {
    never("white", white(minute, level));
    never("pink", pink(minute, level));
  }
}

TEST_CASE("a higher threshold wants a louder voice") {
  const auto quiet = [](double threshold) {
    Sound sound = white(ms(6000), -75);
    mix(sound, at_level(bare(spoken("Could you cancel the second one for me?", "cedar")), -50), ms(2000));
    return turns_in(to_pcm(sound), VoiceActivity(threshold)).size();
  };
  CHECK(quiet(0.1) == 1);
  CHECK(quiet(0.9) == 0);
}

// For whoever tunes: `audio_processing_tests "[figures]"` prints what every judge makes of every noise.
TEST_CASE("figures of voice activity", "[.figures]") {
  for (const auto* voice : {"marin", "cedar"}) {
    const auto said = talk(voice);
    for (const auto& noise : noises()) {
      for (const double snr : {20.0, 10.0}) {
        const auto sound = noise.make(said.sound.size(), SpeechDbfs - snr);
        const auto name = std::string(voice) + " in " + noise.name + " at " + std::to_string(static_cast<int>(snr)) + " dB, ";
        WARN(as_text(name + "ours", score(said, sound, VoiceActivity(0.5))));
        WARN(as_text(name + "loudness", score(said, sound, Loudness())));
      }
    }
  }
}
