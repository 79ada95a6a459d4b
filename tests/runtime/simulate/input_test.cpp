#include "runtime/simulate/input.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "runtime/audio/g711.h"
#include "runtime/simulate/dice.h"
#include "runtime/simulate/voice.h"

using namespace flow;
using namespace flow::simulate;

namespace {

using Sound = std::vector<std::int16_t>;

auto noise(int ms, double dbfs, std::uint64_t seed = 1) -> Sound {
  Dice dice(seed);
  Sound pcm(static_cast<std::size_t>(ms) * 24);
  const double peak = 32768 * std::pow(10, dbfs / 20) * std::sqrt(3.0);
  for (auto& s : pcm) s = static_cast<std::int16_t>((static_cast<double>(dice.below(20001)) / 10000 - 1) * peak);
  return pcm;
}
auto tone(int ms, double dbfs, double hz) -> Sound {
  Sound pcm(static_cast<std::size_t>(ms) * 24);
  for (std::size_t i = 0; i < pcm.size(); ++i) pcm[i] = static_cast<std::int16_t>(32768 * std::pow(10, dbfs / 20) * std::sqrt(2.0) * std::sin(6.2832 * hz * static_cast<double>(i) / 24000));
  return pcm;
}
auto joined(std::initializer_list<Sound> parts) -> Sound {
  Sound all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}
auto mixed(Sound a, const Sound& b) -> Sound {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) a[i] = static_cast<std::int16_t>(a[i] + b[i]);
  return a;
}
auto speech(const char* words) -> Sound {
  static Voice voice;
  return voice.speak(words, {}).pcm;
}
auto bytes(const Sound& pcm) -> std::vector<std::uint8_t> {
  std::vector<std::uint8_t> out;
  for (const auto s : pcm) out.push_back(static_cast<std::uint8_t>(s & 0xff)), out.push_back(static_cast<std::uint8_t>((s >> 8) & 0xff));
  return out;
}
// What is heard if `pcm` is appended in pieces of `piece_ms`.
auto hear(const Sound& pcm, TurnRules rules = {}, int piece_ms = 20) -> std::vector<Heard> {
  Input input;
  input.use(std::optional(rules));
  std::vector<Heard> heard;
  for (std::size_t at = 0; at < pcm.size(); at += static_cast<std::size_t>(piece_ms) * 24) {
    const auto end = std::min(pcm.size(), at + static_cast<std::size_t>(piece_ms) * 24);
    CHECK(input.append(bytes(Sound(pcm.begin() + static_cast<std::ptrdiff_t>(at), pcm.begin() + static_cast<std::ptrdiff_t>(end))), false, heard));
  }
  return heard;
}

}  // namespace

TEST_CASE("a sentence is heard as one turn, with its prefix and its silence") {
  const auto said = speech("I would like to know where my order is, please.");
  const auto heard = hear(joined({noise(1000, -65), said, noise(1500, -65)}));
  REQUIRE(heard.size() == 2);
  const auto begin = std::get<SpeechBegan>(heard[0]).start_ms;
  CHECK(begin >= 600);   // voice from 1000 ms on, 300 ms of prefix
  CHECK(begin <= 820);
  const auto& end = std::get<SpeechEnded>(heard[1]);
  const auto spoken_ms = static_cast<std::int64_t>(said.size()) / 24;
  CHECK(end.end_ms >= 1000 + spoken_ms - 240 + 400);  // the voice ends with 240 ms of pause
  CHECK(end.end_ms <= 1000 + spoken_ms + 560);
  CHECK(static_cast<std::int64_t>(end.pcm.size()) / 24 == end.end_ms - begin);
}

TEST_CASE("two sentences a second apart are two turns that do not overlap") {
  const auto heard = hear(joined({noise(500, -70), speech("Hello there."), noise(1000, -70), speech("Are you open today?"), noise(1000, -70)}));
  REQUIRE(heard.size() == 4);
  CHECK(std::get<SpeechBegan>(heard[2]).start_ms >= std::get<SpeechEnded>(heard[1]).end_ms);
}

TEST_CASE("silence, hiss and clicks are no voice") {
  CHECK(hear(Sound(24 * 3000)).empty());
  CHECK(hear(noise(3000, -60)).empty());
  auto clicks = noise(3000, -70);
  for (std::size_t at = 24'000; at < clicks.size(); at += 12'000) clicks[at] = 20'000;
  CHECK(hear(clicks).empty());
}

TEST_CASE("a voice is found in noise that is 15 dB quieter") {
  const auto said = speech("Could you cancel the second one for me?");
  const auto line = joined({Sound(24 * 2000), said, Sound(24 * 1500)});
  const auto heard = hear(mixed(noise(static_cast<int>(line.size() / 24), -40), line));
  CHECK(heard.size() == 2);
}

TEST_CASE("a hum that a line has is no voice, and one that comes is soon known for what it is") {
  CHECK(hear(tone(20'000, -35, 120)).empty());
  const auto heard = hear(joined({Sound(24 * 500), tone(20'000, -35, 120)}));
  REQUIRE(heard.size() == 2);
  CHECK(std::get<SpeechEnded>(heard[1]).end_ms < 4'000);
}

TEST_CASE("the size of the pieces changes nothing") {
  const auto line = joined({noise(700, -65), speech("One more thing."), noise(900, -65)});
  const auto fine = hear(line, {}, 10), coarse = hear(line, {}, 700);
  REQUIRE(fine.size() == 2);
  REQUIRE(coarse.size() == 2);
  CHECK(std::get<SpeechBegan>(fine[0]).start_ms == std::get<SpeechBegan>(coarse[0]).start_ms);
  CHECK(std::get<SpeechEnded>(fine[1]).end_ms == std::get<SpeechEnded>(coarse[1]).end_ms);
  CHECK((std::get<SpeechEnded>(fine[1]).pcm == std::get<SpeechEnded>(coarse[1]).pcm));
}

TEST_CASE("silence_duration_ms decides how long a pause may be") {
  const auto line = joined({noise(500, -70), speech("Well"), noise(700, -70), speech("maybe not."), noise(1500, -70)});
  CHECK(hear(line, {.silence_ms = 400}).size() == 4);
  CHECK(hear(line, {.silence_ms = 1200}).size() == 2);
}

TEST_CASE("eagerness decides how long a complete and an unfinished sentence wait") {
  const auto line = joined({noise(500, -70), speech("Thank you."), noise(9000, -70)});
  const auto end_ms = [&](wire::openai::Eagerness eagerness, bool unfinished) {
    Input input;
    input.use(std::optional(TurnRules{.semantic = true, .eagerness = eagerness}));
    std::vector<Heard> heard;
    CHECK(input.append(bytes(line), unfinished, heard));
    REQUIRE(heard.size() == 2);
    return std::get<SpeechEnded>(heard[1]).end_ms;
  };
  using enum wire::openai::Eagerness;
  const auto high = end_ms(High, false);
  CHECK(end_ms(Auto, false) == high + 100);
  CHECK(end_ms(Low, false) == high + 500);
  CHECK(end_ms(High, true) == high + 1700);
  CHECK(end_ms(Medium, true) == high + 3700);
  CHECK(end_ms(Low, true) == high + 7700);
}

TEST_CASE("a voice is heard in both laws of G.711") {
  const auto line = joined({noise(700, -60), speech("Where is my order?"), noise(1000, -60)});
  for (const auto law : {audio::Law::Mu, audio::Law::A}) {
    const auto narrow = audio::resample(line, 24'000, 8'000);
    std::vector<std::uint8_t> codes(narrow.size());
    audio::g711_encode(law, narrow, codes);
    Input input;
    input.use(std::optional(TurnRules{}));
    input.use(law == audio::Law::Mu ? wire::openai::AudioFormat{wire::openai::MuLaw{}} : wire::openai::AudioFormat{wire::openai::ALaw{}});
    std::vector<Heard> heard;
    CHECK(input.append(codes, false, heard));
    CHECK(heard.size() == 2);
    CHECK(input.written_ms() == static_cast<std::int64_t>(codes.size()) / 8);
  }
}

TEST_CASE("without turn detection the buffer only grows, until it is taken") {
  Input input;
  std::vector<Heard> heard;
  CHECK(input.append(bytes(noise(250, -20)), false, heard));
  CHECK(heard.empty());
  CHECK(input.buffered_ms() == 250);
  CHECK(input.take().size() == 250 * 24);
  CHECK(input.buffered_ms() == 0);
  CHECK(input.written_ms() == 250);
  CHECK_FALSE(input.append({1, 2, 3}, false, heard));
}
