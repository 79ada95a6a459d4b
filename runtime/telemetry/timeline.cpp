#include "runtime/telemetry/timeline.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/base/match.h"
#include "compiler/ir/words.h"
#include "runtime/telemetry/decisions.h"
#include "runtime/telemetry/words.h"

namespace flow::telemetry {
namespace {

using core::Decision;

constexpr std::size_t LanesShown = 3;
constexpr std::size_t WhoMin = 6;  // "caller"
constexpr std::size_t WhoMax = 16;
constexpr core::Millis HeldMax{1'000};  // the agent's line, for the words that belong to it

auto who_width(const ir::Program& program) -> std::size_t {
  std::size_t width = WhoMin;
  for (const auto& agent : program.agents) width = std::max(width, columns(agent.name));
  for (const auto& tool : program.tools) width = std::max(width, columns(tool.name));
  return std::min(width, WhoMax);
}

auto padded(std::string_view text, std::size_t width) -> std::string {
  const auto wide = columns(text);
  return std::string(text) + std::string(wide < width ? width - wide : 0, ' ');
}

auto with(std::string_view words, std::string_view reason) -> std::string {
  return reason.empty() ? std::string(words) : fmt::format("{}: {}", words, reason);
}

auto waited(core::Millis duration) -> std::string { return duration.count() > 0 ? fmt::format("({})", duration_words(duration)) : std::string{}; }

// `query "last week", limit 5`; what is personal is not shown.
auto arguments_words(const ir::Tool& tool, const Value& arguments) -> std::string {
  std::string out;
  const auto* fields = arguments.record();
  if (!fields) return out;
  for (const auto& [name, value] : *fields) {
    const auto param = std::ranges::find(tool.params, name, &ir::Field::name);
    const auto personal = param != tool.params.end() && param->pii;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name, personal ? "…" : to_json(value));
  }
  return out;
}

}  // namespace

Timeline::Timeline(const ir::Program& program, Style style)
    : program_(&program), style_(style), who_width_(who_width(program)), jobs_(program), personal_(program) {}

auto Timeline::on(const core::Event& event, core::Instant now) -> std::string {
  out_.clear();
  personal_.note(event);
  match(
      event, [&](const core::SpokenTextArrived& e) { words_of(e.response) += e.text; },
      [&](const core::ItemEnded& e) {
        if (e.kind == core::ItemKind::AgentSpeech) complete_.insert(e.response);
      },
      [&](const core::ResponseEnded& e) { complete_.insert(e.response); }, [](const auto&) {});
  show_speech_if_due(now);
  return std::move(out_);
}

auto Timeline::on(const core::Effect& effect, core::Instant now) -> std::string {
  out_.clear();
  personal_.note(effect);
  match(
      effect,
      [&](const core::AdmitAudio& e) {
        if (e.response) admitted_ = e.response;
      },
      [&](const core::StartTool& e) { started(e, now); }, [&](const core::Decided& e) { decided(e, now); }, [](const auto&) {});
  show_speech_if_due(now);
  return std::move(out_);
}

auto Timeline::logged(core::JobId job, std::string_view words, core::Instant now) -> std::string {
  out_.clear();
  tool_line(job, jobs_.of(job), now, "│", printable(words), Paint::Faint);
  return std::move(out_);
}

void Timeline::decided(const core::Decided& decided, core::Instant now) {
  if (is_of_a_tool(decided.what)) return tool(decided, now);
  if (decided.what >= Decision::AgentSpeaking && decided.what <= Decision::AgentDone) return speech(decided, now);
  call(decided, now);
}

void Timeline::speech(const core::Decided& decided, core::Instant now) {
  switch (decided.what) {
    case Decision::AgentSpeaking:
      show_speech();
      if (speech_) ++overlapped_;
      speech_ = Speech{now, decided.agent, admitted_, decided.duration, {}, false};
      break;
    case Decision::AgentSaid: return agent_said(decided, now);
    case Decision::AgentCut: return agent_cut(decided, now);
    case Decision::AgentPaused: return;  // what came of it is told
    case Decision::AgentResumed:
      show_speech();
      return line(now, gutter({}, ""), name_of(decided.agent), Paint::Agent, with("goes on", printable(decided.text)));
    default:  // AgentDone
      show_speech();
      if (overlapped_ > 0) --overlapped_;  // the one before it has ended; its words were on the page
      else speech_.reset();
  }
}

// What was heard, at its end.
void Timeline::agent_said(const core::Decided& decided, core::Instant now) {
  show_speech();
  const auto words = printable(decided.text);
  if (speech_) show_rest(words, now);
  else line(now, gutter({}, ""), name_of(decided.agent), Paint::Agent, words);
}

// Words that were not there yet when the line of this speech was written.
void Timeline::show_rest(const std::string& words, core::Instant now) {
  if (words.size() <= speech_->shown.size() || !words.starts_with(speech_->shown)) return;
  put(now, gutter({}, ""), "", Paint::Agent, "… " + words.substr(speech_->shown.size()));
  speech_->shown = words;
}

void Timeline::agent_cut(const core::Decided& decided, core::Instant now) {
  const auto agent = speech_ ? speech_->agent : decided.agent;
  show_speech();
  const auto heard = decided.duration.count() > 0 ? with("✂ cut after " + duration_words(decided.duration), printable(decided.text))
                                                  : std::string("✂ cut before a word was heard");
  line(now, gutter({}, ""), name_of(agent), Paint::Agent, heard);
  speech_.reset();
  overlapped_ = 0;
}

// The words of a spoken turn come later than the agent's first sound; their place is where the turn ended.
void Timeline::caller_said(std::string_view words, core::Instant now) {
  const bool before_the_reply = turn_ended_ && speech_ && !speech_->on_page && *turn_ended_ <= speech_->began;
  const auto at = before_the_reply ? *turn_ended_ : now;
  turn_ended_.reset();
  const auto said = words.empty() ? std::string_view("(no words)") : words;
  if (before_the_reply) put(at, gutter({}, ""), "caller", Paint::Caller, said);
  else line(at, gutter({}, ""), "caller", Paint::Caller, said);
}

void Timeline::call(const core::Decided& decided, core::Instant now) {
  const auto say = [&](std::string_view who, Paint paint, std::string_view words, std::string_view note = {}) {
    line(now, gutter({}, ""), who, paint, words, note);
  };
  const auto words = printable(decided.text);
  switch (decided.what) {
    case Decision::LinkUp: return say("·", Paint::Faint, "connected");
    case Decision::LinkDown:
      overlapped_ = 0;
      return say("·", Paint::Bad, with("connection lost", words));
    case Decision::AgentActive: return say(name_of(decided.agent), Paint::Faint, "has the call");
    case Decision::CallerSpeaking:
      if (speech_) say("caller", Paint::Caller, "begins to speak");
      return;
    case Decision::CallerSilent: turn_ended_ = now; return;
    case Decision::CallerSaid:
    case Decision::CallerTyped: return caller_said(words, now);
    case Decision::CallerPressed: return say("caller", Paint::Caller, "presses " + words);
    case Decision::HandoffStarted: return say("→", Paint::Faint, fmt::format("{} hands over to {}", name_of(decided.agent), words));
    case Decision::HandoffRefused: return say("→", Paint::Bad, with("handoff refused", words));
    case Decision::RuleHeld: return say("⊘", Paint::Faint, with("rule", words));
    case Decision::CostReached: return say("!", Paint::Bad, with("the call may cost no more", words));
    case Decision::HistorySummarised: return say("·", Paint::Faint, words.empty() ? "no summary of the talk" : with("the talk in short", words));
    case Decision::TransferStarted: return say("→", Paint::Faint, fmt::format("{} puts the caller through to {}", name_of(decided.agent), words));
    case Decision::TransferOrdered: return say("→", Paint::Faint, fmt::format("the caller waits for {}", where_to(words)));
    case Decision::TransferRinging: return say("→", Paint::Faint, words + " is being called");
    case Decision::TransferAnswered: return say("→", Paint::Faint, words + " answers", waited(decided.duration));
    case Decision::TransferDone: return say("→", Paint::Good, words + " has the caller", waited(decided.duration));
    case Decision::TransferFailed: return say("→", Paint::Bad, "not put through to " + words, waited(decided.duration));
    case Decision::VoicemailReached: return say("·", Paint::Faint, "an answering machine has the call");
    case Decision::StateSet: return say("·", Paint::Faint, words + " is set");
    case Decision::ErrorReported: return say("!", Paint::Bad, words);
    case Decision::CallEnding: return say("·", Paint::Faint, with("the call is ending", words));
    case Decision::CallEnded: return say("·", Paint::Faint, with("the call is over", words), waited(decided.duration));
    default: return;  // the trace has it
  }
}

void Timeline::started(const core::StartTool& start, core::Instant now) {
  jobs_.note(start);
  if (std::ranges::find(lanes_, start.job) != lanes_.end()) return;  // a further attempt
  const auto free = std::ranges::find(lanes_, core::JobId{});
  if (free == lanes_.end()) lanes_.push_back(start.job);
  else *free = start.job;
  const auto& tool = program_->tools[start.tool];
  tool_line(start.job, tool.name, now, "●", arguments_words(tool, start.arguments), Paint::Tool);
}

void Timeline::tool(const core::Decided& decided, core::Instant now) {
  const auto [name, reason] = jobs_.parts(decided);
  const auto words = printable(reason);
  const auto time = duration_words(decided.duration);
  const auto goes_on = [&, &name = name](std::string_view mark, std::string_view text, Paint paint = Paint::Tool) {
    tool_line(decided.job, name, now, mark, text, paint);
  };
  const auto ends = [&](std::string_view mark, std::string_view text, Paint paint) {
    goes_on(mark, text, paint);
    std::ranges::replace(lanes_, decided.job, core::JobId{});
  };
  switch (decided.what) {
    case Decision::ToolRefused: return ends("✗", with("not run", words), Paint::Bad);
    case Decision::ToolJoined: return goes_on("=", "asked for again: the same run answers");
    case Decision::ToolAcked: return goes_on("│", "no result yet, the caller is told so");
    case Decision::ToolProgress: return goes_on("│", with("so far", words));
    case Decision::ToolRetried: return goes_on("│", with("tried again in " + time, words));
    case Decision::ToolReady: return goes_on("◆", "ready after " + time);
    case Decision::ToolHeld: return goes_on("◆", with("waits", words));
    case Decision::ToolInjected: return goes_on("▶", "given to the model " + time + " after it was ready");
    case Decision::ToolInterrupted: return goes_on("✂", "cut after " + time);
    case Decision::ToolDelivered: return ends("✓", "heard by the caller", Paint::Good);
    case Decision::ToolFailed: return ends("✗", with("failed after " + time, words), Paint::Bad);
    case Decision::ToolTimedOut: return ends("✗", "timed out after " + time, Paint::Bad);
    case Decision::ToolCancelled: return ends("✗", with("stopped after " + time, words), Paint::Bad);
    case Decision::ToolUndone: return goes_on("↶", with("undone by", words), Paint::Faint);
    case Decision::ToolExpired: return ends("✗", "no longer told, " + time + " after it was ready", Paint::Bad);
    case Decision::ToolSkipped: return ends("✓", with("not told", words), Paint::Faint);
    case Decision::ToolKept: return ends("✓", with("done, and nobody to tell", words), Paint::Faint);
    case Decision::ToolUnknown: return ends("✗", with("nobody knows whether it happened", words), Paint::Bad);
    case Decision::ToolLate: return goes_on("✗", "came too late and was dropped", Paint::Faint);
    default: return;  // the trace has it
  }
}

void Timeline::show_speech() {
  if (!speech_ || speech_->on_page) return;
  speech_->on_page = true;
  speech_->shown = printable(words_of(speech_->response));
  const auto more = complete_.contains(speech_->response) ? "" : speech_->shown.empty() ? "…" : " …";
  put(speech_->began, gutter({}, ""), name_of(speech_->agent), Paint::Agent, speech_->shown + more, waited(speech_->waited));
}

void Timeline::show_speech_if_due(core::Instant now) {
  if (!speech_) return;
  const bool complete = complete_.contains(speech_->response);
  if (speech_->on_page && complete) return show_rest(printable(words_of(speech_->response)), now);
  if ((complete && !turn_ended_) || now - speech_->began >= HeldMax) show_speech();
}

void Timeline::tool_line(core::JobId job, std::string_view name, core::Instant now, std::string_view mark, std::string_view words, Paint paint) {
  line(now, gutter(job, mark), name.empty() ? "a tool" : name, paint, words);
}

void Timeline::line(core::Instant at, std::string_view gutter, std::string_view who, Paint paint, std::string_view words, std::string_view note) {
  show_speech();
  put(at, gutter, who, paint, words, note);
}

void Timeline::put(core::Instant at, std::string_view gutter, std::string_view who, Paint paint, std::string_view words, std::string_view note) {
  const auto ms = at.since_start.count();
  const auto time = fmt::format("{:4}.{:02} s", ms / 1000, ms % 1000 / 10);
  const auto indent = columns(time) + 2 + LanesShown + 1 + who_width_ + 2;
  const auto room = style_.width > indent + 20 ? style_.width - indent : 0;
  const auto whose = paint == Paint::Faint ? Paint::Faint : paint;
  const auto text = paint == Paint::Caller || paint == Paint::Agent ? Paint::Plain : paint;

  out_ += fmt::format("{}  {} {}  ", painted(time, Paint::Faint, style_), painted(gutter, Paint::Tool, style_), painted(padded(who, who_width_), whose, style_));
  auto lines = wrap(personal_.masked(words), room);
  if (!note.empty()) {
    const auto fits = room == 0 || columns(lines.back()) + 2 + columns(note) <= room;
    if (!fits) lines.emplace_back();
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out_ += std::string(indent, ' ');
    out_ += painted(lines[i], text, style_);
    if (i + 1 == lines.size() && !note.empty()) out_ += (lines[i].empty() ? "" : "  ") + painted(note, Paint::Faint, style_);
    out_ += '\n';
  }
}

auto Timeline::gutter(core::JobId job, std::string_view mark) const -> std::string {
  std::string out;
  bool drawn = mark.empty();
  for (std::size_t lane = 0; lane < LanesShown; ++lane) {
    const auto run = lane < lanes_.size() ? lanes_[lane] : core::JobId{};
    if (job && run == job) {
      out += mark;
      drawn = true;
    } else if (!drawn && !run && (!job || std::ranges::find(lanes_, job) == lanes_.end())) {
      out += mark;  // a run that never began
      drawn = true;
    } else {
      out += run ? "│" : " ";
    }
  }
  return out;
}

// `human (phone +15550100)`.
auto Timeline::where_to(std::string_view name) const -> std::string {
  const auto found = std::ranges::find(program_->transfers, name, &ir::Transfer::name);
  if (found == program_->transfers.end()) return std::string(name);
  return fmt::format("{} ({} {})", name, ir::to_word(found->to), found->address);
}

auto Timeline::name_of(Id<ir::Agent> agent) const -> std::string_view {
  return agent && program_->agents.has(agent) ? std::string_view(program_->agents[agent].name) : "agent";
}

// Only the last few responses can still be shown.
auto Timeline::words_of(core::ResponseId response) -> std::string& {
  constexpr std::uint32_t Kept = 8;
  if (response.n > Kept) {
    words_.erase(words_.begin(), words_.lower_bound(core::ResponseId{response.n - Kept}));
    complete_.erase(complete_.begin(), complete_.lower_bound(core::ResponseId{response.n - Kept}));
  }
  return words_[response];
}

}  // namespace flow::telemetry
