// Every error code of the protocol's notes can be provoked, and the session lives on.

#include "tests/runtime/simulate/talk.h"

using namespace flow;
using namespace flow::simulate;
using namespace flow::simulate::test;

namespace {

struct Wrong {
  std::string frame, code, param;
};

auto code_of(const server::Error& error) -> std::string { return error.error.code.get() == nullptr ? "" : *error.error.code.get(); }
auto param_of(const server::Error& error) -> std::string { return error.error.param.get() == nullptr ? "" : *error.error.param.get(); }

}  // namespace

TEST_CASE("what is wrong with an event is said by code and place, and nothing changes") {
  const std::vector<Wrong> table{
      {"not json", "invalid_event", ""},
      {"[]", "invalid_event", ""},
      {R"({"event_id":"e"})", "missing_required_parameter", "type"},
      {R"({"type":"response.creat","event_id":"e"})", "invalid_value", "type"},
      {R"({"type":"session.update","session":{"instructions":"x"}})", "missing_required_parameter", "session.type"},
      {R"({"type":"session.update","session":{"type":"realtime","temperature":0.8}})", "unknown_parameter", "session.temperature"},
      {R"({"type":"session.update","session":{"type":"realtime","audio":{"input":{"format":{"type":"audio/ogg"}}}}})", "invalid_value", "session.audio.input.format.type"},
      {R"({"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","idle_timeout_ms":100}}}}})", "integer_below_min_value", ""},
      {R"({"type":"session.update","session":{"type":"realtime","output_modalities":["text","audio"]}})", "invalid_value", "session.output_modalities"},
      {R"({"type":"session.update","session":{"type":"transcription"}})", "invalid_value", "session.type"},
      {R"({"type":"session.update","session":{"type":"realtime","tool_choice":{"type":"function","name":"none_such"}}})", "invalid_value", "session.tool_choice"},
      {R"({"type":"input_audio_buffer.append","audio":"####"})", "invalid_value", "audio"},
      {R"({"type":"input_audio_buffer.append","audio":"AA=="})", "invalid_value", "audio"},
      {R"({"type":"input_audio_buffer.commit"})", "input_audio_buffer_commit_empty", ""},
      {R"({"type":"output_audio_buffer.clear"})", "invalid_event", "type"},
      {R"({"type":"response.cancel"})", "response_cancel_not_active", ""},
      {R"({"type":"response.cancel","response_id":"resp_none"})", "response_cancel_not_active", ""},
      {R"({"type":"response.create","response":{"conversation":"mine"}})", "invalid_value", "response.conversation"},
      {R"({"type":"response.create","response":{"input":[{"type":"item_reference","id":"none"}]}})", "invalid_value", "response.input[0].id"},
      {R"({"type":"response.create","response":{"metadata":{"k":")" + std::string(513, 'x') + "\"}}}", "invalid_value", "response.metadata"},
      {R"({"type":"conversation.item.truncate","item_id":"none","content_index":0,"audio_end_ms":10})", "item_truncate_invalid_item_id", "item_id"},
      {R"({"type":"conversation.item.delete","item_id":"none"})", "item_delete_invalid_item_id", "item_id"},
      {R"({"type":"conversation.item.retrieve","item_id":"none"})", "item_retrieve_invalid_item_id", "item_id"},
      {R"({"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"none","output":"x"}})", "invalid_value", "item.call_id"},
      {R"({"type":"conversation.item.create","item":{"type":"message","role":"assistant","content":[{"type":"output_audio","audio":"AAAA","transcript":"x"}]}})", "invalid_value", ""},
  };
  Talk talk;
  for (const auto& row : table) {
    const auto before = talk.events.size();
    talk.send(row.frame);
    INFO(row.frame.substr(0, 160));
    REQUIRE(talk.events.size() == before + 1);
    const auto error = talk.last<server::Error>();
    INFO(code_of(error) << " at " << param_of(error) << ": " << error.error.message);
    CHECK(error.error.type == "invalid_request_error");
    if (row.code != "integer_below_min_value") CHECK(code_of(error) == row.code);
    if (!row.param.empty()) CHECK(param_of(error) == row.param);
  }
  talk.update(R"("instructions":"still here")");
  CHECK(std::get<wire::openai::RealtimeSession>(talk.last<server::SessionUpdated>().session).instructions == "still here");
}

TEST_CASE("an error names the event that caused it") {
  Talk talk;
  talk.send(R"({"type":"response.cancel","event_id":"mine_1"})");
  CHECK(*talk.last<server::Error>().error.event_id.get() == "mine_1");
  talk.send(R"({"type":"response.cancel"})");
  CHECK(talk.last<server::Error>().error.event_id.is_null());
}

TEST_CASE("too little audio to commit says how much there is") {
  Talk talk;
  talk.update(R"("audio":{"input":{"turn_detection":null}})");
  talk.silence(80);
  talk.send(R"({"type":"input_audio_buffer.commit"})");
  CHECK(talk.last<server::Error>().error.message.find("buffer only has 80.00ms of audio") != std::string::npos);
  talk.silence(20);
  talk.send(R"({"type":"input_audio_buffer.commit"})");
  CHECK(talk.all<server::AudioCommitted>().size() == 1);
  talk.silence(200);
  talk.send(R"({"type":"input_audio_buffer.clear"})");
  talk.send(R"({"type":"input_audio_buffer.commit"})");
  CHECK(talk.error_code() == "input_audio_buffer_commit_empty");
}

TEST_CASE("a second response is refused while one is active") {
  Talk talk;
  talk.respond();
  talk.send(R"({"type":"response.create","event_id":"second"})");
  CHECK(talk.error_code() == "conversation_already_has_active_response");
  CHECK(*talk.last<server::Error>().error.event_id.get() == "second");
  CHECK(talk.last<server::Error>().error.message.find(talk.last<server::ResponseCreated>().response.id) != std::string::npos);
  talk.settle();
  CHECK(talk.all<server::ResponseDone>().size() == 1);
}

TEST_CASE("the voice is locked once it was heard; the same one may be repeated") {
  Talk talk;
  talk.update(R"("audio":{"output":{"voice":"cedar"}})");
  talk.respond();
  talk.settle();
  talk.update(R"("instructions":"changed","audio":{"output":{"voice":"marin"}})");
  CHECK(talk.error_code() == "cannot_update_voice");
  talk.update(R"("audio":{"output":{"voice":"cedar"}})");
  const auto session = std::get<wire::openai::RealtimeSession>(talk.last<server::SessionUpdated>().session);
  CHECK(session.instructions != "changed");
  CHECK(std::get<std::string>(*session.audio->output->voice) == "cedar");
}

TEST_CASE("only the agent's audio can be truncated") {
  Talk talk;
  talk.type("hello");
  const std::string id(id_of(talk.last<server::ItemDone>().item));
  talk.send(R"({"type":"conversation.item.truncate","item_id":")" + id + R"(","content_index":0,"audio_end_ms":10})");
  CHECK(talk.error_code() == "invalid_value");
}

TEST_CASE("who asks for too much is told so in the failed response") {
  Talk talk({.tokens_a_minute = 30});
  talk.update(R"("instructions":"A prompt that is long enough to cost more than all the tokens that there are in this very poor minute of time, all of it at once and more than that.")");
  talk.respond();
  talk.settle();
  CHECK(talk.last<server::ResponseDone>().response.status == wire::openai::ResponseStatus::Completed);
  talk.respond();
  talk.settle();
  const auto done = talk.last<server::ResponseDone>().response;
  CHECK(done.status == wire::openai::ResponseStatus::Failed);
  CHECK(*done.status_details.get()->error.get()->code.get() == "rate_limit_exceeded");
}

TEST_CASE("an overlong context fails if it must not be cut") {
  Talk talk;
  talk.update(R"("truncation":"disabled","instructions":")" + std::string(120'000, 'x') + "\"");
  talk.respond();
  talk.settle();
  CHECK(talk.last<server::ResponseDone>().response.status == wire::openai::ResponseStatus::Failed);
}
