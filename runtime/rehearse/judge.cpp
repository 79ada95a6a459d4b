#include "runtime/rehearse/judge.h"

#include <fmt/format.h>

#include <algorithm>

namespace flow::rehearse {

using namespace core;
using Kind = ir::Happening::Kind;

namespace {

constexpr std::size_t ShownMax = 8;      // lines about what happened instead
constexpr Millis OverlapMax{100};        // shorter is not heard as talking over somebody; beyond what `barge_in` asks for

auto seconds(Millis time) -> std::string { return fmt::format("{:.2f} s", static_cast<double>(time.count()) / 1000); }
auto seconds(Instant at) -> std::string { return seconds(at.since_start); }

class Judge {
 public:
  Judge(const ir::Program& program, const Script& script) : program_(program), script_(script), record_(script.record()), end_(script.script_over()) {}

  auto failures() -> std::vector<Failure> {
    for (const auto& expected : script_.expected()) one(expected);
    return std::move(failures_);
  }

 private:
  void one(const Expected& expected) {
    using Of = ir::Expectation::Kind;
    step_ = expected.step;
    const auto& e = step_->expectation;
    switch (e.kind) {
      case Of::Happens: return happens(expected);
      case Of::Never: return never(expected);
      case Of::Before: return before();
      case Of::NoOverlap: return overlap();
      case Of::NoSilence: return silence();
      case Of::LastsUnder:
        if (script_over() >= e.limit) fail(fmt::format("the call lasted {}", seconds(script_over())), {});
    }
  }

  void happens(const Expected& expected) {
    const auto& e = step_->expectation;
    if (e.times) {
      const auto times = record_.count(e.what, end_);
      if (times != *e.times) fail(fmt::format("this happened {} times, not {}", times, *e.times), instead(e.what));
      return;
    }
    const auto until = e.within ? expected.until : end_;
    if (record_.find(e.what, expected.from, until)) return;
    const auto* late = e.within ? record_.find(e.what, until, end_) : nullptr;
    const auto due = until + Millis{-(e.within ? e.within->count() : 0)};
    if (late) return fail(fmt::format("this came too late, {} after the steps above", seconds(late->at - due)), instead(e.what), late->at);
    fail(e.within ? "this did not happen in time" : "this did not happen", instead(e.what), e.within ? until : end_);
  }

  void never(const Expected& expected) {
    const auto& e = step_->expectation;
    const auto* found = record_.find(e.what, e.within ? expected.from : Instant{}, e.within ? expected.until : end_);
    if (found) fail(fmt::format("this did happen, {} into the call", seconds(found->at)), {}, found->at);
  }

  void before() {
    const auto& e = step_->expectation;
    const auto* first = record_.find(e.what, {}, end_);
    const auto* second = record_.find(e.then, {}, end_);
    if (!first) return fail(fmt::format("{} did not happen", describe(program_, e.what)), instead(e.what));
    if (!second) return fail(fmt::format("{} did not happen", describe(program_, e.then)), instead(e.then));
    if (first > second) fail(fmt::format("it was the other way round: {} at {}, {} at {}", describe(program_, e.then), seconds(second->at), describe(program_, e.what), seconds(first->at)), {}, first->at);
  }

  void overlap() {
    auto allowed = OverlapMax;
    for (const auto& agent : program_.agents) allowed = std::max(allowed, OverlapMax + agent.barge_in.after);
    for (const auto& agent : script_.stage().agent_heard()) {
      for (const auto& caller : script_.stage().caller_heard()) {
        const auto from = std::max(agent.from, caller.from);
        const auto to = std::min({agent.to, caller.to, end_});
        if (to - from <= allowed) continue;
        return fail(fmt::format("agent and caller were heard at the same time for {}, from {} on", seconds(to - from), seconds(from)), {}, from);
      }
    }
  }

  void silence() {
    auto heard = script_.stage().agent_heard();
    heard.insert(heard.end(), script_.stage().caller_heard().begin(), script_.stage().caller_heard().end());
    heard.push_back({end_, end_});
    std::ranges::sort(heard, {}, [](const Heard& h) { return h.from; });
    Instant silent_since;
    for (const auto& each : heard) {
      const auto from = std::min(each.from, end_);
      if (from - silent_since > step_->expectation.limit) return fail(fmt::format("nobody was heard for {}, from {} on", seconds(from - silent_since), seconds(silent_since)), {}, silent_since);
      silent_since = std::max(silent_since, each.to);
    }
  }

  // What the same tool, voice or agent did.
  auto instead(const ir::Happening& what) -> std::vector<std::string> {
    std::vector<std::string> lines;
    for (const auto& fact : record_.facts()) {
      if (fact.kind != what.kind || fact.tool != what.tool || fact.at > end_) continue;
      switch (fact.kind) {
        case Kind::CallEnded: lines.push_back(fmt::format("{:>8}  the call ended", seconds(fact.at))); break;
        case Kind::AgentActive: lines.push_back(fmt::format("{:>8}  `{}` has the call", seconds(fact.at), program_.agents[fact.agent].name)); break;
        case Kind::Transfer:
          lines.push_back(fmt::format("{:>8}  transfer `{}` {}{}{}", seconds(fact.at), program_.transfers[fact.transfer].name, ir::to_word(fact.moved), fact.words.empty() ? "" : ": ", fact.words));
          break;
        case Kind::Said: lines.push_back(fmt::format("{:>8}  \"{}\"", seconds(fact.at), fact.words)); break;
        case Kind::Tool:
          lines.push_back(fmt::format("{:>8}  {}{}{}", seconds(fact.at), ir::to_word(fact.news), fact.words.empty() ? "" : ": ", fact.words) +
                          (fact.news == ir::ToolNews::Called && fact.arguments.record() ? " with " + to_json(fact.arguments) : ""));
      }
    }
    if (lines.size() > ShownMax) lines.erase(lines.begin(), lines.end() - ShownMax);
    if (lines.empty() && what.kind == Kind::Tool) lines.push_back(fmt::format("`{}` was never called", program_.tools[what.tool].name));
    if (lines.empty() && what.kind == Kind::Said) lines.emplace_back("the caller heard nothing");
    return lines;
  }

  auto script_over() const -> Millis {
    const ir::Happening ended{.kind = Kind::CallEnded};
    const auto* end = record_.find(ended, {}, end_);
    return (end ? end->at : end_).since_start;
  }

  void fail(std::string text, std::vector<std::string> lines) { fail(std::move(text), std::move(lines), end_); }
  void fail(std::string text, std::vector<std::string> lines, Instant around) {
    failures_.push_back({Failure::Kind::Expectation, step_->about, std::move(text), std::move(lines), around});
  }

  const ir::Program& program_;
  const Script& script_;
  const Record& record_;
  Instant end_;
  const ir::TestStep* step_ = nullptr;
  std::vector<Failure> failures_;
};

}  // namespace

auto judge(const ir::Program& program, const Script& script) -> std::vector<Failure> { return Judge{program, script}.failures(); }

}  // namespace flow::rehearse
