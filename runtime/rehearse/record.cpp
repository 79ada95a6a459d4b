#include "runtime/rehearse/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "compiler/base/match.h"
#include "compiler/ir/eval.h"

namespace flow::rehearse {

using namespace core;
using Kind = ir::Happening::Kind;

namespace {

auto news_of(Decision what) -> std::optional<ir::ToolNews> {
  using enum Decision;
  using News = ir::ToolNews;
  switch (what) {
    case ToolCalled: return News::Called;
    case ToolRefused: return News::Refused;
    case ToolStarted: return News::Started;
    case ToolAcked: return News::Acked;
    case ToolProgress: return News::Progressed;
    case ToolRetried: return News::Retried;
    case ToolReady: return News::Ready;
    case ToolHeld: return News::Held;
    case ToolSpeaking: return News::Speaking;
    case ToolDelivered: return News::Delivered;
    case ToolInterrupted: return News::Interrupted;
    case ToolFailed: return News::Failed;
    case ToolTimedOut: return News::TimedOut;
    case ToolCancelled: return News::Cancelled;
    case ToolExpired: return News::Expired;
    case ToolSkipped: return News::Skipped;
    case ToolJoined: return News::Joined;
    case ToolKept: return News::Kept;
    case ToolUnknown: return News::Unknown;
    case ToolLate: return News::Late;
    default: return std::nullopt;
  }
}

auto moved_by(Decision what) -> std::optional<ir::TransferNews> {
  using enum Decision;
  switch (what) {
    case TransferStarted: return ir::TransferNews::Started;
    case TransferOrdered: return ir::TransferNews::Ordered;
    case TransferRinging: return ir::TransferNews::Ringing;
    case TransferAnswered: return ir::TransferNews::Answered;
    case TransferDone: return ir::TransferNews::Done;
    case TransferFailed: return ir::TransferNews::Failed;
    default: return std::nullopt;
  }
}

auto lower(std::string text) -> std::string {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

void Record::follow(const Stage& stage) {
  const auto& moments = stage.moments();
  for (; seen_ < moments.size(); ++seen_) {
    const auto& moment = moments[seen_];
    if (const auto* event = std::get_if<Event>(&moment.what)) {
      if (const auto* call = std::get_if<FunctionCalled>(event)) last_call_ = *call;
      if (std::holds_alternative<CallerHungUp>(*event)) ended(moment.at);
      continue;
    }
    match(
        std::get<Effect>(moment.what), [&](const HangUp&) { ended(moment.at); }, [&](const Finish&) { ended(moment.at); },
        [&](const Decided& e) { decided(e, moment.at, stage.state()); }, [](const auto&) {});
  }
}

void Record::ended(Instant at) {
  if (!ended_) facts_.push_back({.at = at, .kind = Kind::CallEnded});
  ended_ = true;
}

void Record::decided(const Decided& e, Instant at, const Session::State& state) {
  if (e.what == Decision::AgentSaid) facts_.push_back({.at = at, .kind = Kind::Said, .words = e.text});
  if (e.what == Decision::AgentActive) facts_.push_back({.at = at, .kind = Kind::AgentActive, .agent = e.agent});
  if (const auto moved = moved_by(e.what)) {
    const auto colon = e.text.find(": ");
    facts_.push_back({.at = at, .kind = Kind::Transfer, .words = colon == std::string::npos ? "" : e.text.substr(colon + 2), .transfer = transfer_named(e.text), .moved = *moved});
    if (*moved == ir::TransferNews::Done) ended(at);
  }
  const auto news = news_of(e.what);
  if (!news) return;
  Fact fact{.at = at, .kind = Kind::Tool, .tool = tool_named(e.text), .news = *news};
  if (const auto colon = e.text.find(": "); colon != std::string::npos) fact.words = e.text.substr(colon + 2);
  const auto job = std::ranges::find(state.jobs, e.job, &Job::id);
  if (e.job && job != state.jobs.end()) {
    fact.tool = job->tool;
    fact.arguments = job->arguments;
  } else if (fact.tool && last_call_.name == program_->tools[fact.tool].name && last_call_.arguments) {
    const auto whole = ir::complete_arguments(*program_, program_->tools[fact.tool].params, *last_call_.arguments);
    fact.arguments = whole ? *whole : *last_call_.arguments;
  }
  if (fact.tool) facts_.push_back(std::move(fact));
}

// A tool's decision begins with its name.
auto Record::tool_named(const std::string& text) const -> Id<ir::Tool> {
  const auto name = text.substr(0, text.find_first_of(": "));
  for (std::size_t i = 0; i < program_->tools.size(); ++i) {
    if (program_->tools[program_->tools.id_at(i)].name == name) return program_->tools.id_at(i);
  }
  return {};
}

auto Record::transfer_named(const std::string& text) const -> Id<ir::Transfer> {
  const auto name = text.substr(0, text.find(": "));
  for (std::size_t i = 0; i < program_->transfers.size(); ++i) {
    if (program_->transfers[program_->transfers.id_at(i)].name == name) return program_->transfers.id_at(i);
  }
  return {};
}

auto Record::fits(const Fact& fact, const ir::Happening& what) const -> bool {
  if (fact.kind != what.kind) return false;
  switch (what.kind) {
    case Kind::CallEnded: return true;
    case Kind::AgentActive: return fact.agent == what.agent;
    case Kind::Transfer: return fact.transfer == what.transfer && fact.moved == what.moved;
    case Kind::Said: return lower(fact.words).find(lower(what.words)) != std::string::npos;
    case Kind::Tool: break;
  }
  if (fact.tool != what.tool || fact.news != what.news) return false;
  const auto* given = fact.arguments.record();
  return std::ranges::all_of(*what.arguments.record(), [&](const auto& wanted) { return given && std::ranges::find(*given, wanted) != given->end(); });
}

auto Record::find(const ir::Happening& what, Instant from, Instant to) const -> const Fact* {
  const auto found = std::ranges::find_if(facts_, [&](const Fact& fact) { return fact.at >= from && fact.at <= to && fits(fact, what); });
  return found == facts_.end() ? nullptr : &*found;
}

auto Record::count(const ir::Happening& what, Instant to) const -> int {
  return static_cast<int>(std::ranges::count_if(facts_, [&](const Fact& fact) { return fact.at <= to && fits(fact, what); }));
}

auto describe(const ir::Program& program, const ir::Happening& what) -> std::string {
  switch (what.kind) {
    case Kind::CallEnded: return "the end of the call";
    case Kind::AgentActive: return fmt::format("agent `{}`", program.agents[what.agent].name);
    case Kind::Said: return fmt::format("\"{}\"", what.words);
    case Kind::Transfer: return fmt::format("transfer `{}` {}", program.transfers[what.transfer].name, ir::to_word(what.moved));
    case Kind::Tool: break;
  }
  const auto with = what.arguments.record()->empty() ? std::string{} : to_json(what.arguments);
  return fmt::format("`{}{}` {}", program.tools[what.tool].name, with, ir::to_word(what.news));
}

}  // namespace flow::rehearse
