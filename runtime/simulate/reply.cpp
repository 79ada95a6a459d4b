#include "runtime/simulate/reply.h"

#include <algorithm>

namespace flow::simulate {

using namespace wire::openai;

Reply::Reply(Desk& desk, Order order) : desk_(desk), order_(std::move(order)) {
  desk_.emit(server::ResponseCreated{describe({})});
  due_ = desk_.now + Millis{desk_.dice.between(desk_.options.latency_min.count(), desk_.options.latency_max.count())};
  if (order_.answer) take_up();
}

void Reply::answer(Answer answer) {
  order_.answer = std::move(answer);
  due_ = std::max(due_, desk_.now);
  take_up();
}

void Reply::take_up() {
  phrases_ = phrases(order_.answer->say);
  if (phrases_.empty()) phase_ = Phase::Calls;
}

void Reply::step() {
  if (order_.fails && steps_ >= order_.fails_after) return cut(End::Failed);
  ++steps_;
  if (out_of_tokens()) return cut(End::MaxTokens);
  switch (phase_) {
    case Phase::Message: return order_.rules.audio ? speak() : write();
    case Phase::Calls: return call_on();
    case Phase::Over: return finish(End::Completed);
  }
}

void Reply::cut(End why) {
  if (done_) return;
  close_open_item();
  finish(why);
}

void Reply::close_open_item() {
  if (!open_) return;
  if (phase_ == Phase::Message) close_message(ItemStatus::Incomplete);
  else close_call(ItemStatus::Incomplete);
}

// ── Items ────────────────────────────────────────────────────────────────────────────────────────────────────

void Reply::announce(Item item) {
  ++output_index_;
  open_ = true;
  desk_.emit(server::OutputItemAdded{order_.id, output_index_, item});
  if (!order_.in_band) {
    spare_.emplace().item = std::move(item);
    return;
  }
  Entry fresh;
  fresh.item = item;
  desk_.conversation.add(std::move(fresh));
  desk_.emit(server::ItemAdded{or_null(desk_.conversation.before(item_id_)), std::move(item)});
}

void Reply::finish_item(Item item) {
  open_ = false;
  server::OutputItemDone output{order_.id, output_index_, item};
  server::ItemDone conversation{or_null(desk_.conversation.before(item_id_)), item};
  output_.push_back(item);
  auto& kept = entry();
  if (!kept.cut) kept.item = std::move(item);
  if (!order_.in_band) return desk_.emit(std::move(output));
  const bool swapped = desk_.options.chaos.reorder && desk_.dice.one_in(2);
  if (swapped) desk_.emit(output);
  desk_.emit(std::move(conversation));
  if (!swapped) desk_.emit(std::move(output));
}

// The item may have been deleted while it was written: then what is added goes nowhere.
auto Reply::entry() -> Entry& {
  if (order_.in_band) {
    if (auto* found = desk_.conversation.find(item_id_)) return *found;
  }
  if (!spare_) spare_.emplace();
  return *spare_;
}

// ── The end ──────────────────────────────────────────────────────────────────────────────────────────────────

void Reply::finish(End why) {
  done_ = true;
  phase_ = Phase::Over;
  desk_.budget.spend(order_.input.total() + text_tokens() + audio_tokens(), desk_.now);
  const auto& budget = desk_.budget;
  server::RateLimitsUpdated limits{{{std::string("tokens"), budget.limit(), budget.left(), budget.full_in_s()}}};
  const bool early = desk_.options.chaos.reorder && desk_.dice.one_in(2);
  if (early) desk_.emit(limits);
  desk_.emit(server::ResponseDone{describe(why)});
  if (!early) desk_.emit(std::move(limits));
}

auto Reply::text_tokens() const -> std::int64_t {
  std::int64_t letters = static_cast<std::int64_t>(transcript_.size() + written_);
  for (std::size_t i = 0; i < std::min(call_, order_.answer->calls.size()); ++i) letters += static_cast<std::int64_t>(order_.answer->calls[i].arguments.size());
  return (letters + 3) / 4;
}

auto Reply::audio_tokens() const -> std::int64_t { return total_samples_ / (50 * core::SamplesPerMs); }

auto Reply::out_of_tokens() const -> bool {
  return order_.rules.max_tokens && phase_ != Phase::Over && text_tokens() + audio_tokens() >= *order_.rules.max_tokens;
}

auto Reply::usage() const -> ResponseUsage {
  const auto& in = order_.input;
  const auto text = text_tokens(), audio = audio_tokens();
  ResponseUsage usage;
  usage.total_tokens = in.total() + text + audio;
  usage.input_tokens = in.total();
  usage.output_tokens = text + audio;
  usage.input_token_details = InputTokens{in.text, in.audio, in.image, order_.cached_tokens, CachedTokens{order_.cached_tokens, 0, 0}};
  usage.output_token_details = OutputTokens{text, audio};
  return usage;
}

auto Reply::describe(std::optional<End> end) const -> Response {
  Response response;
  response.object = "realtime.response";
  response.id = order_.id;
  response.status = ResponseStatus::InProgress;
  response.status_details = Null{};
  response.output = output_;
  response.conversation_id = order_.in_band ? Sparse<std::string>(desk_.conversation_id) : Sparse<std::string>(Null{});
  response.output_modalities = Modalities{order_.rules.audio ? Modality::Audio : Modality::Text};
  response.max_output_tokens = order_.rules.limit;
  response.audio = ResponseAudio{ResponseVoice{order_.rules.format, wire::openai::Voice{order_.rules.voice}}};
  response.usage = Null{};
  response.metadata = order_.metadata.get() != nullptr ? order_.metadata : Sparse<TextMap>(Null{});
  if (!end) return response;
  response.usage = usage();
  switch (*end) {
    case End::Completed: response.status = ResponseStatus::Completed; break;
    case End::TurnDetected:
    case End::ClientCancelled:
      response.status = ResponseStatus::Cancelled;
      response.status_details = StatusDetails{ResponseStatus::Cancelled, *end == End::TurnDetected ? "turn_detected" : "client_cancelled", {}};
      break;
    case End::MaxTokens:
      response.status = ResponseStatus::Incomplete;
      response.status_details = StatusDetails{ResponseStatus::Incomplete, "max_output_tokens", {}};
      break;
    case End::Failed:
      response.status = ResponseStatus::Failed;
      response.status_details = StatusDetails{ResponseStatus::Failed, {}, *order_.fails};
      break;
  }
  return response;
}

}  // namespace flow::simulate
