#include "runtime/wire/openai/receiver.h"

#include <algorithm>
#include <charconv>

#include "compiler/base/match.h"
#include "runtime/json/json.h"
#include "runtime/wire/openai/errors.h"

namespace flow::wire::openai {
namespace {

auto kind_of(const Item& item) -> core::ItemKind {
  return match(
      item,
      [](const Message& e) {
        if (e.role == Role::User) return core::ItemKind::CallerTurn;
        return e.role == Role::Assistant ? core::ItemKind::AgentSpeech : core::ItemKind::Note;
      },
      [](const FunctionCall&) { return core::ItemKind::FunctionCall; },
      [](const FunctionOutput&) { return core::ItemKind::FunctionOutput; },
      [](const auto&) { return core::ItemKind::Note; });
}

// What only a response makes. Its own events tell of it; the conversation's say the same a second time.
auto is_of_response(const Item& item) -> bool {
  const auto kind = kind_of(item);
  return (kind == core::ItemKind::AgentSpeech || kind == core::ItemKind::FunctionCall) && !own_item(id_of(item));
}

// Completed, if the service does not say.
auto status_of(const Item& item) -> ItemStatus {
  const auto from = [](const ItemHead& head) { return head.status.value_or(ItemStatus::Completed); };
  return match(
      item, [&](const Message& e) { return from(e.head); }, [&](const FunctionCall& e) { return from(e.head); },
      [&](const FunctionOutput& e) { return from(e.head); }, [](const auto&) { return ItemStatus::Completed; });
}

auto ask_of(const Response& response) -> core::AskId {
  core::AskId ask;
  const auto* metadata = response.metadata.get();
  if (!metadata) return ask;
  for (const auto& [name, text] : *metadata) {
    if (name == "flow_ask") std::from_chars(text.data(), text.data() + text.size(), ask.n);
  }
  return ask;
}

auto status_of(const Response& response) -> core::ResponseStatus {
  switch (response.status.value_or(ResponseStatus::Completed)) {
    case ResponseStatus::Cancelled: return core::ResponseStatus::Cancelled;
    case ResponseStatus::Incomplete: return core::ResponseStatus::Incomplete;
    case ResponseStatus::Failed: return core::ResponseStatus::Failed;
    case ResponseStatus::InProgress:
    case ResponseStatus::Completed: break;
  }
  return core::ResponseStatus::Completed;
}

auto error_of(const Response& response) -> std::string {
  const auto* details = response.status_details.get();
  const auto* error = details ? details->error.get() : nullptr;
  if (!error) return {};
  if (const auto* code = error->code.get()) return *code;
  const auto* type = error->type.get();
  return type ? *type : std::string();
}

auto usage_of(const Response& response) -> core::Usage {
  const auto* usage = response.usage.get();
  if (!usage) return {};
  const auto input = usage->input_token_details.value_or(InputTokens{});
  const auto output = usage->output_token_details.value_or(OutputTokens{});
  return {.input = usage->input_tokens.value_or(0),
          .output = usage->output_tokens.value_or(0),
          .cached = input.cached_tokens.value_or(0),
          .input_audio = input.audio_tokens.value_or(0),
          .output_audio = output.audio_tokens.value_or(0)};
}

// Nothing, if the service will not say or its clock and ours are too far apart to tell.
auto time_left(const Session& session, std::int64_t unix_now) -> std::optional<core::Millis> {
  const auto& until = std::visit([](const auto& s) -> const auto& { return s.identity.expires_at; }, session);
  constexpr std::int64_t Day = 86'400;
  if (!until || *until <= unix_now || *until - unix_now > Day) return std::nullopt;
  return std::chrono::seconds{*until - unix_now};
}

}  // namespace

void Receiver::take(server::Event event, Events& out) {
  std::visit(
      [&](const auto& e) {
        if constexpr (requires { this->on(e, out); }) on(e, out);
      },
      event.what);
}

auto Receiver::known_item(std::string_view name) -> core::ItemId {
  const auto own = own_item(name);
  return own ? *own : link_.items.id(name);
}

auto Receiver::item(std::string_view response, std::string_view name) -> core::ItemId {
  if (const auto known = link_.items.known(name)) return *known;
  const auto id = known_item(name);
  if (outside_.contains(link_.responses.id(response).n)) link_.outside.push_back(id);
  return id;
}

// ── Link ─────────────────────────────────────────────────────────────────────────────────────────────────────

void Receiver::on(const server::SessionCreated& e, Events& out) {
  if (std::exchange(greeted_, true)) return;
  out.push_back(core::LinkOpened{epoch_, link_.can, time_left(e.session, link_.setup.unix_now)});
}

void Receiver::on(const server::SessionUpdated&, Events& out) {
  if (link_.configuring.empty()) return;
  out.push_back(core::Configured{epoch_, link_.configuring.front()});
  link_.configuring.pop_front();
}

void Receiver::on(const server::Error& e, Events& out) {
  const auto text = [](const Sparse<std::string>& member) { return member.get() ? *member.get() : std::string(); };
  const auto answered = from_event_id(text(e.error.event_id));
  const auto code = text(e.error.code);
  if (answered.command == core::Command::Configure) std::erase(link_.configuring, core::ConfigId{answered.number});
  if (answered.command == core::Command::CreateResponse) std::erase(link_.asked_outside, core::AskId{answered.number});
  // The voice was asked for while its first audio was on the way: from now on it is left alone.
  if (error_code(code, e.error.type, answered.command) == core::ErrorCode::VoiceLocked) link_.has_spoken = true;
  out.push_back(core::ServiceFailed{.epoch = epoch_,
                                    .code = error_code(code, e.error.type, answered.command),
                                    .command = answered.command,
                                    .number = answered.number,
                                    .name = code.empty() ? e.error.type : code,
                                    .text = e.error.message});
}

// ── The caller ───────────────────────────────────────────────────────────────────────────────────────────────

void Receiver::on(const server::SpeechStarted& e, Events& out) {
  out.push_back(core::SpeechStarted{epoch_, known_item(e.item_id)});
}
void Receiver::on(const server::SpeechStopped& e, Events& out) {
  out.push_back(core::SpeechStopped{epoch_, known_item(e.item_id)});
}
void Receiver::on(const server::AudioCommitted& e, Events& out) {
  out.push_back(core::TurnCommitted{epoch_, known_item(e.item_id)});
}
void Receiver::on(const server::TimeoutTriggered& e, Events& out) {
  out.push_back(core::IdleTimedOut{epoch_, known_item(e.item_id)});
}

void Receiver::on(const server::TranscriptDelta& e, Events& out) {
  if (e.delta && !e.delta->empty()) out.push_back(core::CallerTextArrived{epoch_, known_item(e.item_id), *e.delta});
}
void Receiver::on(const server::TranscriptCompleted& e, Events& out) {
  out.push_back(core::CallerTranscribed{epoch_, known_item(e.item_id), e.transcript, false});
}
void Receiver::on(const server::TranscriptFailed& e, Events& out) {
  out.push_back(core::CallerTranscribed{epoch_, known_item(e.item_id), {}, true});
}

// ── Items ────────────────────────────────────────────────────────────────────────────────────────────────────

void Receiver::item_added(core::ResponseId response, const Item& item, Events& out) {
  const auto id = known_item(id_of(item));
  if (std::exchange(progress_[id.n].added, true)) return;
  out.push_back(core::ItemAdded{epoch_, response, id, kind_of(item)});
}

void Receiver::item_ended(core::ResponseId response, const Item& item, Events& out) {
  const auto id = known_item(id_of(item));
  item_added(response, item, out);
  const bool complete = status_of(item) == ItemStatus::Completed;
  if (!std::exchange(progress_[id.n].ended, true)) {
    out.push_back(core::ItemEnded{epoch_, response, id, kind_of(item), complete});
  }
  const auto* call = std::get_if<FunctionCall>(&item);
  if (call && response && complete) function_called(response, id, *call, out);
}

void Receiver::function_called(core::ResponseId response, core::ItemId item, const FunctionCall& call, Events& out) {
  if (std::exchange(progress_[item.n].called, true)) return;
  if (!call.call_id) {  // there is no answering it
    ++link_.counters.malformed_events;
    return;
  }
  auto arguments = json::parse(call.arguments);
  const bool usable = arguments && arguments->record();
  out.push_back(core::FunctionCalled{.epoch = epoch_,
                                     .response = response,
                                     .item = item,
                                     .call = link_.calls.id(*call.call_id),
                                     .name = call.name,
                                     .arguments = usable ? std::optional(std::move(*arguments)) : std::nullopt});
}

void Receiver::on(const server::ItemAdded& e, Events& out) {
  if (!id_of(e.item).empty() && !is_of_response(e.item)) item_added({}, e.item, out);
}
void Receiver::on(const server::ItemDone& e, Events& out) {
  if (!id_of(e.item).empty() && !is_of_response(e.item)) item_ended({}, e.item, out);
}

// ── Responses ────────────────────────────────────────────────────────────────────────────────────────────────

void Receiver::on(const server::ResponseCreated& e, Events& out) {
  const auto id = link_.responses.id(e.response.id);
  const auto ask = ask_of(e.response);
  if (std::erase(link_.asked_outside, ask) > 0) outside_.insert(id.n);  // not by `conversation_id`: some leave it null
  out.push_back(core::ResponseStarted{epoch_, id, ask});
}

// What is outside the conversation is heard, but it is no item of it.
void Receiver::on(const server::OutputItemAdded& e, Events& out) {
  if (id_of(e.item).empty()) return;
  item(e.response_id, id_of(e.item));
  const auto response = link_.responses.id(e.response_id);
  if (!outside_.contains(response.n)) item_added(response, e.item, out);
}
void Receiver::on(const server::OutputItemDone& e, Events& out) {
  if (id_of(e.item).empty()) return;
  item(e.response_id, id_of(e.item));
  const auto response = link_.responses.id(e.response_id);
  if (!outside_.contains(response.n)) item_ended(response, e.item, out);
}

void Receiver::on(const server::SpokenTextDelta& e, Events& out) {
  if (e.delta.empty()) return;
  const auto id = item(e.at.item.response_id, e.at.item.item_id);
  out.push_back(core::SpokenTextArrived{epoch_, link_.responses.id(e.at.item.response_id), id, e.delta});
}

// A response that is written and not spoken.
void Receiver::on(const server::TextDelta& e, Events& out) {
  if (e.delta.empty()) return;
  const auto id = item(e.at.item.response_id, e.at.item.item_id);
  out.push_back(core::SpokenTextArrived{epoch_, link_.responses.id(e.at.item.response_id), id, e.delta});
}

void Receiver::on(const server::ResponseDone& e, Events& out) {
  const auto id = link_.responses.id(e.response.id);
  if (!outside_.contains(id.n) && e.response.output) {
    for (const auto& item : *e.response.output) {
      if (!id_of(item).empty()) item_ended(id, item, out);  // nothing new, unless its own end was missed
    }
  }
  const auto* details = e.response.status_details.get();
  out.push_back(core::ResponseEnded{.epoch = epoch_,
                                    .response = id,
                                    .status = status_of(e.response),
                                    .turn_detected = details && details->reason == "turn_detected",
                                    .code = error_of(e.response),
                                    .usage = usage_of(e.response)});
}

void Receiver::on(const Unknown&, Events&) { ++link_.counters.unknown_events; }

}  // namespace flow::wire::openai
