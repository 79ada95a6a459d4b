#include "tests/runtime/wire/openai/link_test.h"

namespace flow::wire::openai {
namespace {

using core::AskId;
using core::ConfigId;
using core::ItemId;

constexpr ItemId Own{core::FirstOwnItem + 3};

auto order(ConfigId config, Id<ir::Agent> agent, bool first) -> core::Configure {
  return {.epoch = E1,
          .config = config,
          .agent = agent,
          .instructions = "Be kind.",
          .functions = {{"find", "Finds it", R"({"type":"object","properties":{}})"}, {"stay", "", ""}},
          .turn_detection = {},
          .server_turns = false,
          .first = first};
}
auto session_of(const client::Event& event) -> RealtimeSession {
  return std::get<RealtimeSession>(std::get<client::SessionUpdate>(event.what).session);
}

TEST_CASE("the first configuration brings formats, transcription, noise reduction and voice") {
  Talk talk;
  const auto event = talk.sent(order(ConfigId{1}, Desk, true));
  CHECK(event.event_id == "configure:1");
  const auto session = session_of(event);
  CHECK((session.output_modalities == Modalities{Modality::Audio}));
  const auto& input = *session.audio->input;
  CHECK((input.format == AudioFormat{Pcm{24'000}}));
  CHECK(input.transcription.get()->model == "gpt-4o-mini-transcribe");
  CHECK(input.noise_reduction.get()->type == NoiseKind::FarField);
  CHECK((session.audio->output->format == AudioFormat{Pcm{24'000}}));
  CHECK((session.audio->output->voice == Voice{"marin"}));
  CHECK((session.tool_choice == ToolChoice{ToolUse::Auto}));
}

TEST_CASE("every configuration brings instructions, functions, limits and turn detection whole") {
  Talk talk;
  for (const bool first : {true, false}) {
    const auto session = session_of(talk.sent(order(ConfigId{1}, first ? Desk : Billing, first)));
    CHECK(session.instructions == "Be kind.");
    REQUIRE(session.tools->size() == 2);
    CHECK((std::get<FunctionTool>((*session.tools)[0]).parameters ==
           Value{Value::Record{{"type", "object"}, {"properties", Value::Record{}}}}));
    CHECK_FALSE(std::get<FunctionTool>((*session.tools)[1]).description);
    CHECK((session.max_output_tokens == (first ? TokenLimit{Unlimited::Inf} : TokenLimit{std::int64_t{800}})));
    const auto vad = std::get<ServerVad>(*session.audio->input->turn_detection.get());
    CHECK(vad.threshold == 0.5);
    CHECK(vad.prefix_padding_ms == 300);
    CHECK(vad.silence_duration_ms == 500);
    CHECK(vad.create_response == false);
    CHECK(vad.interrupt_response == false);
    CHECK(session.audio->input->format.has_value() == first);
    CHECK(session.audio->input->transcription.is_absent() != first);
  }
}

TEST_CASE("no functions and no instructions clear those of before") {
  Talk talk;
  auto empty = order(ConfigId{2}, Desk, false);
  empty.functions.clear();
  empty.instructions.clear();
  const auto session = session_of(talk.sent(empty));
  CHECK((session.tools && session.tools->empty()));
  CHECK(session.instructions == "");
}

TEST_CASE("each kind of turn detection is said in the service's words") {
  Talk talk;
  auto wanted = order(ConfigId{1}, Desk, false);
  wanted.server_turns = true;
  wanted.turn_detection.kind = ir::TurnDetection::Kind::SemanticVad;
  wanted.turn_detection.eagerness = ir::TurnDetection::Eagerness::High;
  const auto semantic = std::get<SemanticVad>(*session_of(talk.sent(wanted)).audio->input->turn_detection.get());
  CHECK((semantic == SemanticVad{Eagerness::High, true, true}));
  wanted.turn_detection.kind = ir::TurnDetection::Kind::Manual;
  CHECK(session_of(talk.sent(wanted)).audio->input->turn_detection.is_null());
}

TEST_CASE("a voice is asked for when it changes, until one was heard") {
  Talk talk;
  talk.sent(order(ConfigId{1}, Desk, true));
  CHECK_FALSE(session_of(talk.sent(order(ConfigId{2}, Desk, false))).audio->output);
  const auto changed = session_of(talk.sent(order(ConfigId{3}, Billing, false)));
  CHECK((changed.audio->output->voice == Voice{"cedar"}));
  CHECK(changed.audio->output->speed == 1.25);

  talk.ear.room = 0;  // what nobody hears was emitted all the same
  talk.receive(server::AudioDelta{{{"r", "i", 0}, 0}, "AAABAAIA"});
  const auto locked = session_of(talk.sent(order(ConfigId{4}, Desk, false)));
  CHECK_FALSE(locked.audio->output->voice.has_value());
  CHECK(locked.audio->output->speed == 1.0);
}

TEST_CASE("items of ours are named after their number") {
  Talk talk;
  const auto create = [&](core::Role role) {
    return std::get<client::CreateItem>(talk.sent(core::CreateMessage{E1, Own, role, "Hello"}).what).item;
  };
  CHECK((create(core::Role::System) ==
         Item{Message{{.id = "flow_item_1000003", .object = {}, .status = {}}, Role::System, {InputText{"Hello"}}}}));
  CHECK((create(core::Role::Caller) ==
         Item{Message{{.id = "flow_item_1000003", .object = {}, .status = {}}, Role::User, {InputText{"Hello"}}}}));
  CHECK(
      (create(core::Role::Agent) ==
       Item{Message{{.id = "flow_item_1000003", .object = {}, .status = {}}, Role::Assistant, {OutputText{"Hello"}}}}));
  CHECK(talk.sent(core::CreateMessage{E1, Own, core::Role::System, "x"}).event_id == "item:1000003");
  CHECK(std::get<client::DeleteItem>(talk.sent(core::DeleteItem{E1, Own}).what).item_id == "flow_item_1000003");
}

TEST_CASE("a call is answered under the service's own name of it") {
  Talk talk;
  const auto events = talk.receive(
      server::OutputItemDone{"r", 0, FunctionCall{{"it", {}, ItemStatus::Completed}, "find", "call_77", "{}"}});
  const auto call = std::get<core::FunctionCalled>(events.back()).call;
  const auto event = talk.sent(core::AnswerCall{E1, Own, call, "found"});
  CHECK(event.event_id == "item:1000003");
  CHECK((std::get<client::CreateItem>(event.what).item ==
         Item{FunctionOutput{{.id = "flow_item_1000003", .object = {}, .status = {}}, "call_77", "found"}}));
}

TEST_CASE("a call of an older link and its answer agree on a name") {
  Talk talk({.response = {}, .item = {}, .call = core::FunctionCallId{9}});
  const core::FunctionCallId old{4};
  const auto call = std::get<FunctionCall>(
      std::get<client::CreateItem>(talk.sent(core::RecallFunction{E1, Own, old, "find", "{\"a\":1}"}).what).item);
  const auto answer = std::get<FunctionOutput>(
      std::get<client::CreateItem>(talk.sent(core::AnswerCall{E1, ItemId{Own.n + 1}, old, "ok"}).what).item);
  CHECK(call.call_id == answer.call_id);
  CHECK(call.name == "find");
  CHECK(call.arguments == "{\"a\":1}");
}

TEST_CASE("a create carries its number as a tag and in its event id") {
  Talk talk;
  const auto event = talk.sent(core::CreateResponse{.epoch = E1, .ask = AskId{7}});
  CHECK(event.event_id == "create:7");
  const auto request = *std::get<client::CreateResponse>(event.what).response;
  CHECK((*request.metadata.get() == TextMap{{"flow_ask", "7"}}));
  CHECK_FALSE(request.conversation);
  CHECK_FALSE(request.instructions);
  CHECK_FALSE(request.tool_choice.has_value());
  CHECK_FALSE(request.input.has_value());

  const auto told =
      *std::get<client::CreateResponse>(
           talk.sent(core::CreateResponse{.epoch = E1, .ask = AskId{8}, .instructions = "Say hi", .functions = false})
               .what)
           .response;
  CHECK(told.instructions == "Say hi");
  CHECK((told.tool_choice == ToolChoice{ToolUse::None}));
  CHECK_FALSE(told.tools.has_value());
}

TEST_CASE("a create out of band sees nothing and calls nothing") {
  Talk talk;
  const auto request =
      *std::get<client::CreateResponse>(
           talk
               .sent(core::CreateResponse{
                   .epoch = E1, .ask = AskId{9}, .instructions = "Read this", .out_of_band = true, .functions = false})
               .what)
           .response;
  CHECK(request.conversation == "none");
  CHECK((request.input && request.input->empty()));
  CHECK((request.tools && request.tools->empty()));
  CHECK((request.tool_choice == ToolChoice{ToolUse::None}));
  CHECK((*request.metadata.get() == TextMap{{"flow_ask", "9"}}));
}

TEST_CASE("a summary is asked for as text, with the conversation and not into it") {
  Talk talk;
  const auto request = *std::get<client::CreateResponse>(
                            talk.sent(core::CreateResponse{.epoch = E1, .ask = AskId{9}, .instructions = "Sum up", .out_of_band = true, .functions = false, .aloud = false})
                                .what)
                            .response;
  CHECK(request.conversation == "none");
  CHECK_FALSE(request.input.has_value());
  CHECK((request.output_modalities == Modalities{Modality::Text}));
  CHECK((request.tools && request.tools->empty()));
}

TEST_CASE("a cancel and a truncation name what the service named") {
  Talk talk;
  const auto events = talk.receive(server::AudioDelta{{{"resp_x", "item_y", 0}, 0}, "AAABAAIA"});
  const auto& audio = std::get<core::AudioArrived>(events[0]);
  const auto cancel = talk.sent(core::CancelResponse{E1, audio.response});
  CHECK(cancel.event_id == "cancel:1");
  CHECK(std::get<client::CancelResponse>(cancel.what).response_id == "resp_x");
  const auto truncate = talk.sent(core::TruncateItem{E1, audio.item, core::Millis{640}});
  CHECK(truncate.event_id == "truncate:1");
  CHECK((std::get<client::TruncateItem>(truncate.what) == client::TruncateItem{"item_y", 0, 640}));
  CHECK(std::get<client::DeleteItem>(talk.sent(core::DeleteItem{E1, audio.item}).what).item_id == "item_y");
}

TEST_CASE("a command about what this link never had is counted and not sent") {
  Talk talk;
  CHECK(talk.send(core::CancelResponse{E1, core::ResponseId{1}}).empty());
  CHECK(talk.send(core::TruncateItem{E1, ItemId{1}, core::Millis{5}}).empty());
  CHECK(talk.send(core::DeleteItem{E1, ItemId{}}).empty());
  CHECK(talk.dialect->counters().nameless_commands == 3);
}

TEST_CASE("the buffer is committed and cleared, and a replay has no frames") {
  Talk talk;
  CHECK((talk.sent(core::CommitAudio{E1}) == client::Event{"commit:0", client::CommitAudio{}}));
  CHECK((talk.sent(core::ClearAudio{E1}) == client::Event{"clear:0", client::ClearAudio{}}));
  CHECK(talk.send(core::ReplayCallerAudio{E1}).empty());
}

TEST_CASE("the handshake names the model of the flow") {
  Talk talk;
  CHECK(talk.dialect->handshake("k").url == "wss://api.openai.com/v1/realtime?model=gpt-realtime");
}

}  // namespace
}  // namespace flow::wire::openai
