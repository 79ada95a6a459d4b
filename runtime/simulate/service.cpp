#include "runtime/simulate/service.h"

#include <algorithm>

#include "compiler/base/match.h"
#include "runtime/simulate/service_impl.h"
#include "runtime/wire/openai/codec.h"

namespace flow::simulate {

using namespace wire::openai;

namespace {

auto first_settings(const Setup& setup) -> Settings {
  Dice ids(setup.options.seed ^ 0x5e55107);  // beside the dice of the events: the session is named before there are any
  const auto expires_at = setup.options.opened_at + setup.options.lifetime.count() / 1000;
  return {ids.id("sess_"), setup.model, expires_at, setup.transcription_only};
}

}  // namespace

Service::Impl::Impl(Setup setup)
    : script(std::move(setup.script)), desk(setup.options, *setup.voice, first_settings(setup)), model(script, setup.options.seed), ears(*setup.ears) {
  desk.conversation_id = desk.dice.id("conv_");
  input.use(desk.settings.turn_rules());
  input.use(desk.settings.input_format());
}

Service::Service(Setup setup) : impl_(std::make_unique<Impl>(std::move(setup))) {}
Service::~Service() = default;

auto Service::goodbye() const -> const std::optional<Goodbye>& { return impl_->goodbye; }

void Service::open(Events& out) {
  impl_->desk.out = &out;
  impl_->desk.emit(server::SessionCreated{impl_->desk.settings.object()});
}

void Service::receive(std::string_view frame, Millis now, Events& out) {
  advance(now, out);
  if (impl_->goodbye) return;
  impl_->desk.now = now;
  const auto event = decode_client(frame);
  if (event) return impl_->take(*event);
  impl_->event_id = event.error().event_id;
  impl_->refuse(event.error());
}

auto Service::next_wakeup() const -> std::optional<Millis> { return impl_->goodbye ? std::nullopt : impl_->next_due(); }

void Service::advance(Millis now, Events& out) {
  impl_->desk.out = &out;
  impl_->do_all_due(now);
  if (impl_->goodbye) return;
  impl_->event_id.clear();
  impl_->hear_words();
  impl_->do_all_due(now);
}

void Service::Impl::do_all_due(Millis now) {
  while (!goodbye && *next_due() <= now) {
    desk.now = std::max(desk.now, *next_due());
    event_id.clear();
    do_due();
  }
  desk.now = std::max(desk.now, now);
}

void Service::Impl::take(const client::Event& event) {
  event_id = event.event_id;
  match(event.what, [&](const auto& what) { on(what); });
}

auto Service::Impl::next_due() const -> std::optional<Millis> {
  auto due = desk.options.lifetime;
  for (const auto& reply : replies) due = std::min(due, reply.due());
  for (const auto& transcript : transcripts) {
    if (transcript.known) due = std::min(due, transcript.due);
  }
  if (idle_at) due = std::min(due, *idle_at);
  return due;
}

// One thing that is due. Of several at the same moment the order is fixed, so that a seed says it all.
void Service::Impl::do_due() {
  for (auto& reply : replies) {
    if (reply.due() > desk.now) continue;
    return step(reply);
  }
  if (std::any_of(transcripts.begin(), transcripts.end(), [&](const auto& t) { return t.known && t.due <= desk.now; })) return transcribe_on();
  if (idle_at && *idle_at <= desk.now) return time_out();
  if (desk.now >= desk.options.lifetime) expire();
}

void Service::Impl::on(const client::SessionUpdate& e) {
  const Situation situation{desk.spoke, active() != nullptr};
  if (const auto refusal = desk.settings.update(e.session, situation)) return refuse(*refusal);
  const bool was_speaking = input.speaking();
  input.use(desk.settings.turn_rules());
  input.use(desk.settings.input_format());
  if (was_speaking && !input.speaking()) {
    desk.emit(server::SpeechStopped{input.written_ms(), turn_item});
    hear_no_more();
  }
  const auto rules = desk.settings.turn_rules();
  if (!rules || !rules->idle_timeout_ms) idle_at.reset();
  desk.emit(server::SessionUpdated{desk.settings.object()});
  list_mcp_tools(e);
}

// There is no way from here to anybody's MCP server, and that is what the client is told.
void Service::Impl::list_mcp_tools(const client::SessionUpdate& e) {
  const auto* update = std::get_if<RealtimeSession>(&e.session);
  if (update == nullptr || !update->tools) return;
  for (const auto& tool : *update->tools) {
    const auto* mcp = std::get_if<McpTool>(&tool);
    if (mcp == nullptr) continue;
    const auto id = desk.dice.id("item_");
    const Item item = McpListTools{id, mcp->server_label, {}};
    desk.emit(server::McpListInProgress{id});
    Entry entry;
    entry.item = item;
    desk.conversation.add(std::move(entry));
    desk.emit(server::ItemAdded{or_null(desk.conversation.before(id)), item});
    desk.emit(server::McpListFailed{id});
    desk.emit(server::ItemDone{or_null(desk.conversation.before(id)), item});
  }
}

// Source: the protocol's notes, section 1: the service closes with 1001; older ones sent the error first.
void Service::Impl::expire() {
  for (auto& reply : replies) reply.cut(Reply::End::ClientCancelled);
  replies.clear();
  refuse("session_expired", "Your session hit the maximum duration of " + std::to_string(std::max<std::int64_t>(1, desk.options.lifetime.count() / 60'000)) + " minutes.");
  goodbye = Goodbye{1001, "Your session hit the maximum duration of 60 minutes.", false};
}

}  // namespace flow::simulate
