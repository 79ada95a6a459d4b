#include <algorithm>

#include "runtime/simulate/service_impl.h"

namespace flow::simulate {

using namespace wire::openai;

namespace {

// Source: the protocol's notes, section 12: 32k of context with 4096 for the output.
constexpr std::int64_t InputTokensMax = 28'224;
constexpr std::int64_t CacheGranule = 64;  // tokens are found in the cache in steps of this

auto all_tokens(const std::vector<Entry>& context, const ResponseRules& rules) -> Tokens {
  Tokens sum;
  sum.text = tokens_of(rules.instructions) + tokens_of(rules.directive);
  for (const auto& tool : rules.tools) sum.text += tokens_of(tool.name) + tokens_of(tool.description) + tokens_of(to_json(tool.parameters));
  for (const auto& entry : context) sum = sum + tokens_of(entry);
  return sum;
}

auto lines_of(const std::vector<Entry>& context) -> std::vector<Line> {
  std::vector<Line> lines;
  for (const auto& entry : context) {
    if (auto line = line_of(entry)) lines.push_back(std::move(*line));
  }
  return lines;
}

}  // namespace

auto Service::Impl::active() -> Reply* {
  const auto found = std::find_if(replies.begin(), replies.end(), [](const Reply& reply) { return reply.in_band() && !reply.done(); });
  return found == replies.end() ? nullptr : &*found;
}

void Service::Impl::on(const client::CreateResponse& e) {
  if (desk.settings.transcription_only()) return refuse("invalid_event", "A transcription session has no responses.", "type");
  const auto request = e.response.value_or(ResponseRequest{});
  if (const auto refusal = judge_request(desk.settings.realtime(), request)) return refuse(*refusal);
  respond(request);
}

void Service::Impl::on(const client::CancelResponse& e) {
  auto* reply = active();
  if (e.response_id) {
    const auto found = std::find_if(replies.begin(), replies.end(), [&](const Reply& r) { return r.id() == *e.response_id && !r.done(); });
    reply = found == replies.end() ? nullptr : &*found;
  }
  if (reply == nullptr) return refuse("response_cancel_not_active", "Cancellation failed: no active response found");
  reply->cut(Reply::End::ClientCancelled);
  ended(*reply);
}

// What the model is to see; none: refused, and the error is out.
auto Service::Impl::context_of(const ResponseRequest& request) -> std::optional<std::vector<Entry>> {
  if (!request.input) return std::vector<Entry>(desk.conversation.begin(), desk.conversation.end());
  std::vector<Entry> context;
  for (std::size_t i = 0; i < request.input->size(); ++i) {
    const auto param = "response.input[" + std::to_string(i) + "]";
    if (const auto* reference = std::get_if<ItemReference>(&(*request.input)[i])) {
      const auto* entry = desk.conversation.find(reference->id);
      if (entry == nullptr) {
        refuse("invalid_value", "Item with id '" + reference->id + "' not found.", param + ".id");
        return {};
      }
      context.push_back(*entry);
      continue;
    }
    auto entry = accept((*request.input)[i], param);
    if (!entry) return {};
    context.push_back(std::move(*entry));
  }
  return context;
}

// Why this response will fail; mostly not at all.
auto Service::Impl::failure_of(const Tokens& input_tokens) -> std::optional<StatusError> {
  if (desk.budget.empty(desk.now)) {
    return StatusError{std::string("rate_limit_exceeded"), std::string("rate_limit_exceeded"), std::string("Rate limit reached. Please try again later.")};
  }
  const auto& truncation = desk.settings.realtime().truncation;
  const auto* mode = truncation ? std::get_if<TruncationMode>(&*truncation) : nullptr;
  if (mode != nullptr && *mode == TruncationMode::Disabled && input_tokens.total() > InputTokensMax) {
    return StatusError{std::string("invalid_request_error"), std::string("invalid_value"), std::string("The context is too long and truncation is disabled.")};
  }
  if (desk.options.chaos.error && desk.dice.one_in(4)) {
    return StatusError{std::string("server_error"), std::string("server_error"), std::string("The server had an error while processing your request. Sorry about that!")};
  }
  return {};
}

void Service::Impl::respond(const ResponseRequest& request) {
  const bool in_band = request.conversation.value_or("auto") != "none";
  if (auto* other = active(); in_band && other != nullptr) {
    return refuse("conversation_already_has_active_response",
                  "Conversation already has an active response in progress: " + other->id() + ". Wait until the response is finished before creating a new one.");
  }
  const auto context = context_of(request);
  if (!context) return;
  Order order;
  order.id = desk.dice.id("resp_");
  order.rules = rules_for(desk.settings.realtime(), request);
  order.in_band = in_band;
  order.metadata = request.metadata;
  order.input = all_tokens(*context, order.rules);
  order.cached_tokens = std::min(order.input.text, last_input_tokens) / CacheGranule * CacheGranule;
  order.fails = failure_of(order.input);
  if (order.fails && *order.fails->code.get() == "server_error") order.fails_after = static_cast<int>(desk.dice.below(8));
  Thought thought{order.id, order.rules, *context};
  if (std::none_of(context->begin(), context->end(), [](const Entry& entry) { return entry.awaited; })) order.answer = think(thought);
  else thoughts.push_back(std::move(thought));
  if (in_band) {
    last_input_tokens = order.input.text;
    idle_at.reset();
  }
  replies.emplace_back(desk, std::move(order));
}

auto Service::Impl::think(const Thought& thought) -> Answer {
  const auto& rules = thought.rules;
  return model.answer({rules.instructions, rules.directive, lines_of(thought.context), rules.tools, rules.must_call});
}

// The words of an item are known. Whatever was created before and waits only for them is answered.
void Service::Impl::think_again(const std::string& item_id, const std::string& words) {
  for (auto thought = thoughts.begin(); thought != thoughts.end();) {
    bool complete = true;
    for (auto& entry : thought->context) {
      if (wire::openai::id_of(entry.item) == item_id) entry.heard = words, entry.awaited = false;
      complete = complete && !entry.awaited;
    }
    const auto reply = std::find_if(replies.begin(), replies.end(), [&](const Reply& each) { return each.id() == thought->reply_id; });
    if (complete && reply != replies.end()) reply->answer(think(*thought));
    thought = complete || reply == replies.end() ? thoughts.erase(thought) : std::next(thought);
  }
}

void Service::Impl::step(Reply& reply) {
  if (desk.options.chaos.drop && desk.dice.one_in(60)) {
    goodbye = Goodbye{1006, {}, true};
    return;
  }
  reply.step();
  if (reply.done()) ended(reply);
}

void Service::Impl::ended(const Reply& reply) {
  if (reply.in_band()) wait_for_caller(reply.played_at());
  replies.remove_if([&](const Reply& each) { return &each == &reply; });
}

}  // namespace flow::simulate
