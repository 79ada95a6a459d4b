#include "runtime/simulate/service.h"

#include "tests/runtime/simulate/talk.h"

using namespace flow;
using namespace flow::simulate;
using namespace flow::simulate::test;
using namespace flow::wire::openai;

namespace {

const std::string OrderTool = R"("tools":[{"type":"function","name":"lookup_order","description":"Looks up the status of an order by its number.",
  "parameters":{"type":"object","properties":{"order_id":{"type":"string","description":"the order number"}},"required":["order_id"]}}])";
const std::string NoVad = R"("audio":{"input":{"turn_detection":null}})";

auto transcript(const Response& response) -> std::string {
  std::string text;
  for (const auto& item : *response.output) {
    const auto* message = std::get_if<Message>(&item);
    if (message == nullptr) continue;
    for (const auto& part : message->content) {
      if (const auto* audio = std::get_if<OutputAudio>(&part)) text += *audio->transcript.get();
      if (const auto* written = std::get_if<OutputText>(&part)) text += written->text;
    }
  }
  return text;
}
auto audio_bytes(const Talk& talk) -> std::size_t {
  std::size_t sum = 0;
  for (const auto& delta : talk.all<server::AudioDelta>()) {
    std::vector<std::uint8_t> bytes;
    REQUIRE(wire::base64_decode(delta.delta, bytes));
    sum += bytes.size();
  }
  return sum;
}

}  // namespace

TEST_CASE("a session begins with its defaults, and an update changes only what it names") {
  Talk talk;
  const auto created = std::get<RealtimeSession>(talk.last<server::SessionCreated>().session);
  CHECK(created.model == "gpt-realtime");
  CHECK(created.identity.object == "realtime.session");
  talk.update(R"("instructions":"Be brief.","audio":{"output":{"voice":"cedar"}})");
  const auto session = std::get<RealtimeSession>(talk.last<server::SessionUpdated>().session);
  CHECK(session.instructions == "Be brief.");
  CHECK(std::get<std::string>(*session.audio->output->voice) == "cedar");
  CHECK(session.audio->input == created.audio->input);
  CHECK(std::get<ServerVad>(*session.audio->input->turn_detection.get()).silence_duration_ms == 500);
}

TEST_CASE("a typed turn is answered with speech, in the order that the protocol gives") {
  Talk talk;
  talk.update(NoVad);
  talk.type("Hello, please greet me in one short sentence.");
  const auto from = talk.events.size();
  talk.respond();
  talk.settle();
  CHECK(talk.names(from) ==
        "response.created\nresponse.output_item.added\nconversation.item.added\nresponse.content_part.added\n"
        "response.output_audio_transcript.delta\nresponse.output_audio.delta\n" +
            talk.names(from).substr(talk.names(from).find("response.output_audio.delta\n") + 28));
  CHECK(talk.names(from).ends_with(
      "response.output_audio.delta\nresponse.output_audio.done\nresponse.output_audio_transcript.done\nresponse.content_part.done\n"
      "conversation.item.done\nresponse.output_item.done\nresponse.done\nrate_limits.updated\n"));
  const auto done = talk.last<server::ResponseDone>().response;
  CHECK(done.status == ResponseStatus::Completed);
  CHECK(transcript(done).size() > 10);
  const auto samples = audio_bytes(talk) / 2;
  CHECK(done.usage.get()->output_token_details->audio_tokens == static_cast<std::int64_t>(samples / 1200));
  CHECK(done.usage.get()->total_tokens == *done.usage.get()->input_tokens + *done.usage.get()->output_tokens);
}

TEST_CASE("audio comes some times faster than it plays, after a short latency") {
  Talk talk;
  talk.update(NoVad);
  talk.respond(R"("instructions":"Say exactly: \"This sentence is long enough to take a few seconds, so that its pace can be measured well.\"")");
  const auto asked = talk.now;
  Millis first{0};
  while (talk.all<server::ResponseDone>().empty()) {
    talk.wait(Millis{1});
    if (first == Millis{0} && !talk.all<server::AudioDelta>().empty()) first = talk.now;
  }
  const auto latency = (first - asked).count(), took = (talk.now - first).count();
  const auto plays = static_cast<std::int64_t>(audio_bytes(talk)) / 48;
  CHECK(latency >= 200);
  CHECK(latency <= 401);
  CHECK(plays > took * 3);
  CHECK(plays < took * 8);
  CHECK(transcript(talk.last<server::ResponseDone>().response) == "This sentence is long enough to take a few seconds, so that its pace can be measured well.");
}

TEST_CASE("a tool is called with streamed arguments, and its output is told") {
  Talk talk;
  talk.update(NoVad + "," + OrderTool);
  talk.type("What is the status of order 42? Use the lookup_order tool.");
  talk.respond();
  talk.settle();
  const auto call = std::get<FunctionCall>(talk.last<server::OutputItemDone>().item);
  CHECK(call.name == "lookup_order");
  CHECK(call.arguments == R"({"order_id":"42"})");
  CHECK(call.head.status == ItemStatus::Completed);
  CHECK(talk.all<server::ArgumentsDelta>().size() > 1);
  talk.send(R"({"type":"conversation.item.create","item":{"type":"function_call_output","call_id":")" + *call.call_id + R"(","output":"{\"order_id\":\"42\",\"status\":\"shipped\"}"}})");
  talk.respond();
  talk.settle();
  CHECK(transcript(talk.last<server::ResponseDone>().response) == "For order 42, it is shipped.");
}

TEST_CASE("a spoken turn is heard, committed and answered by itself") {
  Talk talk;
  talk.update(R"("audio":{"input":{"transcription":{"model":"gpt-4o-mini-transcribe"},"turn_detection":{"type":"server_vad","silence_duration_ms":500}}},)" + OrderTool);
  const auto from = talk.events.size();
  talk.silence(300);
  talk.say("Where is order 17?");
  talk.silence(1000);
  talk.settle();
  CHECK(talk.names(from).starts_with("input_audio_buffer.speech_started\ninput_audio_buffer.speech_stopped\ninput_audio_buffer.committed\n"
                                     "conversation.item.added\nconversation.item.done\nresponse.created\n"));
  const auto item = talk.last<server::AudioCommitted>().item_id;
  CHECK(talk.last<server::SpeechStarted>().item_id == item);
  CHECK(talk.last<server::SpeechStopped>().item_id == item);
  CHECK(talk.last<server::TranscriptCompleted>().item_id == item);
  CHECK(talk.last<server::TranscriptCompleted>().transcript == "Where is order 17?");
  std::string deltas;
  for (const auto& delta : talk.all<server::TranscriptDelta>()) deltas += *delta.delta;
  CHECK(deltas == "Where is order 17?");
  CHECK(std::get<FunctionCall>(talk.last<server::OutputItemDone>().item).arguments == R"({"order_id":"17"})");
}

TEST_CASE("a caller who speaks cuts the answer, and everything open is closed") {
  Talk talk;
  talk.silence(300);
  talk.respond(R"("instructions":"Say exactly: \"I have a great deal to say about this, and it will take me quite some time to say all of it to you.\"")");
  talk.wait(Millis{700});
  REQUIRE_FALSE(talk.all<server::AudioDelta>().empty());
  REQUIRE(talk.all<server::ResponseDone>().empty());
  talk.say("Stop.");
  const auto done = talk.last<server::ResponseDone>().response;
  CHECK(done.status == ResponseStatus::Cancelled);
  CHECK(done.status_details.get()->reason == "turn_detected");
  CHECK(std::get<Message>(done.output->front()).head.status == ItemStatus::Incomplete);
  talk.silence(1000);
  talk.settle();
}

TEST_CASE("with interrupt_response false a caller who speaks cuts nothing, and a response that cannot start is refused") {
  Talk talk;
  talk.update(R"("audio":{"input":{"turn_detection":{"type":"server_vad","interrupt_response":false,"silence_duration_ms":200}}})");
  talk.silence(300);
  std::string words;
  for (int i = 0; i < 30; ++i) words += "I go on and on about this. ";
  talk.respond(R"("instructions":"Say exactly: \")" + words + "\\\"\"");
  talk.wait(Millis{600});
  talk.say("Stop.");
  talk.silence(600);
  CHECK(talk.error_code() == "conversation_already_has_active_response");
  CHECK(talk.last<server::Error>().error.event_id.is_null());
  talk.settle();
  CHECK(talk.last<server::ResponseDone>().response.status == ResponseStatus::Completed);
}

TEST_CASE("with create_response false a turn is committed and nothing more") {
  Talk talk;
  talk.update(R"("audio":{"input":{"turn_detection":{"type":"semantic_vad","create_response":false}}})");
  talk.silence(300);
  talk.say("Hello there.");
  talk.silence(1500);
  CHECK(talk.all<server::AudioCommitted>().size() == 1);
  CHECK(talk.all<server::ResponseCreated>().empty());
}

TEST_CASE("without turn detection the client commits and creates") {
  Talk talk;
  talk.update(NoVad);
  talk.silence(400);
  talk.send(R"({"type":"input_audio_buffer.commit"})");
  CHECK(talk.all<server::AudioCommitted>().size() == 1);
  CHECK(talk.all<server::SpeechStarted>().empty());
  CHECK(talk.all<server::ResponseCreated>().empty());
  talk.respond();
  talk.settle();
  CHECK(transcript(talk.last<server::ResponseDone>().response).size() > 5);
}

TEST_CASE("an out-of-band response leaves the conversation alone and runs beside another") {
  Talk talk;
  talk.update(NoVad);
  talk.type("Hello.");
  talk.respond();
  const auto items = talk.all<server::ItemAdded>().size();
  talk.respond(R"("conversation":"none","input":[],"metadata":{"topic":"line"},"output_modalities":["text"],"instructions":"Say exactly these words: \"One moment.\"")");
  CHECK(talk.all<server::ResponseCreated>().size() == 2);
  CHECK(talk.last<server::ResponseCreated>().response.conversation_id.is_null());
  CHECK(talk.last<server::ResponseCreated>().response.metadata.get()->front() == std::pair<std::string, std::string>("topic", "line"));
  talk.settle();
  bool found = false;
  for (const auto& done : talk.all<server::ResponseDone>()) {
    if (!done.response.conversation_id.is_null()) continue;
    found = true;
    CHECK(transcript(done.response) == "One moment.");
  }
  CHECK(found);
  CHECK(talk.all<server::ItemAdded>().size() == items + 1);  // the other response's
}

TEST_CASE("a cancelled response ends as cancelled, before or after its first word") {
  Talk talk;
  talk.update(NoVad);
  talk.respond();
  talk.send(R"({"type":"response.cancel"})");
  CHECK(talk.last<server::ResponseDone>().response.status_details.get()->reason == "client_cancelled");
  CHECK(talk.last<server::ResponseDone>().response.output->empty());
  talk.respond();
  talk.wait(Millis{500});
  talk.send(R"({"type":"response.cancel","response_id":")" + talk.last<server::ResponseCreated>().response.id + "\"}");
  CHECK(talk.last<server::ResponseDone>().response.output->size() == 1);
  talk.settle();
}

TEST_CASE("max_output_tokens leaves a response incomplete") {
  Talk talk;
  talk.update(NoVad);
  talk.respond(R"("max_output_tokens":5,"instructions":"Say exactly: \"One two three four five six seven eight nine ten eleven.\"")");
  talk.settle();
  const auto done = talk.last<server::ResponseDone>().response;
  CHECK(done.status == ResponseStatus::Incomplete);
  CHECK(done.status_details.get()->reason == "max_output_tokens");
}

TEST_CASE("a truncated item loses its later audio and its transcript, and the model knows what was heard") {
  Talk talk;
  talk.update(NoVad);
  talk.respond(R"("instructions":"Say exactly: \"We open at nine and we close at five on all weekdays.\"")");
  talk.settle();
  const std::string id(id_of(talk.last<server::OutputItemDone>().item));
  talk.send(R"({"type":"conversation.item.truncate","item_id":")" + id + R"(","content_index":0,"audio_end_ms":700})");
  CHECK(talk.last<server::ItemTruncated>().audio_end_ms == 700);
  talk.send(R"({"type":"conversation.item.retrieve","item_id":")" + id + "\"}");
  const auto message = std::get<Message>(talk.last<server::ItemRetrieved>().item);
  const auto part = std::get<OutputAudio>(message.content.front());
  CHECK(part.transcript.get()->empty());
  CHECK(part.audio->size() == wire::base64_size(700 * 48));
  talk.send(R"({"type":"conversation.item.truncate","item_id":")" + id + R"(","content_index":0,"audio_end_ms":701})");
  CHECK(talk.error_code() == "invalid_value");
  CHECK(talk.last<server::Error>().error.message == "Audio content of 700ms is already shorter than 701ms");
  talk.respond(R"("instructions":"Go on from there.")");
  talk.settle();
  const auto rest = transcript(talk.last<server::ResponseDone>().response);
  CHECK(rest.ends_with("five on all weekdays."));
  CHECK(rest.find("We open") == std::string::npos);
}

TEST_CASE("items are created where they are asked for, and deleted") {
  Talk talk;
  const auto create = [&](const std::string& id, const std::string& after) {
    talk.send(R"({"type":"conversation.item.create",)" + (after.empty() ? "" : R"("previous_item_id":")" + after + "\",") +
              R"("item":{"id":")" + id + R"(","type":"message","role":"system","content":[{"type":"input_text","text":"x"}]}})");
  };
  create("a", "");
  CHECK(talk.last<server::ItemAdded>().previous_item_id.is_null());
  create("c", "");
  create("b", "a");
  CHECK(*talk.last<server::ItemDone>().previous_item_id.get() == "a");
  create("first", "root");
  CHECK(talk.last<server::ItemDone>().previous_item_id.is_null());
  create("z", "nowhere");
  CHECK(talk.error_code() == "invalid_value");
  CHECK(*talk.last<server::Error>().error.param.get() == "previous_item_id");
  create("a", "");
  CHECK(*talk.last<server::Error>().error.param.get() == "item.id");
  talk.send(R"({"type":"conversation.item.delete","item_id":"b"})");
  CHECK(talk.last<server::ItemDeleted>().item_id == "b");
  talk.send(R"({"type":"conversation.item.retrieve","item_id":"b"})");
  CHECK(talk.error_code() == "item_retrieve_invalid_item_id");
}

TEST_CASE("a caller who says nothing for long is asked whether they are there") {
  Talk talk;
  talk.update(R"("audio":{"input":{"turn_detection":{"type":"server_vad","idle_timeout_ms":5000}}})");
  talk.type("Hello.");
  talk.respond();
  while (talk.all<server::ResponseDone>().empty()) talk.wait(Millis{20});
  const auto plays_until = static_cast<std::int64_t>(audio_bytes(talk)) / 48;
  CHECK(talk.all<server::TimeoutTriggered>().empty());
  talk.wait(Millis{4'900});
  CHECK(talk.all<server::TimeoutTriggered>().empty());
  talk.wait(Millis{plays_until + 500});
  CHECK(talk.all<server::TimeoutTriggered>().size() == 1);
  CHECK(talk.last<server::AudioCommitted>().item_id == talk.last<server::TimeoutTriggered>().item_id);
  talk.settle();
  CHECK(transcript(talk.last<server::ResponseDone>().response) == "Are you still there?");
}

TEST_CASE("the session ends when its time is over") {
  Talk talk({.lifetime = Millis{2'000}});
  talk.wait(Millis{1'999});
  CHECK_FALSE(talk.service().goodbye());
  talk.wait(Millis{1});
  REQUIRE(talk.service().goodbye());
  CHECK(talk.service().goodbye()->code == 1001);
  CHECK(talk.error_code() == "session_expired");
  CHECK_FALSE(talk.service().next_wakeup());
}

TEST_CASE("speech comes in the format that was asked for") {
  for (const auto* format : {"audio/pcmu", "audio/pcma"}) {
    Talk talk;
    talk.update(R"("audio":{"input":{"turn_detection":null},"output":{"format":{"type":")" + std::string(format) + "\"}}}");
    talk.respond(R"("instructions":"Say exactly: \"Hello there.\"")");
    talk.settle();
    const auto tokens = *talk.last<server::ResponseDone>().response.usage.get()->output_token_details->audio_tokens;
    const auto ms = static_cast<std::int64_t>(audio_bytes(talk)) / 8;
    CHECK(ms >= tokens * 50 - 10);
    CHECK(ms < tokens * 50 + 60);
  }
}

TEST_CASE("a transcription session transcribes and says nothing") {
  Talk talk({}, {}, true);
  CHECK(std::holds_alternative<TranscriptionSession>(talk.last<server::SessionCreated>().session));
  talk.send(R"({"type":"session.update","session":{"type":"transcription","audio":{"input":{"transcription":{"model":"whisper-1"}}}}})");
  talk.silence(300);
  talk.say("Hello there.");
  talk.silence(1000);
  talk.settle();
  CHECK(talk.last<server::TranscriptCompleted>().transcript == "Hello there.");
  CHECK(std::holds_alternative<server::TranscriptDuration>(*talk.last<server::TranscriptCompleted>().usage));
  CHECK(talk.all<server::ResponseCreated>().empty());
  talk.respond();
  CHECK(talk.error_code() == "invalid_event");
}

TEST_CASE("an MCP tool's server cannot be reached, and the client is told") {
  Talk talk;
  talk.update(R"("tools":[{"type":"mcp","server_label":"shop","server_url":"https://example.com/mcp"}])");
  CHECK(talk.all<server::McpListFailed>().size() == 1);
}

TEST_CASE("the same seed gives the same events, another seed others") {
  const auto run = [](std::uint64_t seed) {
    Talk talk({.seed = seed});
    talk.update(R"("audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"}}},)" + OrderTool);
    talk.silence(200);
    talk.say("Hello, how are you?");
    talk.silence(900);
    talk.settle();
    talk.type("Where is order 5?");
    talk.respond();
    talk.settle();
    std::string bytes;
    for (const auto& event : talk.events) bytes += encode(event) + "\n";
    return bytes;
  };
  const auto first = run(5);
  CHECK((first == run(5)));
  CHECK((first != run(6)));
}
