#include "runtime/wire/openai/sender.h"

#include <algorithm>

#include "compiler/base/check.h"
#include "compiler/base/match.h"
#include "runtime/wire/openai/configuration.h"
#include "runtime/wire/openai/errors.h"

namespace flow::wire::openai {
namespace {

using core::Command;
using Events = std::vector<client::Event>;

// The name of an item that a command may be about.
auto name_of(core::ItemId item, const Link& link) -> std::optional<std::string> {
  if (item.n >= core::FirstOwnItem) return own_item_name(item);
  if (std::ranges::find(link.outside, item) != link.outside.end()) return std::nullopt;
  const auto* name = link.items.name(item);
  return name ? std::optional(*name) : std::nullopt;
}

auto name_of(core::FunctionCallId call, const Link& link) -> std::string {
  const auto* name = link.calls.name(call);
  return name ? *name : recalled_call_name(call);
}

auto event(Command command, std::uint32_t number, client::What what) -> Events {
  return {{to_event_id({command, number}), std::move(what)}};
}
auto nameless(Link& link) -> Events {
  ++link.counters.nameless_commands;
  return {};
}

auto head(core::ItemId item) -> ItemHead { return {.id = own_item_name(item), .object = {}, .status = {}}; }

auto message(const core::CreateMessage& e) -> Message {
  switch (e.role) {
    case core::Role::Caller: return {head(e.item), Role::User, {InputText{e.text}}};
    case core::Role::Agent: return {head(e.item), Role::Assistant, {OutputText{e.text}}};
    case core::Role::System: break;
  }
  return {head(e.item), Role::System, {InputText{e.text}}};
}

auto request(const core::CreateResponse& e) -> ResponseRequest {
  ResponseRequest request;
  request.metadata = TextMap{{"flow_ask", std::to_string(e.ask.n)}};
  if (!e.instructions.empty()) request.instructions = e.instructions;
  if (!e.functions || e.out_of_band) request.tool_choice = ToolUse::None;
  if (e.out_of_band) {
    request.conversation = "none";
    request.tools.emplace();
  }
  // A line is read for itself; what is written about the talk sees it.
  if (e.out_of_band && e.aloud) request.input.emplace();
  if (!e.aloud) request.output_modalities = {Modality::Text};
  return request;
}

auto configure(const core::Configure& e, Link& link) -> Events {
  link.configuring.push_back(e.config);
  return event(Command::Configure, e.config.n, client::SessionUpdate{to_session(e, link)});
}
auto create_response(const core::CreateResponse& e, Link& link) -> Events {
  if (e.out_of_band) link.asked_outside.push_back(e.ask);
  return event(Command::CreateResponse, e.ask.n, client::CreateResponse{request(e)});
}
auto cancel(const core::CancelResponse& e, Link& link) -> Events {
  const auto* name = link.responses.name(e.response);
  return name ? event(Command::Cancel, e.response.n, client::CancelResponse{*name}) : nameless(link);
}
auto truncate(const core::TruncateItem& e, Link& link) -> Events {
  const auto name = name_of(e.item, link);
  return name ? event(Command::Truncate, e.item.n, client::TruncateItem{*name, 0, e.heard.count()}) : nameless(link);
}
auto remove(const core::DeleteItem& e, Link& link) -> Events {
  const auto name = name_of(e.item, link);
  return name ? event(Command::DeleteItem, e.item.n, client::DeleteItem{*name}) : nameless(link);
}
auto create_item(core::ItemId item, Item what) -> Events {
  return event(Command::CreateItem, item.n, client::CreateItem{{}, std::move(what)});
}

// Named one by one, so that a new effect does not compile until it is decided where it belongs.
template <class E, class... Others>
concept OneOf = (std::is_same_v<E, Others> || ...);
template <class E>
concept NotForTheLink =
    OneOf<E, core::OpenLink, core::CloseLink, core::AdmitAudio, core::PausePlayout, core::ResumePlayout,
          core::FlushPlayout, core::SetMark, core::WatchPauses, core::HangUp, core::TransferCall, core::AbandonTransfer, core::StartTool, core::StopTool,
          core::StoreJob, core::Recall, core::Remember, core::KeepJob, core::ForgetJob, core::CountCost, core::HearCaller, core::SetTimer, core::DropTimer, core::Finish, core::Decided>;

}  // namespace

auto to_client_events(const core::Effect& effect, Link& link) -> Events {
  return match(
      effect, [&](const core::Configure& e) { return configure(e, link); },
      [&](const core::CreateMessage& e) { return create_item(e.item, message(e)); },
      [&](const core::AnswerCall& e) {
        return create_item(e.item, FunctionOutput{head(e.item), name_of(e.call, link), e.output});
      },
      [&](const core::RecallFunction& e) {
        return create_item(e.item, FunctionCall{head(e.item), e.name, name_of(e.call, link), e.arguments});
      },
      [&](const core::DeleteItem& e) { return remove(e, link); },
      [&](const core::CreateResponse& e) { return create_response(e, link); },
      [&](const core::CancelResponse& e) { return cancel(e, link); },
      [&](const core::TruncateItem& e) { return truncate(e, link); },
      [&](const core::CommitAudio&) { return event(Command::Commit, 0, client::CommitAudio{}); },
      [&](const core::ClearAudio&) { return event(Command::Clear, 0, client::ClearAudio{}); },
      [&](const core::ReplayCallerAudio&) { return Events{}; },
      [&]<NotForTheLink E>(const E&) -> Events {
        FLOW_ASSERT(false, "this effect is not the link's");
        return {};
      });
}

}  // namespace flow::wire::openai
