#include <fmt/format.h>
#include <catch2/catch_test_macros.hpp>

#include "runtime/wire/openai/codec.h"

namespace flow::wire::openai {
namespace {

auto refused(std::string_view frame) -> Refusal {
  const auto event = decode_client(frame);
  return event ? Refusal{"accepted", "", "", ""} : event.error();
}

// "code param" of the refusal of a session.update with these members.
auto session(std::string_view members) -> std::string {
  const auto refusal = refused(fmt::format(R"({{"type":"session.update","session":{{"type":"realtime"{}{}}}}})",
                                           members.empty() ? "" : ",", members));
  return refusal.code + " " + refusal.param;
}
auto event(std::string_view frame) -> std::string {
  const auto refusal = refused(frame);
  return refusal.code + " " + refusal.param;
}

TEST_CASE("an unknown member is named with its path") {
  CHECK(session(R"("voice":"marin")") == "unknown_parameter session.voice");
  CHECK(session(R"("temperature":0.8)") == "unknown_parameter session.temperature");
  CHECK(session(R"("audio":{"input":{"turn_detection":{"type":"server_vad","eagerness":"low"}}})") ==
        "unknown_parameter session.audio.input.turn_detection.eagerness");
  CHECK(session(R"("tools":[{"type":"function","name":"a"},{"type":"function","name":"b","strict":true}])") ==
        "unknown_parameter session.tools[1].strict");
  CHECK(session(R"("id":"sess_1")") == "unknown_parameter session.id");
  CHECK(session(R"("expires_at":1)") == "unknown_parameter session.expires_at");
  CHECK(event(R"({"type":"input_audio_buffer.commit","item_id":"x"})") == "unknown_parameter item_id");
  CHECK(event(R"({"type":"session.update","session":{"type":"transcription","instructions":"x"}})") ==
        "unknown_parameter session.instructions");
}

TEST_CASE("a missing member is named with its path") {
  CHECK(event(R"({"type":"session.update"})") == "missing_required_parameter session");
  CHECK(event(R"({"type":"session.update","session":{"modalities":["audio"]}})") ==
        "missing_required_parameter session.type");
  CHECK(event(R"({"type":"input_audio_buffer.append"})") == "missing_required_parameter audio");
  CHECK(event(R"({"type":"conversation.item.truncate","item_id":"i","audio_end_ms":5})") ==
        "missing_required_parameter content_index");
  CHECK(
      event(
          R"({"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text"}]}})") ==
      "missing_required_parameter item.content[0].text");
  CHECK(event("{}") == "missing_required_parameter type");
}

TEST_CASE("a wrong value is named with its path, and the right ones are told") {
  const auto refusal = refused(
      R"({"type":"session.update","event_id":"me","session":{"type":"realtime","audio":{"input":{"turn_detection":{"type":"semantic_vad","eagerness":"eager"}}}}})");
  CHECK(refusal == Refusal{"invalid_value",
                           "Invalid value: 'eager'. Supported values are: 'auto', 'low', 'medium', and 'high'.",
                           "session.audio.input.turn_detection.eagerness", "me"});
  CHECK(session(R"("tool_choice":"maybe")") == "invalid_value session.tool_choice");
  CHECK(session(R"("audio":{"input":{"format":{"type":"audio/opus"}}})") ==
        "invalid_value session.audio.input.format.type");
  CHECK(event(R"({"type":"session.update","session":{"type":"dream"}})") == "invalid_value session.type");
  CHECK(event(R"({"type":"session.destroy"})") == "invalid_value type");
}

TEST_CASE("a wrong type is named with its path, and what was seen is told") {
  const auto refusal = refused(R"({"type":"session.update","session":{"type":"realtime","instructions":5}})");
  CHECK(refusal == Refusal{"invalid_value",
                           "Invalid type for 'session.instructions': expected a string, but got an integer instead.",
                           "session.instructions", ""});
  CHECK(session(R"("tools":{})") == "invalid_value session.tools");
  CHECK(session(R"("audio":[])") == "invalid_value session.audio");
  CHECK(session(R"("tool_choice":5)") == "invalid_value session.tool_choice");
  CHECK(session(R"("output_modalities":["audio",null])") == "invalid_value session.output_modalities[1]");
  CHECK(event(R"({"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":5.5})") ==
        "invalid_value audio_end_ms");
  CHECK(event(R"({"type":"response.create","response":{"metadata":{"a":1}}})") == "invalid_value response.metadata.a");
  CHECK(event(R"({"type":"session.update","session":null})") == "invalid_value session");
}

TEST_CASE("numbers have their bounds") {
  CHECK(session(R"("audio":{"output":{"speed":2}})") == "invalid_value session.audio.output.speed");
  CHECK(session(R"("audio":{"output":{"speed":1.5}})") == "accepted ");
  CHECK(session(R"("audio":{"input":{"turn_detection":{"type":"server_vad","threshold":1.01}}})") ==
        "invalid_value session.audio.input.turn_detection.threshold");
  CHECK(session(R"("audio":{"input":{"turn_detection":{"type":"server_vad","idle_timeout_ms":100}}})") ==
        "invalid_value session.audio.input.turn_detection.idle_timeout_ms");
  CHECK(session(R"("audio":{"input":{"format":{"type":"audio/pcm","rate":16000}}})") ==
        "invalid_value session.audio.input.format.rate");
  CHECK(session(R"("max_output_tokens":0)") == "invalid_value session.max_output_tokens");
  CHECK(session(R"("max_output_tokens":"inf")") == "accepted ");
  CHECK(event(R"({"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":-1})") ==
        "invalid_value audio_end_ms");
}

TEST_CASE("each role has its own parts") {
  const auto message = [](std::string_view role, std::string_view part) {
    return event(fmt::format(
        R"({{"type":"conversation.item.create","item":{{"type":"message","role":"{}","content":[{{"type":"input_text","text":"a"}},{}]}}}})",
        role, part));
  };
  CHECK(message("user", R"({"type":"text","text":"hi"})") == "invalid_value item.content[1].type");
  CHECK(message("user", R"({"type":"output_text","text":"hi"})") == "invalid_value item.content[1].type");
  CHECK(message("system", R"({"type":"input_audio","audio":""})") == "invalid_value item.content[1].type");
  CHECK(message("assistant", R"({"type":"output_text","text":"hi"})") == "invalid_value item.content[0].type");
  CHECK(message("user", R"({"type":"input_audio","audio":""})") == "accepted ");
}

TEST_CASE("a reference stands for an item only in the input of a response") {
  CHECK(event(R"({"type":"conversation.item.create","item":{"type":"item_reference","id":"x"}})") ==
        "invalid_value item.type");
  CHECK(event(R"({"type":"response.create","response":{"input":[{"type":"item_reference","id":"x"}]}})") ==
        "accepted ");
}

TEST_CASE("what is no event at all is an invalid event") {
  for (const auto* frame : {"", "hello", "[]", "null", "{\"type\":", "{\"type\":\"\xff\"}"})
    CHECK(event(frame) == "invalid_event ");
}

TEST_CASE("the refusal carries the client's own event id") {
  CHECK(refused(R"({"type":"nonsense","event_id":"mine"})").event_id == "mine");
  CHECK(refused(R"({"type":"response.cancel","event_id":null})").code == "accepted");
  CHECK(refused(R"({"type":"response.cancel","event_id":5})").param == "event_id");
}

TEST_CASE("null means absent where a member may be absent") {
  CHECK(session(R"("instructions":null,"tools":null)") == "accepted ");
}

TEST_CASE("a stranger's long text is not sent back whole") {
  const auto refusal = refused(fmt::format(R"({{"type":"{}"}})", std::string(10'000, 'x')));
  CHECK(refusal.message.size() < 700);
  CHECK(refused(fmt::format(R"({{"type":"response.cancel","{}":1}})", std::string(10'000, 'x'))).param.size() == 100);
}

}  // namespace
}  // namespace flow::wire::openai
