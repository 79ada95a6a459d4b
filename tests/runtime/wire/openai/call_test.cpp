// A whole call over one link, both sides written by this code: a greeting, a spoken turn, a tool, a line out of band,
// an interruption. The log is kept in the build tree, where the vendors' schemas can be held against it.

#include <filesystem>
#include <fstream>

#include "runtime/wire/log.h"
#include "runtime/wire/openai/audio.h"
#include "tests/runtime/wire/openai/link_test.h"
#include "tests/support/places.h"

namespace flow::wire::openai {
namespace {

using core::AskId;
using core::ItemId;
using core::ItemKind;
using core::ResponseId;
using Events = std::vector<core::Event>;

// The service's side of a link, and the log of both.
class Service {
 public:
  template <class What>
  auto says(What what) -> Events {
    return frame(encode(server::Event{id(), std::move(what)}));
  }
  auto speaks(const server::PartPlace& at, std::size_t samples) -> Events {
    const auto name = id();
    std::string text;
    encode_audio_delta({name, at.item.response_id, at.item.item_id, at.item.output_index, at.content_index, {}},
                       std::vector<std::int16_t>(samples, 7), text);
    return frame(text);
  }
  // What the session orders, as the service reads it.
  auto hears(const core::Effect& effect) -> client::What {
    const auto frames = talk.send(effect);
    REQUIRE(frames.size() == 1);
    log_line(now_, Direction::Out, frames[0], log);
    return decode_client(frames[0]).value().what;
  }
  void hears_audio(std::size_t samples) {
    std::string text;
    talk.dialect->append(std::vector<std::int16_t>(samples, 9), text);
    log_line(now_, Direction::Out, text, log);
    REQUIRE(decode_client(text));
  }

  Talk talk{{}, 1'763'676'000};
  std::string log;

 private:
  auto id() -> std::string { return "event_" + std::to_string(++events_); }
  auto frame(const std::string& text) -> Events {
    now_ += core::Millis{20};
    log_line(now_, Direction::In, text, log);
    return talk.receive(text);
  }

  int events_ = 0;
  core::Millis now_{0};
};

auto full_session() -> RealtimeSession {
  RealtimeSession s;
  s.identity = {"realtime.session", "sess_1", 1'763'676'000 + 3'600};
  s.model = "gpt-realtime";
  s.instructions = "";
  s.output_modalities = {Modality::Audio};
  s.audio =
      SessionAudio{.input = AudioInput{.format = Pcm{24'000},
                                       .noise_reduction = Null{},
                                       .transcription = Null{},
                                       .turn_detection = TurnDetection{ServerVad{0.5, 300, 200, Null{}, true, true}}},
                   .output = AudioOutput{.format = Pcm{24'000}, .voice = "marin", .speed = 1.0}};
  s.tools.emplace();
  s.tool_choice = ToolUse::Auto;
  s.max_output_tokens = Unlimited::Inf;
  s.truncation = TruncationMode::Auto;
  s.prompt = Null{};
  s.tracing = Null{};
  s.include = Null{};
  return s;
}

auto response(std::string id, ResponseStatus status, std::vector<Item> output, Sparse<TextMap> tag,
              bool outside = false) -> Response {
  Response r;
  r.object = "realtime.response";
  r.id = std::move(id);
  r.status = status;
  r.status_details = Null{};
  if (status == ResponseStatus::Cancelled) r.status_details = StatusDetails{status, "client_cancelled", {}};
  r.output = std::move(output);
  r.conversation_id = outside ? Sparse<std::string>(Null{}) : Sparse<std::string>("conv_1");
  r.output_modalities = {Modality::Audio};
  r.max_output_tokens = Unlimited::Inf;
  r.audio = ResponseAudio{ResponseVoice{Pcm{24'000}, "marin"}};
  r.usage = Null{};
  if (status != ResponseStatus::InProgress) {
    r.usage = ResponseUsage{60, 40, 20, InputTokens{20, 20, 0, 0, CachedTokens{0, 0, 0}}, OutputTokens{5, 15}};
  }
  r.metadata = std::move(tag);
  return r;
}
auto message(std::string id, ItemStatus status, std::optional<std::string> transcript) -> Message {
  Message m{{std::move(id), "realtime.item", status}, Role::Assistant, {}};
  if (transcript) m.content.push_back(OutputAudio{.audio = {}, .transcript = *transcript});
  return m;
}

// A spoken item from its first event to its last.
void open_speech(Service& service, const server::PartPlace& at, bool outside) {
  const auto item = message(at.item.item_id, ItemStatus::InProgress, {});
  service.says(server::OutputItemAdded{at.item.response_id, 0, item});
  if (!outside) service.says(server::ItemAdded{Null{}, item});
  service.says(server::PartAdded{at, {.type = server::PartKind::Audio, .text = {}, .transcript = "", .audio = {}}});
}
auto close_speech(Service& service, const server::PartPlace& at, const std::string& words, ItemStatus status,
                  bool outside) -> Events {
  service.says(server::AudioDone{at});
  service.says(server::SpokenTextDone{at, words});
  service.says(server::PartDone{at, {.type = server::PartKind::Audio, .text = {}, .transcript = words, .audio = {}}});
  const auto item = message(at.item.item_id, status, words);
  if (!outside) service.says(server::ItemDone{Null{}, item});
  return service.says(server::OutputItemDone{at.item.response_id, 0, item});
}

auto tag_of(const client::What& what) -> Sparse<TextMap> {
  return std::get<client::CreateResponse>(what).response->metadata;
}

void opens(Service& service) {
  CHECK(service.says(server::SessionCreated{full_session()}) ==
        Events{core::LinkOpened{E1, core::Capabilities{}, std::chrono::hours{1}}});
  const core::Configure order{
      .epoch = E1,
      .config = {1},
      .agent = Desk,
      .instructions = "Be kind.",
      .functions = {{"find", "Finds it", R"({"type":"object","properties":{"code":{"type":"string"}}})"}},
      .turn_detection = {},
      .first = true};
  auto session = full_session();
  merge(std::get<RealtimeSession>(std::get<client::SessionUpdate>(service.hears(order)).session), session);
  CHECK(session.instructions == "Be kind.");
  CHECK(service.says(server::SessionUpdated{session}) == Events{core::Configured{E1, {1}}});
}

void caller_asks(Service& service) {
  for (int i = 0; i < 5; ++i) service.hears_audio(480);
  service.says(server::SpeechStarted{20, "item_u"});
  service.says(server::SpeechStopped{90, "item_u"});
  CHECK(service.says(server::AudioCommitted{Null{}, "item_u"}) == Events{core::TurnCommitted{E1, ItemId{1}}});
  const Message turn{
      {"item_u", "realtime.item", ItemStatus::Completed}, Role::User, {InputAudio{.audio = {}, .transcript = Null{}}}};
  service.says(server::ItemAdded{Null{}, turn});
  service.says(server::ItemDone{Null{}, turn});
}

void model_calls(Service& service) {
  const auto tag = tag_of(service.hears(core::CreateResponse{.epoch = E1, .ask = AskId{1}}));
  CHECK(service.says(server::ResponseCreated{response("resp_1", ResponseStatus::InProgress, {}, tag)}) ==
        Events{core::ResponseStarted{E1, ResponseId{1}, AskId{1}}});
  const auto call = [](ItemStatus status, std::string arguments) {
    return FunctionCall{{"item_f", "realtime.item", status}, "find", "call_1", std::move(arguments)};
  };
  const server::ItemPlace at{"resp_1", "item_f", 0};
  service.says(server::OutputItemAdded{"resp_1", 0, call(ItemStatus::InProgress, "")});
  service.says(server::ItemAdded{std::string("item_u"), call(ItemStatus::InProgress, "")});
  service.says(server::ArgumentsDelta{at, "call_1", "{\"code\":"});
  service.says(server::ArgumentsDelta{at, "call_1", "\"F-9\"}"});
  service.says(server::ArgumentsDone{at, "call_1", "find", "{\"code\":\"F-9\"}"});
  const auto whole = call(ItemStatus::Completed, "{\"code\":\"F-9\"}");
  service.says(server::ItemDone{std::string("item_u"), whole});
  const auto events = service.says(server::OutputItemDone{"resp_1", 0, whole});
  CHECK(events.back() == core::Event{core::FunctionCalled{
                             E1, ResponseId{1}, ItemId{2}, {1}, "find", Value{Value::Record{{"code", "F-9"}}}}});
  service.says(server::TranscriptDelta{"item_u", 0, "Where is F-9?", {}});
  CHECK(service.says(server::TranscriptCompleted{
            "item_u", 0, "Where is F-9?", server::TranscriptTokens{22, 13, OutputTokens{0, 13}, 9}, {}, {}}) ==
        Events{core::CallerTranscribed{E1, ItemId{1}, "Where is F-9?", false}});
  CHECK(service.says(server::ResponseDone{response("resp_1", ResponseStatus::Completed, {whole}, tag)}).size() == 1);
  service.says(server::RateLimitsUpdated{{{"tokens", 40'000, 39'940, 0.09}}});
}

void line_is_read(Service& service) {
  const auto what = service.hears(core::CreateResponse{
      .epoch = E1, .ask = AskId{2}, .instructions = "Read: One moment.", .out_of_band = true, .functions = false});
  const server::PartPlace at{{"resp_2", "item_o", 0}, 0};
  service.says(server::ResponseCreated{response("resp_2", ResponseStatus::InProgress, {}, tag_of(what), true)});
  open_speech(service, at, true);
  service.says(server::SpokenTextDelta{at, "One moment."});
  CHECK(service.speaks(at, 960) == Events{core::AudioArrived{E1, ResponseId{2}, ItemId{3}, core::Samples{960}}});
  CHECK(close_speech(service, at, "One moment.", ItemStatus::Completed, true).empty());
  const auto item = message("item_o", ItemStatus::Completed, "One moment.");
  CHECK(service.says(server::ResponseDone{response("resp_2", ResponseStatus::Completed, {item}, tag_of(what), true)})
            .size() == 1);
}

// Items made by the client come back from the service.
void item_is_made(Service& service, const core::Effect& effect, ItemKind kind) {
  const auto item = std::get<client::CreateItem>(service.hears(effect)).item;
  const auto events = service.says(server::ItemAdded{Null{}, item});
  REQUIRE(events.size() == 1);
  CHECK(std::get<core::ItemAdded>(events[0]).kind == kind);
  service.says(server::ItemDone{Null{}, item});
}

void result_is_told_and_cut(Service& service) {
  item_is_made(service, core::CreateMessage{E1, ItemId{core::FirstOwnItem}, core::Role::Agent, "One moment."},
               ItemKind::AgentSpeech);
  item_is_made(service, core::AnswerCall{E1, ItemId{core::FirstOwnItem + 1}, {1}, "{\"shelf\":4}"},
               ItemKind::FunctionOutput);
  const auto tag = tag_of(service.hears(core::CreateResponse{.epoch = E1, .ask = AskId{3}}));
  const server::PartPlace at{{"resp_3", "item_a", 0}, 0};
  service.says(server::ResponseCreated{response("resp_3", ResponseStatus::InProgress, {}, tag)});
  open_speech(service, at, false);
  service.says(server::SpokenTextDelta{at, "On shelf "});
  CHECK(service.speaks(at, 9'600) == Events{core::AudioArrived{E1, ResponseId{3}, ItemId{4}, core::Samples{9'600}}});
  service.says(server::SpeechStarted{2'000, "item_v"});
  CHECK(std::get<client::CancelResponse>(service.hears(core::CancelResponse{E1, ResponseId{3}})).response_id ==
        "resp_3");
  CHECK(close_speech(service, at, "On shelf ", ItemStatus::Incomplete, false) ==
        Events{core::ItemEnded{E1, ResponseId{3}, ItemId{4}, ItemKind::AgentSpeech, false}});
  const auto item = message("item_a", ItemStatus::Incomplete, "On shelf ");
  CHECK(
      service.says(server::ResponseDone{response("resp_3", ResponseStatus::Cancelled, {item}, tag)}) ==
      Events{core::ResponseEnded{E1, ResponseId{3}, core::ResponseStatus::Cancelled, false, "", {40, 20, 0, 20, 15}}});
  CHECK(std::get<client::TruncateItem>(service.hears(core::TruncateItem{E1, ItemId{4}, core::Millis{300}})) ==
        client::TruncateItem{"item_a", 0, 300});
  CHECK(service.says(server::ItemTruncated{"item_a", 0, 300}).empty());
  service.hears(core::CancelResponse{E1, ResponseId{3}});
  CHECK(service.says(server::Error{{"invalid_request_error", std::string("response_cancel_not_active"),
                                    "Cancellation failed", Null{}, std::string("cancel:3")}}) ==
        Events{core::ServiceFailed{E1, core::ErrorCode::NothingToCancel, core::Command::Cancel, 3,
                                   "response_cancel_not_active", "Cancellation failed"}});
  service.says(server::SpeechStopped{2'600, "item_v"});
}

TEST_CASE("a whole call goes over the link, and its log can be held against the schemas") {
  Service service;
  opens(service);
  caller_asks(service);
  model_calls(service);
  line_is_read(service);
  result_is_told_and_cut(service);
  service.hears(core::CommitAudio{E1});
  service.hears(core::ClearAudio{E1});
  service.hears(core::DeleteItem{E1, ItemId{core::FirstOwnItem}});
  service.hears(core::RecallFunction{E1, ItemId{core::FirstOwnItem + 2}, {9}, "find", "{}"});
  service.hears(core::CreateMessage{E1, ItemId{core::FirstOwnItem + 3}, core::Role::System, "The caller is back."});
  service.hears(core::CreateMessage{E1, ItemId{core::FirstOwnItem + 4}, core::Role::Caller, "Hello?"});
  auto semantic = core::Configure{.epoch = E1,
                                  .config = {2},
                                  .agent = Billing,
                                  .instructions = "",
                                  .functions = {},
                                  .turn_detection = {},
                                  .server_turns = true};
  semantic.turn_detection.kind = ir::TurnDetection::Kind::SemanticVad;
  service.hears(semantic);
  semantic.turn_detection.kind = ir::TurnDetection::Kind::Manual;
  service.hears(semantic);
  CHECK(service.talk.dialect->counters() == Counters{});

  const auto folder = std::filesystem::path(test::binary_dir()) / "wire-logs";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "openai.jsonl") << service.log;
}

}  // namespace
}  // namespace flow::wire::openai
