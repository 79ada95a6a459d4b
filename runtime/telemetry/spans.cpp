#include "runtime/telemetry/spans.h"

#include <algorithm>
#include <ranges>

#include "compiler/base/match.h"
#include "runtime/telemetry/decisions.h"

namespace flow::telemetry {

using core::Decision;
using core::Instant;

namespace {

void set(TraceSpan& span, const char* name, Value value) {
  const auto known = std::ranges::find(span.attributes, name, &Value::Record::value_type::first);
  if (known != span.attributes.end()) known->second = std::move(value);
  else span.attributes.emplace_back(name, std::move(value));
}

auto whole(core::Millis time) -> Value { return std::int64_t{time.count()}; }

// The code that a reason begins with, and nothing of the reason; without a code what kind of failure it was.
auto code_of(std::string_view reason, std::string_view otherwise) -> std::string {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto has_code = reason.size() >= 5 && reason[0] == 'R' && std::ranges::all_of(reason.substr(1, 4), is_digit);
  return std::string(has_code ? reason.substr(0, 5) : otherwise);
}

auto median(std::vector<core::Millis> times) -> core::Millis {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  return *middle;
}

}  // namespace

Spans::Spans(const ir::Program& program) : program_(&program), jobs_(program) {
  TraceSpan call{.name = "call " + program.name, .kind = TraceSpan::Kind::Server};
  call.attributes = {{"flow.name", program.name}};
  if (program.realtimes.has(program.realtime)) {
    const auto& link = program.realtimes[program.realtime];
    call.attributes.emplace_back("gen_ai.provider.name", link.provider);
    if (!link.model.empty()) call.attributes.emplace_back("gen_ai.request.model", link.model);
  }
  begin(std::move(call));
}

auto Spans::begin(TraceSpan span) -> std::size_t {
  span.until = span.from;
  spans_.push_back(std::move(span));
  open_.push_back(true);
  return spans_.size() - 1;
}

void Spans::end(std::size_t span, Instant now) {
  if (open_[span]) spans_[span].until = now;
  open_[span] = false;
}

void Spans::on(const core::Event& event, Instant now) {
  if (open_[0]) spans_[0].until = now;
  match(
      event,
      [&](const core::CallerConnected& e) {
        call_ = e.call_name;
        if (!call_.empty()) set(spans_[0], "gen_ai.conversation.id", call_);
      },
      [&](const core::ResponseEnded& e) {
        usage_.input += e.usage.input;
        usage_.output += e.usage.output;
      },
      [](const auto&) {});
}

void Spans::on(const core::Effect& effect, Instant now) {
  match(
      effect, [&](const core::StartTool& e) { jobs_.note(e); }, [&](const core::CountCost& e) { cost_ = e.spent; },
      [&](const core::Finish& e) {
        if (!e.code.empty()) set(spans_[0], "flow.end.code", e.code);
        spans_[0].error = e.code;
        if (!e.went_to.empty()) set(spans_[0], "flow.transfer.name", e.went_to);
        end(0, now);
      },
      [&](const core::Decided& e) { decided(e, now); }, [](const auto&) {});
}

void Spans::decided(const core::Decided& decided, Instant now) {
  if (is_of_a_tool(decided.what)) return tool(decided, now);
  switch (decided.what) {
    case Decision::AgentActive: return stay(decided.agent, now);
    case Decision::HandoffStarted: return way("handoff to " + decided.text, now);
    case Decision::HandoffDone: return way_ends(now);
    case Decision::HandoffRefused: return way_ends(now, "refused");
    case Decision::TransferStarted: return way("transfer to " + decided.text, now);
    case Decision::TransferDone: return way_ends(now);
    case Decision::TransferFailed: return way_ends(now, "failed");
    default: return;
  }
}

void Spans::stay(Id<ir::Agent> agent, Instant now) {
  if (!agent) return;
  const auto& name = program_->agents[agent].name;
  if (!stays_.empty() && open_[stays_.back()] && spans_[stays_.back()].name == "invoke_agent " + name) return;
  if (!stays_.empty()) end(stays_.back(), now);
  stays_.push_back(begin({.name = "invoke_agent " + name, .parent = 0, .from = now, .attributes = {{"gen_ai.operation.name", "invoke_agent"}, {"gen_ai.agent.name", name}}}));
}

// Only one is under way at a time; another takes its place.
void Spans::way(const std::string& name, Instant now) {
  if (way_) end(*way_, now);
  way_ = begin({.name = name, .parent = 0, .from = now});
}

void Spans::way_ends(Instant now, std::string error) {
  if (!way_) return;
  spans_[*way_].error = std::move(error);
  end(*std::exchange(way_, std::nullopt), now);
}

auto Spans::stay_at(Instant at) const -> std::size_t {
  const auto found = std::ranges::find_if(stays_ | std::views::reverse, [&](std::size_t stay) { return spans_[stay].from <= at; });
  return found != stays_.rend() ? *found : stays_.empty() ? 0 : stays_.front();
}

void Spans::tool(const core::Decided& decided, Instant now) {
  const auto [name, reason] = jobs_.parts(decided);
  if (decided.what == Decision::ToolStarted) {
    const auto span = begin({.name = "execute_tool " + name, .parent = stay_at(now), .from = now, .attributes = {{"gen_ai.operation.name", "execute_tool"}, {"gen_ai.tool.name", name}}});
    runs_.push_back({decided.job, span});
    return;
  }
  const auto run = std::ranges::find(runs_, decided.job, &Run::job);
  if (!decided.job || run == runs_.end()) return;
  auto& span = spans_[run->span];
  const auto outcome = [&](const char* what, std::string error = {}) {
    set(span, "flow.tool.outcome", what);
    span.error = std::move(error);
    end(run->span, now);
  };
  switch (decided.what) {
    case Decision::ToolReady: return end(run->span, now);
    case Decision::ToolSpeaking: return set(span, "flow.tool.ready_to_told_ms", whole(decided.duration));
    case Decision::ToolDelivered:
      if (!run->done) set(span, "flow.tool.ready_to_heard_ms", whole(decided.duration));
      run->done = true;
      return outcome("delivered");
    case Decision::ToolFailed: return outcome("failed", code_of(reason, "failed"));
    case Decision::ToolTimedOut: return outcome("timed_out", "timeout");
    case Decision::ToolCancelled: return outcome("cancelled");
    case Decision::ToolExpired: return outcome("expired");
    case Decision::ToolSkipped: return outcome("skipped");
    case Decision::ToolKept: return outcome("kept");
    case Decision::ToolUnknown: return outcome("unknown", "unknown");
    default: return;
  }
}

// A wait, and its stages within it: those that took no time are left out.
void Spans::delayed(const Delay& delay) {
  if (delay.kind != Delay::Kind::BargeIn) replies_.push_back(delay.took());
  const auto wait = begin({.name = std::string(name_of(delay.kind)), .parent = stay_at(delay.ended), .from = delay.began});
  auto at = delay.began;
  for (const auto& part : delay.parts) {
    const auto from = std::exchange(at, at + part.took);
    if (part.took.count() > 0) end(begin({.name = std::string(name_of(part.stage)), .parent = wait, .from = from}), at);
  }
  end(wait, delay.ended);
}

auto Spans::spans() const -> std::vector<TraceSpan> {
  auto out = spans_;
  auto& call = out.front();
  Value::List agents;
  for (const auto stay : stays_) agents.emplace_back(*out[stay].attributes.back().second.text());
  if (!agents.empty()) set(call, "flow.agents", std::move(agents));
  if (usage_.input + usage_.output > 0) {
    set(call, "gen_ai.usage.input_tokens", usage_.input);
    set(call, "gen_ai.usage.output_tokens", usage_.output);
  }
  if (cost_) {
    set(call, "flow.cost", *cost_);
    set(call, "flow.cost.currency", program_->realtimes[program_->realtime].prices->currency);
  }
  if (!replies_.empty()) {
    set(call, "flow.replies", static_cast<std::int64_t>(replies_.size()));
    set(call, "flow.reply.median_ms", whole(median(replies_)));
    set(call, "flow.reply.max_ms", whole(*std::ranges::max_element(replies_)));
  }
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (open_[i]) out[i].until = std::max(call.until, out[i].from);
  }
  return out;
}

}  // namespace flow::telemetry
