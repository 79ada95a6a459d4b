// A caller who holds a key to speak, down to the socket; and words that come before their turn's whole transcript.

#include <catch2/catch_test_macros.hpp>

#include "tests/runtime/edge/world.h"

namespace flow::edge {
namespace {

struct Keyed : World {
  Keyed() { shop.agent().turn_detection.kind = ir::TurnDetection::Kind::Manual; }
  void key(core::Event event) { phone.listener().happened(std::move(event)); }
  void hold(core::Millis time, std::int16_t level) {
    key(core::TalkPressed{});
    pass(time, level);
    key(core::TalkReleased{});
  }
};

}  // namespace

TEST_CASE_METHOD(Keyed, "the service gets the caller's voice while the key is held, then the order to make a turn of it") {
  connect();
  const auto session = service.await("session.update");
  CHECK(session.field("session")->field("audio")->field("input")->field("turn_detection")->is_none());
  pass(200ms, 1'000);
  CHECK(service.heard().empty());
  hold(300ms, 2'000);
  service.await("input_audio_buffer.commit");
  CHECK(service.heard() == std::vector<std::int16_t>(15 * audio::FrameSamples, 2'000));
  pass(200ms, 3'000);
  service.tell(R"({"type":"input_audio_buffer.committed","event_id":"e","previous_item_id":null,"item_id":"caller_1"})");
  service.await("response.create");
  CHECK(service.heard().size() == 15 * audio::FrameSamples);
}

TEST_CASE_METHOD(Keyed, "a touch of the key is cleared and not committed") {
  connect();
  hold(60ms, 2'000);
  service.await("input_audio_buffer.clear");
  CHECK(service.count("input_audio_buffer.commit") == 0);
}

TEST_CASE_METHOD(Keyed, "a turn by key that a lost link swallowed is given to the next one, and only that") {
  connect();
  pass(200ms, 1'000);
  key(core::TalkPressed{});
  pass(1'500ms, 2'000);
  service.drop();
  await_event<core::LinkLost>();
  pass(500ms, 2'000);
  key(core::TalkReleased{});
  pass(300ms, 3'000);
  await_decision(core::Decision::LinkUp, 2);
  service.await("input_audio_buffer.commit");
  const auto heard = service.heard();  // of the new link
  CHECK(std::count(heard.begin(), heard.end(), 3'000) == 0);
  CHECK(std::count(heard.begin(), heard.end(), 1'000) == 0);
  CHECK(std::count(heard.begin(), heard.end(), 2'000) == core::to_samples(2'000ms).count);
}

TEST_CASE_METHOD(World, "a word of half a transcript stops an agent that waits for words; a murmur's letters do not") {
  shop.agent().barge_in = {200ms, 1'500ms, {"uh-huh"}};
  shop.program.realtimes[shop.program.realtime].transcription = "whisper-1";
  connect();
  reply("caller_1", "resp_1", "item_1", 4'000ms);
  pass(600ms);
  service.caller_speaks("caller_2");
  await_event<core::SpeechStarted>(2);
  pass(300ms, 3'000);
  CHECK(phone.silent);
  const auto delta = [&](const std::string& text) {
    service.tell(R"({"type":"conversation.item.input_audio_transcription.delta","event_id":"e","item_id":"caller_2","content_index":0,"delta":")" + text + "\"}");
  };
  delta("Uh-");
  await_event<core::CallerTextArrived>(1);
  CHECK(service.count("response.cancel") == 0);
  delta("oh, stop");
  service.await("response.cancel");
  const auto truncate = service.await("conversation.item.truncate");
  // Heard: 600 ms, and of the 200 ms of `after` all but the frame in which they end.
  CHECK(to_json(*truncate.field("audio_end_ms")) == "780");
}

}  // namespace flow::edge
