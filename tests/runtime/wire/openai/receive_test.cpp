#include <chrono>

#include "tests/runtime/wire/openai/link_test.h"

namespace flow::wire::openai {
namespace {

using core::AskId;
using core::ItemId;
using core::ItemKind;
using core::ResponseId;
using Events = std::vector<core::Event>;

constexpr ResponseId R1{1}, R2{2};
constexpr ItemId I1{1}, I2{2};

auto created(std::string id, Sparse<TextMap> metadata = Null{}) -> server::ResponseCreated {
  Response response;
  response.id = std::move(id);
  response.status = ResponseStatus::InProgress;
  response.metadata = std::move(metadata);
  return {std::move(response)};
}
auto done(std::string id, ResponseStatus status, std::vector<Item> output = {}) -> server::ResponseDone {
  Response response;
  response.id = std::move(id);
  response.status = status;
  response.output = std::move(output);
  return {std::move(response)};
}
auto speech(std::string id, ItemStatus status) -> Item {
  return Message{{std::move(id), {}, status}, Role::Assistant, {}};
}
auto call(std::string id, ItemStatus status, std::string arguments = "{\"a\":1}") -> Item {
  return FunctionCall{{std::move(id), {}, status}, "find", "call_1", std::move(arguments)};
}
auto audio(std::string response, std::string item, std::string base64) -> server::AudioDelta {
  return {{{std::move(response), std::move(item), 0}, 0}, std::move(base64)};
}

TEST_CASE("a greeting opens the link, once, and says how long it lives") {
  Talk talk({}, 1'000);
  RealtimeSession session;
  session.identity.expires_at = 1'000 + 3'600;
  CHECK(talk.receive(server::SessionCreated{session}) ==
        Events{core::LinkOpened{E1, core::Capabilities{}, std::chrono::hours{1}}});
  CHECK(talk.receive(server::SessionCreated{session}).empty());
}

TEST_CASE("a life in the past, or of more than a day, is not believed") {
  for (const std::int64_t until : {0, 999, 1'000, 1'000 + 86'401}) {
    Talk talk({}, 1'000);
    RealtimeSession session;
    session.identity.expires_at = until;
    CHECK(talk.receive(server::SessionCreated{session}) == Events{core::LinkOpened{E1, core::Capabilities{}, {}}});
  }
  Talk talk;
  CHECK(talk.receive(R"({"type":"session.created","session":{"type":"realtime"}})") ==
        Events{core::LinkOpened{E1, core::Capabilities{}, {}}});
}

TEST_CASE("updates answer configurations in their order") {
  Talk talk;
  CHECK(talk.receive(server::SessionUpdated{RealtimeSession{}}).empty());
  talk.send(core::Configure{
      .epoch = E1, .config = {4}, .agent = Desk, .instructions = {}, .functions = {}, .turn_detection = {}});
  talk.send(core::Configure{
      .epoch = E1, .config = {5}, .agent = Desk, .instructions = {}, .functions = {}, .turn_detection = {}});
  CHECK(talk.receive(server::SessionUpdated{RealtimeSession{}}) == Events{core::Configured{E1, {4}}});
  CHECK(talk.receive(server::SessionUpdated{RealtimeSession{}}) == Events{core::Configured{E1, {5}}});
  CHECK(talk.receive(server::SessionUpdated{RealtimeSession{}}).empty());
}

TEST_CASE("a refused configuration is not waited for") {
  Talk talk;
  talk.send(core::Configure{
      .epoch = E1, .config = {4}, .agent = Desk, .instructions = {}, .functions = {}, .turn_detection = {}});
  talk.send(core::Configure{
      .epoch = E1, .config = {5}, .agent = Desk, .instructions = {}, .functions = {}, .turn_detection = {}});
  const auto failed = talk.receive(server::Error{
      {"invalid_request_error", std::string("cannot_update_voice"), "No.", Null{}, std::string("configure:4")}});
  CHECK(failed == Events{core::ServiceFailed{E1, core::ErrorCode::VoiceLocked, core::Command::Configure, 4,
                                             "cannot_update_voice", "No."}});
  CHECK(talk.receive(server::SessionUpdated{RealtimeSession{}}) == Events{core::Configured{E1, {5}}});
}

TEST_CASE("an error without a code is named by its type") {
  Talk talk;
  CHECK(
      talk.receive(server::Error{{"server_error", Null{}, "Sorry.", Null{}, Null{}}}) ==
      Events{core::ServiceFailed{E1, core::ErrorCode::ServerError, core::Command::None, 0, "server_error", "Sorry."}});
}

TEST_CASE("a spoken turn is told from its first sound to its words") {
  Talk talk;
  CHECK(talk.receive(server::SpeechStarted{320, "item_u"}) == Events{core::SpeechStarted{E1, I1}});
  CHECK(talk.receive(server::SpeechStopped{1'900, "item_u"}) == Events{core::SpeechStopped{E1, I1}});
  CHECK(talk.receive(server::AudioCommitted{Null{}, "item_u"}) == Events{core::TurnCommitted{E1, I1}});
  const Item turn = Message{{"item_u", {}, ItemStatus::Completed}, Role::User, {InputAudio{}}};
  CHECK(talk.receive(server::ItemAdded{Null{}, turn}) == Events{core::ItemAdded{E1, {}, I1, ItemKind::CallerTurn}});
  CHECK(talk.receive(server::ItemDone{Null{}, turn}) ==
        Events{core::ItemEnded{E1, {}, I1, ItemKind::CallerTurn, true}});
  CHECK(talk.receive(server::TranscriptDelta{.item_id = "item_u", .content_index = 0, .delta = "Hel", .logprobs = {}}) ==
        Events{core::CallerTextArrived{E1, I1, "Hel"}});
  CHECK(talk.receive(server::TranscriptDelta{"item_u", 0, {}, {}}).empty());
  CHECK(talk.receive(server::TranscriptCompleted{.item_id = "item_u",
                                                 .content_index = 0,
                                                 .transcript = "Hello",
                                                 .usage = {},
                                                 .languages = {},
                                                 .logprobs = {}}) ==
        Events{core::CallerTranscribed{E1, I1, "Hello", false}});
  CHECK(talk.receive(server::TranscriptFailed{"item_u", 0, {}}) == Events{core::CallerTranscribed{E1, I1, "", true}});
  CHECK(talk.receive(server::TimeoutTriggered{0, 5'000, "item_v"}) == Events{core::IdleTimedOut{E1, I2}});
}

TEST_CASE("a response that we asked for says which ask it answers") {
  Talk talk;
  talk.send(core::CreateResponse{.epoch = E1, .ask = AskId{7}});
  CHECK(talk.receive(created("resp_a", TextMap{{"other", "x"}, {"flow_ask", "7"}})) ==
        Events{core::ResponseStarted{E1, R1, AskId{7}}});
  CHECK(talk.receive(created("resp_b")) == Events{core::ResponseStarted{E1, R2, AskId{}}});
  CHECK(talk.receive(created("resp_c", TextMap{{"flow_ask", "many"}})) ==
        Events{core::ResponseStarted{E1, ResponseId{3}, AskId{}}});
}

TEST_CASE("audio goes to the sink before its event, and only what was let in is told") {
  Talk talk;
  talk.receive(created("resp_a"));
  CHECK(talk.receive(audio("resp_a", "item_a", "AQACAP//")) ==
        Events{core::AudioArrived{E1, R1, I1, core::Samples{3}}});
  CHECK(talk.ear.heard == std::vector<std::int16_t>{1, 2, -1});
  talk.ear.room = 2;
  CHECK(talk.receive(audio("resp_a", "item_a", "AQACAP//")) ==
        Events{core::AudioArrived{E1, R1, I1, core::Samples{2}}});
  talk.ear.room = 0;
  CHECK(talk.receive(audio("resp_a", "item_a", "AQACAP//")).empty());
  CHECK(talk.ear.from.size() == 3);
  CHECK(talk.receive(audio("resp_a", "item_a", "")).empty());
  CHECK(talk.ear.from.size() == 3);
}

TEST_CASE("audio with an escape in it is heard too") {
  Talk talk;
  CHECK(
      talk.receive(
          R"({"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"AQACAP\/\u002f"})") ==
      Events{core::AudioArrived{E1, R1, I1, core::Samples{3}}});
}

TEST_CASE("audio that is not base64 of samples is counted and not heard") {
  Talk talk;
  CHECK(talk.receive(audio("r", "i", "AAA")).empty());
  CHECK(talk.receive(audio("r", "i", "AA==")).empty());
  CHECK(talk.receive(audio("r", "i", "A!AB")).empty());
  CHECK(talk.dialect->counters().malformed_events == 3);
  CHECK(talk.ear.from.empty());
}

TEST_CASE("an item of a response is told once, by the response") {
  Talk talk;
  talk.receive(created("resp_a"));
  const auto open = speech("item_a", ItemStatus::InProgress);
  const auto ended = speech("item_a", ItemStatus::Completed);
  CHECK(talk.receive(server::OutputItemAdded{"resp_a", 0, open}) ==
        Events{core::ItemAdded{E1, R1, I1, ItemKind::AgentSpeech}});
  CHECK(talk.receive(server::ItemAdded{Null{}, open}).empty());
  CHECK(talk.receive(server::SpokenTextDelta{{{"resp_a", "item_a", 0}, 0}, "Hi "}) ==
        Events{core::SpokenTextArrived{E1, R1, I1, "Hi "}});
  CHECK(talk.receive(server::ItemDone{Null{}, ended}).empty());
  CHECK(talk.receive(server::OutputItemDone{"resp_a", 0, ended}) ==
        Events{core::ItemEnded{E1, R1, I1, ItemKind::AgentSpeech, true}});
  CHECK(talk.receive(done("resp_a", ResponseStatus::Completed, {ended})) ==
        Events{core::ResponseEnded{.epoch = E1, .response = R1}});
}

TEST_CASE("an item that was cut while it was written is not complete") {
  Talk talk;
  talk.receive(server::OutputItemAdded{"resp_a", 0, call("item_f", ItemStatus::InProgress, "")});
  CHECK(talk.receive(server::OutputItemDone{"resp_a", 0, call("item_f", ItemStatus::Incomplete, "{\"a")}) ==
        Events{core::ItemEnded{E1, R1, I1, ItemKind::FunctionCall, false}});
  CHECK(talk.receive(done("resp_a", ResponseStatus::Cancelled, {call("item_f", ItemStatus::Incomplete, "{\"a")}))
            .size() == 1);
}

TEST_CASE("a function is called once, when its item is complete") {
  Talk talk;
  talk.receive(created("resp_a"));
  const core::FunctionCalled called{E1, R1, I1, {1}, "find", Value{Value::Record{{"a", 1}}}};
  CHECK(talk.receive(server::OutputItemAdded{"resp_a", 0, call("item_f", ItemStatus::InProgress, "")}) ==
        Events{core::ItemAdded{E1, R1, I1, ItemKind::FunctionCall}});
  CHECK(talk.receive(server::ArgumentsDone{{"resp_a", "item_f", 0}, "call_1", "find", "{\"a\":1}"}).empty());
  CHECK(talk.receive(server::ItemDone{Null{}, call("item_f", ItemStatus::Completed)}).empty());
  CHECK(talk.receive(server::OutputItemDone{"resp_a", 0, call("item_f", ItemStatus::Completed)}) ==
        Events{core::ItemEnded{E1, R1, I1, ItemKind::FunctionCall, true}, called});
  CHECK(talk.receive(server::OutputItemDone{"resp_a", 0, call("item_f", ItemStatus::Completed)}).empty());
  CHECK(talk.receive(done("resp_a", ResponseStatus::Completed, {call("item_f", ItemStatus::Completed)})).size() == 1);
}

TEST_CASE("a function whose own end was missed is called at the end of the response") {
  Talk talk;
  talk.receive(created("resp_a"));
  const auto events =
      talk.receive(done("resp_a", ResponseStatus::Completed,
                        {speech("item_s", ItemStatus::Completed), call("item_f", ItemStatus::Completed)}));
  CHECK(events == Events{core::ItemAdded{E1, R1, I1, ItemKind::AgentSpeech},
                         core::ItemEnded{E1, R1, I1, ItemKind::AgentSpeech, true},
                         core::ItemAdded{E1, R1, I2, ItemKind::FunctionCall},
                         core::ItemEnded{E1, R1, I2, ItemKind::FunctionCall, true},
                         core::FunctionCalled{E1, R1, I2, {1}, "find", Value{Value::Record{{"a", 1}}}},
                         core::ResponseEnded{.epoch = E1, .response = R1}});
}

TEST_CASE("arguments that are no JSON object are none") {
  for (const auto* arguments : {"", "[1]", "null", "{\"a\":", "\"a\""}) {
    Talk talk;
    const auto events =
        talk.receive(server::OutputItemDone{"resp_a", 0, call("item_f", ItemStatus::Completed, arguments)});
    REQUIRE(events.size() == 3);
    CHECK_FALSE(std::get<core::FunctionCalled>(events[2]).arguments);
  }
}

TEST_CASE("a call without a name to answer it by is malformed") {
  Talk talk;
  const auto events = talk.receive(
      server::OutputItemDone{"resp_a", 0, FunctionCall{{"item_f", {}, ItemStatus::Completed}, "find", {}, "{}"}});
  CHECK(events.size() == 2);
  CHECK(talk.dialect->counters().malformed_events == 1);
}

TEST_CASE("items of ours keep our numbers") {
  Talk talk;
  const ItemId own{core::FirstOwnItem + 1};
  const auto frames = talk.send(core::CreateMessage{E1, own, core::Role::Agent, "I said this"});
  const auto item = std::get<client::CreateItem>(decode_client(frames[0])->what).item;
  CHECK(talk.receive(server::ItemAdded{Null{}, item}) == Events{core::ItemAdded{E1, {}, own, ItemKind::AgentSpeech}});
  CHECK(talk.receive(server::ItemDone{Null{}, item}) ==
        Events{core::ItemEnded{E1, {}, own, ItemKind::AgentSpeech, true}});
  const auto recalled = talk.send(core::RecallFunction{E1, ItemId{own.n + 1}, {3}, "find", "{}"});
  CHECK(talk.receive(server::ItemDone{Null{}, std::get<client::CreateItem>(decode_client(recalled[0])->what).item})
            .size() == 2);
}

TEST_CASE("what is said out of band is heard and is no item of the conversation") {
  Talk talk;
  talk.send(core::CreateResponse{.epoch = E1, .ask = AskId{3}, .instructions = "Read", .out_of_band = true});
  CHECK(talk.receive(created("resp_o", TextMap{{"flow_ask", "3"}})) == Events{core::ResponseStarted{E1, R1, AskId{3}}});
  CHECK(talk.receive(server::OutputItemAdded{"resp_o", 0, speech("item_o", ItemStatus::InProgress)}).empty());
  CHECK(talk.receive(audio("resp_o", "item_o", "AQACAP//")) ==
        Events{core::AudioArrived{E1, R1, I1, core::Samples{3}}});
  CHECK(talk.receive(server::SpokenTextDelta{{{"resp_o", "item_o", 0}, 0}, "One moment"}) ==
        Events{core::SpokenTextArrived{E1, R1, I1, "One moment"}});
  CHECK(talk.receive(server::OutputItemDone{"resp_o", 0, speech("item_o", ItemStatus::Completed)}).empty());
  CHECK(talk.receive(done("resp_o", ResponseStatus::Completed, {speech("item_o", ItemStatus::Completed)})) ==
        Events{core::ResponseEnded{.epoch = E1, .response = R1}});
  CHECK(talk.send(core::TruncateItem{E1, I1, core::Millis{5}}).empty());
  CHECK(talk.send(core::DeleteItem{E1, I1}).empty());
}

TEST_CASE("the end of a response says why and what it cost") {
  Talk talk;
  auto cut = done("resp_a", ResponseStatus::Cancelled);
  cut.response.status_details = StatusDetails{ResponseStatus::Cancelled, "turn_detected", {}};
  cut.response.usage = ResponseUsage{90, 60, 30, InputTokens{40, 20, 0, 16, {}}, OutputTokens{8, 22}};
  CHECK(talk.receive(cut) ==
        Events{core::ResponseEnded{E1, R1, core::ResponseStatus::Cancelled, true, "", {60, 30, 16, 20, 22}}});

  auto ours = done("resp_b", ResponseStatus::Cancelled);
  ours.response.status_details = StatusDetails{ResponseStatus::Cancelled, "client_cancelled", {}};
  CHECK(talk.receive(ours) ==
        Events{core::ResponseEnded{.epoch = E1, .response = R2, .status = core::ResponseStatus::Cancelled}});

  auto failed = done("resp_c", ResponseStatus::Failed);
  failed.response.status_details = StatusDetails{
      ResponseStatus::Failed, {}, StatusError{std::string("server_error"), std::string("rate_limit_exceeded"), Null{}}};
  CHECK(talk.receive(failed) ==
        Events{core::ResponseEnded{
            .epoch = E1, .response = {3}, .status = core::ResponseStatus::Failed, .code = "rate_limit_exceeded"}});
  failed.response.status_details.get()->error.get()->code = Null{};
  CHECK(talk.receive(failed) ==
        Events{core::ResponseEnded{
            .epoch = E1, .response = {3}, .status = core::ResponseStatus::Failed, .code = "server_error"}});
  CHECK(talk.receive(done("resp_d", ResponseStatus::Incomplete)) ==
        Events{core::ResponseEnded{.epoch = E1, .response = {4}, .status = core::ResponseStatus::Incomplete}});
}

TEST_CASE("an end without a readable status is an end") {
  Talk talk;
  CHECK(
      talk.receive(
          R"({"type":"response.done","response":{"id":"r","status":"evaporated","usage":"much","output":[{"type":"message"}]}})") ==
      Events{core::ResponseEnded{.epoch = E1, .response = R1}});
}

TEST_CASE("numbers go on from the link before") {
  Talk talk({.response = {10}, .item = {20}, .call = {30}});
  talk.receive(created("resp_a"));
  const auto events = talk.receive(server::OutputItemDone{"resp_a", 0, call("item_f", ItemStatus::Completed)});
  const auto& called = std::get<core::FunctionCalled>(events.back());
  CHECK(called.response == ResponseId{11});
  CHECK(called.item == ItemId{21});
  CHECK(called.call == core::FunctionCallId{31});
  CHECK(talk.dialect->numbers() == Numbers{{11}, {21}, {31}});
  CHECK(talk.send(core::TruncateItem{E1, ItemId{20}, core::Millis{1}}).empty());
}

TEST_CASE("what is unknown and what is malformed is counted and tells nothing") {
  Talk talk;
  CHECK(talk.receive(R"({"type":"response.video.delta","frame":"x"})").empty());
  CHECK(talk.receive("not json").empty());
  CHECK(talk.receive(R"({"type":"response.done"})").empty());
  CHECK(talk.receive(R"({"type":"rate_limits.updated","rate_limits":[]})").empty());
  CHECK(talk.dialect->counters() == Counters{.unknown_events = 1, .malformed_events = 2, .nameless_commands = 0});
}

}  // namespace
}  // namespace flow::wire::openai
