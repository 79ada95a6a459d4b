// Words that come when they come: nothing else of the service waits for them.

#include "tests/runtime/simulate/talk.h"

using namespace flow;
using namespace flow::simulate;
using namespace flow::simulate::test;
using namespace flow::wire::openai;

namespace {

// Ears whose words the test decides on, and when.
struct LateEars final : Ears {
  void begin(const Hints& known) override { hints = known, samples = 0, ++begun; }
  void hear(audio::Pcm pcm) override { samples += pcm.size(); }
  void end() override { ++ended; }
  void drop() override { ++dropped; }
  auto so_far() const -> std::string override { return partial; }
  auto take() -> std::optional<Words> override {
    if (ready.empty()) return {};
    auto words = ready.front();
    ready.pop_front();
    return words;
  }

  Hints hints;
  std::string partial;
  std::deque<Words> ready;
  std::size_t samples = 0;
  int begun = 0, ended = 0, dropped = 0;
};

struct LateTalk {
  LateEars ears;
  Talk talk{{}, {}, false, &ears};
  LateTalk() {
    talk.update(R"("audio":{"input":{"transcription":{"model":"gpt-4o-transcribe","prompt":"About shoes.","keywords":["brogues"]}}},"tools":[{"type":"function","name":"lookup_order",
      "description":"Looks up an order.","parameters":{"type":"object","properties":{"order_id":{"type":"string"}},"required":["order_id"]}}])");
    talk.silence(300);
  }
  void speak(const std::string& words) { talk.speak(shared_voice().speak(words, {.voice = "cedar"}).pcm); }
  void understand(Words words) {
    ears.ready.push_back(std::move(words));
    talk.wait(Millis{0});
  }
};

auto spoken(const Talk& talk) -> std::string { return talk.last<server::SpokenTextDone>().transcript; }

}  // namespace

TEST_CASE("while words are not known the turn goes on, the response is created, and everything else is answered") {
  LateTalk late;
  auto& talk = late.talk;
  const auto from = talk.events.size();
  late.speak("Where is order seventeen?");
  talk.silence(1000);
  CHECK(talk.names(from) == "input_audio_buffer.speech_started\ninput_audio_buffer.speech_stopped\ninput_audio_buffer.committed\n"
                            "conversation.item.added\nconversation.item.done\nresponse.created\n");
  talk.type("Another word.");
  CHECK(talk.names().ends_with("conversation.item.added\nconversation.item.done\n"));
  talk.wait(Millis{5'000});
  CHECK(talk.all<server::TranscriptDelta>().empty());
  CHECK(talk.all<server::ResponseDone>().empty());

  late.understand({"where is order 17", true});
  talk.settle();
  CHECK(std::get<FunctionCall>(talk.last<server::OutputItemDone>().item).arguments == R"({"order_id":"17"})");
  CHECK(talk.last<server::TranscriptCompleted>().transcript == "where is order 17");
}

TEST_CASE("the ears get the whole turn while it is spoken, and what is known of its words") {
  LateTalk late;
  auto& talk = late.talk;
  late.speak("Where is order seventeen?");
  const auto before_the_end = late.ears.samples;
  CHECK(before_the_end > 24'000);
  CHECK(late.ears.ended == 0);
  talk.silence(1000);
  CHECK(late.ears.ended == 1);
  talk.send(R"({"type":"conversation.item.retrieve","item_id":")" + talk.last<server::AudioCommitted>().item_id + "\"}");
  const auto message = std::get<Message>(talk.last<server::ItemRetrieved>().item);
  CHECK(wire::base64_size(late.ears.samples * 2) == std::get<InputAudio>(message.content.front()).audio->size());
  for (const auto* hint : {"About shoes.\n", "brogues\n", "lookup_order\n", "Looks up an order.\n", "order_id\n"}) {
    CHECK(late.ears.hints.text.find(hint) != std::string::npos);
  }
  late.understand({"where is order 17", true});
  talk.settle();
}

TEST_CASE("deltas of a transcript come before its end and are its words") {
  LateTalk late;
  late.speak("Hello there.");
  late.talk.silence(1000);
  late.understand({"hello there you", true});
  late.talk.settle();
  std::string deltas;
  bool completed = false;
  for (const auto& event : late.talk.events) {
    if (const auto* delta = std::get_if<server::TranscriptDelta>(&event.what)) {
      CHECK_FALSE(completed);
      deltas += *delta->delta;
    }
    completed = completed || std::holds_alternative<server::TranscriptCompleted>(event.what);
  }
  CHECK(completed);
  CHECK(deltas == "hello there you");
}

TEST_CASE("what was not understood fails as a transcript, and the model asks to hear it again") {
  LateTalk late;
  late.speak("Hello there.");
  late.talk.silence(1000);
  late.understand({"the", false});
  late.talk.settle();
  CHECK(late.talk.all<server::TranscriptCompleted>().empty());
  CHECK(late.talk.last<server::TranscriptFailed>().error.code == "audio_unintelligible");
  const auto said = spoken(late.talk);
  CHECK((said.find("catch that") != said.npos || said.find("hear you") != said.npos || said.find("get that") != said.npos));
}

TEST_CASE("a response that is cancelled before its caller's words are known says nothing when they come") {
  LateTalk late;
  late.speak("Hello there.");
  late.talk.silence(1000);
  late.talk.send(R"({"type":"response.cancel"})");
  CHECK(late.talk.last<server::ResponseDone>().response.status == ResponseStatus::Cancelled);
  late.understand({"hello there", true});
  late.talk.settle();
  CHECK(late.talk.all<server::AudioDelta>().empty());
  CHECK(late.talk.last<server::TranscriptCompleted>().transcript == "hello there");
}

TEST_CASE("a second turn's words belong to the second turn") {
  LateTalk late;
  late.speak("Hello there.");
  late.talk.silence(1000);
  const auto first = late.talk.last<server::AudioCommitted>().item_id;
  late.speak("How are you?");
  late.talk.silence(1000);
  const auto second = late.talk.last<server::AudioCommitted>().item_id;
  late.ears.ready = {{"hello there", true}, {"how are you", true}};
  late.talk.wait(Millis{0});
  late.talk.settle();
  const auto all = late.talk.all<server::TranscriptCompleted>();
  REQUIRE(all.size() == 2);
  for (const auto& each : all) CHECK(each.transcript == (each.item_id == first ? "hello there" : "how are you"));
  CHECK(first != second);
}

TEST_CASE("a buffer that is cleared is no turn") {
  LateTalk late;
  late.speak("Hello there.");
  late.talk.send(R"({"type":"input_audio_buffer.clear"})");
  CHECK(late.ears.dropped == 1);
  CHECK(late.ears.ended == 0);
}

TEST_CASE("semantic turn detection waits longer after words that want more, by its eagerness") {
  struct Row {
    const char* eagerness;
    int finished_ms, unfinished_ms;
  };
  for (const auto& row : {Row{"high", 300, 2'000}, Row{"auto", 400, 4'000}, Row{"medium", 400, 4'000}, Row{"low", 800, 8'000}}) {
    for (const bool unfinished : {false, true}) {
      LateTalk late;
      late.talk.update(R"("audio":{"input":{"turn_detection":{"type":"semantic_vad","eagerness":")" + std::string(row.eagerness) + R"(","create_response":false}}})");
      late.speak("My order number is.");
      late.ears.partial = unfinished ? "my order number is" : "my order number is 4";
      const auto silent_from = late.talk.now;
      while (late.talk.all<server::SpeechStopped>().empty() && late.talk.now < silent_from + Millis{9'000}) late.talk.silence(20);
      const auto waited = (late.talk.now - silent_from).count();
      const auto expected = unfinished ? row.unfinished_ms : row.finished_ms;
      INFO(row.eagerness << (unfinished ? ", unfinished" : ", finished") << " waited " << waited << " ms");
      CHECK(waited > expected - 350);  // the voice ends with a pause of its own
      CHECK(waited <= expected + 40);
      late.understand({"my order number is 4", true});
    }
  }
}

TEST_CASE("audio that a client writes into the conversation is heard, too") {
  LateTalk late;
  std::string text;
  wire::base64_encode(std::span(shared_voice().speak("Hello there.", {.voice = "cedar"}).pcm), text);
  late.talk.send(R"({"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_audio","audio":")" + text + "\"}]}}");
  CHECK(late.ears.ended == 1);
  late.talk.respond();
  late.talk.wait(Millis{1'000});
  CHECK(late.talk.all<server::AudioDelta>().empty());
  late.understand({"hello there", true});
  late.talk.settle();
  CHECK(spoken(late.talk).size() > 5);
}
