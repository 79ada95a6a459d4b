#include "runtime/wire/openai/codec.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "runtime/json/json.h"
#include "tests/runtime/wire/openai/samples.h"

namespace flow::wire::openai {
namespace {

// The same JSON, whatever the order of its members.
auto sorted(Value value) -> Value {
  if (auto* list = std::get_if<Value::List>(&value.data)) {
    for (auto& each : *list) each = sorted(std::move(each));
  } else if (auto* record = std::get_if<Value::Record>(&value.data)) {
    for (auto& [name, each] : *record) each = sorted(std::move(each));
    std::sort(record->begin(), record->end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  return value;
}
auto tree(std::string_view text) -> Value { return sorted(json::parse(text).value()); }

template <class... T>
auto types_of(const std::variant<T...>*) -> std::set<std::string_view> {
  std::set<std::string_view> types;
  const auto add = [&]<class E>(std::type_identity<E>) {
    if constexpr (requires { E::Type; }) types.insert(E::Type);
  };
  (add(std::type_identity<T>{}), ...);
  return types;
}

auto samples_cover(const char* file, std::set<std::string_view> types) -> std::set<std::string> {
  std::set<std::string> missing(types.begin(), types.end());
  for (const auto& line : sample_lines(file)) missing.erase(*json::parse(line)->field("type")->text());
  return missing;
}

TEST_CASE("there is a sample of every event") {
  CHECK(samples_cover("client.jsonl", types_of(static_cast<client::What*>(nullptr))).empty());
  CHECK(samples_cover("server.jsonl", types_of(static_cast<server::What*>(nullptr))).empty());
  CHECK(std::variant_size_v<client::What> == 11);
  CHECK(std::variant_size_v<server::What> == 46 + 1);
}

TEST_CASE("every client event comes back exactly as it was written") {
  for (const auto& line : sample_lines("client.jsonl")) {
    CAPTURE(line);
    const auto event = decode_client(line);
    REQUIRE(event);
    const auto text = encode(*event);
    CHECK(tree(text) == tree(line));
    CHECK((decode_client(text) == *event));
  }
}

TEST_CASE("every server event comes back exactly as it was written") {
  for (const auto& line : sample_lines("server.jsonl")) {
    CAPTURE(line);
    const auto event = decode_server(line);
    REQUIRE(event);
    REQUIRE_FALSE(std::holds_alternative<Unknown>(event->what));
    const auto text = encode(*event);
    CHECK(tree(text) == tree(line));
    CHECK((decode_server(text).value() == *event));
  }
}

TEST_CASE("absent, null and empty are three things in an update") {
  const auto session = [](std::string_view text) {
    const auto event = decode_client(text).value();
    return std::get<RealtimeSession>(std::get<client::SessionUpdate>(event.what).session);
  };
  const auto absent = session(R"({"type":"session.update","session":{"type":"realtime","audio":{"input":{}}}})");
  CHECK(absent.audio->input->turn_detection.is_absent());
  CHECK(absent.prompt.is_absent());
  CHECK_FALSE(absent.instructions);
  const auto null = session(
      R"({"type":"session.update","session":{"type":"realtime","instructions":"","tools":[],"prompt":null,"audio":{"input":{"turn_detection":null}}}})");
  CHECK(null.audio->input->turn_detection.is_null());
  CHECK(null.prompt.is_null());
  CHECK(null.instructions == "");
  CHECK((null.tools && null.tools->empty()));
}

TEST_CASE("an update changes what it names and nothing else") {
  RealtimeSession now{
      .instructions = "Old.",
      .audio = SessionAudio{.input = AudioInput{.noise_reduction = NoiseReduction{.type = NoiseKind::NearField},
                                                .turn_detection = TurnDetection{ServerVad{.threshold = 0.5}}},
                            .output = AudioOutput{.voice = "marin", .speed = 1.0}},
      .tools = std::vector<Tool>{FunctionTool{.name = "a"}}};
  const auto before = now;
  merge(RealtimeSession{}, now);
  CHECK((now == before));

  merge(RealtimeSession{.instructions = "",
                        .audio = SessionAudio{.input = AudioInput{.turn_detection = Null{}},
                                              .output = AudioOutput{.speed = 1.2}}},
        now);
  auto expected = before;
  expected.instructions = "";
  expected.audio->input->turn_detection = Null{};
  expected.audio->output->speed = 1.2;
  CHECK((now == expected));

  TranscriptionSession other;
  merge(TranscriptionSession{.audio =
                                 TranscriptionAudio{.input = AudioInput{.transcription = Transcription{.model = "m"}}}},
        other);
  CHECK(other.audio->input->transcription.get()->model == "m");
}

TEST_CASE("a service's event of an unknown type is kept whole") {
  const auto event = decode_server(R"({"type":"response.video.delta","event_id":"e","frame":[1,{"a":null}]})").value();
  CHECK(event.event_id == "e");
  CHECK(std::get<Unknown>(event.what).type == "response.video.delta");
  CHECK(tree(encode(event)) == tree(R"({"type":"response.video.delta","event_id":"e","frame":[1,{"a":null}]})"));
}

TEST_CASE("what a newer service adds is skipped, and what it changes counts as absent") {
  const auto event = decode_server(
      R"({"type":"session.created","event_id":"e","shard":4,"session":{"type":"realtime","id":"s","mood":"good","expires_at":"soon","truncation":{"type":"smart"},"tools":[{"type":"function","name":"a"},{"type":"robot"}],"audio":{"input":{"turn_detection":{"type":"mind_reading"}},"output":{"voice":"marin","speed":"fast"}}}})");
  REQUIRE(event);
  const auto& session = std::get<RealtimeSession>(std::get<server::SessionCreated>(event->what).session);
  CHECK(session.identity.id == "s");
  CHECK_FALSE(session.identity.expires_at);
  CHECK_FALSE(session.truncation);
  CHECK(session.tools->size() == 1);
  CHECK(session.audio->input->turn_detection.is_absent());
  CHECK((session.audio->output->voice == Voice{"marin"}));
  CHECK_FALSE(session.audio->output->speed);
}

TEST_CASE("an item of a new kind does not take its event with it") {
  const auto event =
      decode_server(
          R"({"type":"conversation.item.done","event_id":"e","previous_item_id":null,"item":{"type":"dance","id":"it9","steps":3}})")
          .value();
  const auto& item = std::get<server::ItemDone>(event.what).item;
  CHECK(std::get<Unknown>(item).type == "dance");
  CHECK(id_of(item) == "it9");
}

TEST_CASE("a server event without what it needs is malformed") {
  for (
      const auto* frame :
      {"", "null", "[]", "\"x\"", "{", "{}", R"({"type":7})", R"({"type":null})", R"({"type":"response.created"})",
       R"({"type":"response.created","response":7})",
       R"({"type":"response.created","response":{"status":"in_progress"}})",
       R"({"type":"input_audio_buffer.committed","item_id":5})",
       R"({"type":"response.output_item.done","response_id":"r","output_index":"0","item":{"type":"message","role":"user","content":[]}})",
       R"({"type":"error","error":"bad"})", R"({"type":"conversation.item.added","item":{"id":"x"}})"}) {
    CAPTURE(frame);
    const auto event = decode_server(frame);
    REQUIRE_FALSE(event);
    CHECK(event.error().code == "malformed_event");
    CHECK_FALSE(event.error().text.empty());
  }
}

TEST_CASE("whole numbers may be written with a point") {
  const auto event =
      decode_server(
          R"({"type":"input_audio_buffer.speech_started","event_id":"e","audio_start_ms":320.0,"item_id":"i"})")
          .value();
  CHECK(std::get<server::SpeechStarted>(event.what).audio_start_ms == 320);
  CHECK_FALSE(decode_server(
      R"({"type":"input_audio_buffer.speech_started","event_id":"e","audio_start_ms":320.5,"item_id":"i"})"));
}

TEST_CASE("a text may hold anything that JSON can write") {
  client::Event event{
      "e", client::CreateItem{.item = Message{.role = Role::System,
                                              .content = {InputText{"\"\\\n\t\x01 \xf0\x9f\x98\x80 </script>"}}}}};
  CHECK((decode_client(encode(event)) == event));
}

}  // namespace
}  // namespace flow::wire::openai
