#include "runtime/simulate/voice.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>

using namespace flow::simulate;

namespace {

auto seconds(const Speech& speech) -> double { return static_cast<double>(speech.pcm.size()) / 24'000; }

auto joined(const Speech& speech) -> std::string {
  std::string text;
  for (const auto& word : speech.words) text += word.text;
  return text;
}

// The strongest pitch between 70 and 300 Hz over the loudest part, by autocorrelation.
auto pitch_hz(const Speech& speech) -> double {
  double best = 0;
  int best_lag = 0;
  const auto& pcm = speech.pcm;
  for (int lag = 24'000 / 300; lag <= 24'000 / 70; ++lag) {
    double sum = 0;
    for (std::size_t i = static_cast<std::size_t>(lag); i < pcm.size(); i += 2) sum += double(pcm[i]) * pcm[i - static_cast<std::size_t>(lag)];
    if (sum > best) best = sum, best_lag = lag;
  }
  return best_lag == 0 ? 0 : 24'000.0 / best_lag;
}

const std::string Line = "Good morning, this is the shoe shop.";

}  // namespace

TEST_CASE("a line takes as long as a person would need, and starts at once") {
  Voice voice;
  const auto& speech = voice.speak(Line, {});
  CHECK(seconds(speech) > 1.2);
  CHECK(seconds(speech) < 4.0);
  CHECK(speech.pcm.size() > 480);
  bool sounds = false;
  for (std::size_t i = 0; i < 24 * 60; ++i) sounds = sounds || std::abs(speech.pcm[i]) > 200;
  CHECK(sounds);  // within 60 ms
}

TEST_CASE("the words joined are the text, and their times grow and stay within the audio") {
  Voice voice;
  const auto& speech = voice.speak(Line, {});
  CHECK(joined(speech) == Line);
  REQUIRE(speech.words.size() == 7);
  for (std::size_t i = 1; i < speech.words.size(); ++i) CHECK(speech.words[i].at > speech.words[i - 1].at);
  CHECK(speech.words.back().at.count() < static_cast<long>(seconds(speech) * 1000));
}

TEST_CASE("two voices have two pitches") {
  Voice voice;
  const double marin = pitch_hz(voice.speak(Line, {.voice = "marin"}));
  const double shimmer = pitch_hz(voice.speak(Line, {.voice = "shimmer"}));
  const double cedar = pitch_hz(voice.speak(Line, {.voice = "cedar"}));
  INFO(marin << " " << shimmer << " " << cedar);
  CHECK(shimmer > marin * 1.1);
  CHECK(cedar < marin * 0.8);
}

TEST_CASE("a faster voice is done sooner") {
  Voice voice;
  const double normal = seconds(voice.speak(Line, {}));
  const double fast = seconds(voice.speak(Line, {.speed = 1.5}));
  const double slow = seconds(voice.speak(Line, {.speed = 0.5}));
  CHECK(fast < normal * 0.8);
  CHECK(slow > normal * 1.5);
}

TEST_CASE("the same text gives the same samples, from the cache or not") {
  Voice one, other;
  const auto first = one.speak(Line, {}).pcm;
  CHECK((one.speak(Line, {}).pcm == first));
  (void)other.speak("Something else comes first here.", {});
  CHECK((other.speak(Line, {}).pcm == first));
}

TEST_CASE("a language that flite lacks is spoken, and an unknown one at least takes time") {
  Voice voice;
  const auto& german = voice.speak("Guten Morgen, wie kann ich helfen?", {.locale = "de-DE"});
  CHECK(seconds(german) > 1.0);
  CHECK(seconds(voice.speak("hello there", {.locale = "xx-none"})) >= 0.1);
}

TEST_CASE("text without anything to say is a short silence") {
  Voice voice;
  const auto& speech = voice.speak(" … ", {.locale = "en"});
  CHECK(joined(speech) == " … ");
  CHECK(seconds(voice.speak("...", {})) == 0.1);
}

TEST_CASE("phrases joined are the text, at most some seconds each") {
  const std::string text =
      "Hello! The order A1 costs 3.50 euros, e.g. for one pair. It left our house on Monday, went through two cities, and "
      "is expected to arrive at your door by the end of the next week unless the weather gets in the way of the driver.\nBye";
  const auto parts = phrases(text);
  CHECK(std::accumulate(parts.begin(), parts.end(), std::string{}) == text);
  CHECK(parts.size() >= 6);
  CHECK(parts[0] == "Hello! ");
  for (const auto& part : parts) CHECK(part.size() <= 95);
  CHECK(phrases(std::string(500, 'x')).size() > 4);
  CHECK(phrases("").empty());
}
