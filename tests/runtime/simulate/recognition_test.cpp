// What the real recogniser makes of synthetic speech. The bounds say how good it is, not how good it should be: the model
// is of human voices.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "runtime/simulate/decoder.h"
#include "runtime/simulate/spoken_numbers.h"
#include "runtime/simulate/words.h"
#include "tests/runtime/simulate/talk.h"

using namespace flow;
using namespace flow::simulate;
using namespace flow::simulate::test;
using namespace flow::wire::openai;

namespace {

const std::string Shop =
    "You are the first voice of a small shop for shoes. Winter boots are lined with wool, and every pair can be sent back.\n"
    "lookup_orders\nFinds orders. Examples: \"what did I order last week\", \"where is my order\", \"where is my parcel\"\n"
    "returns\nExamples: \"I want to send something back\", \"I would like to return a pair\"\n"
    "cancel_order\nExamples: \"please cancel order A1\"\nend_call\nExamples: \"goodbye\", \"that is all, bye\"\n";

// Of a session that has the texts of Shop.
const std::vector<std::string> AsInTheSession{"what did i order last week",   "where is my order",       "where is my parcel",
                                              "i want to send something back", "please cancel order a one",  "goodbye",
                                              "i would like to return a pair", "that is all bye"};
const std::vector<std::string> InOtherWords{"when will it be here", "i want to send back the shoes", "what is the status of order seventeen",
                                            "my order number is four two seven one", "yes please", "no thank you", "is there anything else"};

auto spoken(const std::string& words, const std::string& voice) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(24 * 300);
  const auto& speech = shared_voice().speak(words + ".", {.voice = voice}).pcm;
  pcm.insert(pcm.end(), speech.begin(), speech.end());
  pcm.resize(pcm.size() + 24 * 300);
  return pcm;
}

auto loaded() -> Decoder& {
  static const auto decoder = load_decoder(speech_model_folder());
  REQUIRE(decoder);
  return **decoder;
}

auto recognised(const std::vector<std::int16_t>& pcm) -> Words {
  auto& decoder = loaded();
  decoder.begin(Shop);
  for (std::size_t at = 0; at < pcm.size(); at += 2'400) decoder.hear(audio::Pcm(pcm).subspan(at, std::min<std::size_t>(2'400, pcm.size() - at)));
  return decoder.end();
}

auto plain(std::string_view text) -> std::vector<std::string> {
  std::vector<std::string> words;
  for (const auto& word : tokens(text)) words.push_back(lower(word.text));
  return words;
}

// The fewest words to change, leave out or put in.
auto errors_between(const std::vector<std::string>& said, const std::vector<std::string>& heard) -> int {
  std::vector<int> row(heard.size() + 1);
  for (std::size_t j = 0; j <= heard.size(); ++j) row[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= said.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= heard.size(); ++j) {
      const int here = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (said[i - 1] == heard[j - 1] ? 0 : 1)});
      diagonal = row[j];
      row[j] = here;
    }
  }
  return row.back();
}

struct Score {
  int words = 0, wrong = 0;
  std::string list;
  auto percent() const -> double { return 100.0 * wrong / words; }
};
auto score(const std::vector<std::string>& list, const std::string& voice) -> Score {
  Score score;
  for (const auto& said : list) {
    const auto heard = recognised(spoken(said, voice));
    const auto wrong = errors_between(plain(with_digits(said)), plain(heard.text));
    score.words += static_cast<int>(plain(with_digits(said)).size());
    score.wrong += wrong;
    score.list += "\n" + std::to_string(wrong) + "  " + said + "  ->  " + heard.text;
  }
  return score;
}

}  // namespace

TEST_CASE("a woman's voice is understood in the words of the session") {
  const auto all = score(AsInTheSession, "marin");
  INFO(all.percent() << " % of the words are wrong:" << all.list);
  CHECK(all.percent() <= 15);
}

TEST_CASE("a woman's voice is understood in other words") {
  const auto all = score(InOtherWords, "marin");
  INFO(all.percent() << " % of the words are wrong:" << all.list);
  CHECK(all.percent() <= 15);
}

TEST_CASE("a man's voice is understood in the words of the session") {
  const auto all = score(AsInTheSession, "cedar");
  INFO(all.percent() << " % of the words are wrong:" << all.list);
  CHECK(all.percent() <= 15);
}

TEST_CASE("a man's voice is understood in other words") {
  const auto all = score(InOtherWords, "cedar");
  INFO(all.percent() << " % of the words are wrong:" << all.list);
  CHECK(all.percent() <= 15);
}

TEST_CASE("the same turn gives the same words, whoever spoke before") {
  const auto turn = spoken("where is my order", "marin");
  const auto first = recognised(turn);
  recognised(spoken("goodbye", "cedar"));
  CHECK(recognised(turn) == first);
}

TEST_CASE("hiss and silence are not words") {
  std::vector<std::int16_t> hiss(24 * 1'500);
  std::mt19937 dice(1);
  std::normal_distribution<double> noise(0, 800);
  for (auto& s : hiss) s = static_cast<std::int16_t>(noise(dice));
  const auto heard = recognised(hiss);
  INFO(heard.text);
  CHECK_FALSE(heard.understood);
  CHECK_FALSE(recognised(std::vector<std::int16_t>(24 * 1'000)).understood);
}

TEST_CASE("a spoken wish calls the tool with what was heard") {
  struct Prompt final : Ears {  // recognises at once, so that the test's time stands still meanwhile
    void begin(const Hints& hints) override { loaded().begin(hints.text); }
    void hear(audio::Pcm pcm) override { loaded().hear(pcm); }
    void end() override { words = loaded().end(); }
    void drop() override { loaded().end(); }
    auto so_far() const -> std::string override { return loaded().so_far(); }
    auto take() -> std::optional<Words> override { return std::exchange(words, std::nullopt); }
    std::optional<Words> words;
  } ears;
  Talk talk({}, {}, false, &ears);
  talk.update(R"("audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"},"turn_detection":{"type":"semantic_vad","eagerness":"high"}}},"tools":[
    {"type":"function","name":"cancel_order","description":"Cancels an order. Examples: \"please cancel order A1\"","parameters":{"type":"object","properties":{"order_id":{"type":"string"}},"required":["order_id"]}},
    {"type":"function","name":"opening_hours","description":"Says when the shop is open.","parameters":{"type":"object","properties":{}}}])");
  talk.silence(300);
  talk.speak(shared_voice().speak("Please cancel order A1.", {.voice = "marin"}).pcm);
  talk.silence(1'500);
  talk.settle();
  INFO(talk.last<server::TranscriptCompleted>().transcript);
  const auto call = std::get<FunctionCall>(talk.last<server::OutputItemDone>().item);
  CHECK(call.name == "cancel_order");
  CHECK(call.arguments == R"({"order_id":"A1"})");
}
