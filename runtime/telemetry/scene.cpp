#include "runtime/telemetry/scene.h"

#include <algorithm>
#include <cstdlib>
#include <ranges>

#include "runtime/telemetry/decisions.h"

namespace flow::telemetry {

using core::Decision;
using core::Instant;
using core::Millis;

// ── Envelope ─────────────────────────────────────────────────────────────────────────────────────────────────

void Envelope::add(core::Samples at, audio::Pcm pcm) {
  for (std::size_t i = 0; i < pcm.size(); ++i) {
    const auto place = at.count + static_cast<std::int64_t>(i);
    if (place < 0 || place >= core::to_samples(TimeMax).count) return;
    const auto step = static_cast<std::size_t>(place / Step.count);
    if (step >= peaks_.size()) peaks_.resize(step + 1);
    peaks_[step] = std::max(peaks_[step], static_cast<std::uint16_t>(std::abs(int{pcm[i]})));
  }
}

auto Envelope::peak(Instant from, Instant until) const -> int {
  const auto step = [&](Instant at) { return std::clamp<std::int64_t>(core::to_samples(at.since_start).count / Step.count, 0, std::ssize(peaks_)); };
  const auto begin = step(from), end = std::clamp<std::int64_t>(std::max(step(until), begin + 1), 0, std::ssize(peaks_));
  return begin < end ? *std::max_element(peaks_.begin() + begin, peaks_.begin() + end) : 0;
}

auto Envelope::end() const -> Instant { return {core::to_ms({std::ssize(peaks_) * Step.count})}; }

// ── Sketch ───────────────────────────────────────────────────────────────────────────────────────────────────

Sketch::Sketch(const ir::Program& program, std::string title) : program_(&program), jobs_(program), personal_(program) { scene_.title = std::move(title); }

void Sketch::on(const core::Effect& effect, Instant now) {
  scene_.end = std::max(scene_.end, now);
  personal_.note(effect);
  if (const auto* start = std::get_if<core::StartTool>(&effect)) {
    jobs_.note(*start);
    const auto known = std::ranges::find(scene_.runs, start->job, &Scene::Run::job);
    if (known == scene_.runs.end()) scene_.runs.push_back({.tool = std::string(jobs_.of(start->job)), .job = start->job, .from = now});
  }
  if (const auto* it = std::get_if<core::Decided>(&effect)) {
    auto shown = *it;
    shown.text = personal_.masked(it->text);
    decided(shown, now);
  }
}

void Sketch::decided(const core::Decided& decided, Instant now) {
  if (is_of_a_tool(decided.what)) return tool(decided, now);
  const auto mark = [&](Scene::Mark::Kind kind, std::string words) { scene_.marks.push_back({kind, now, std::move(words)}); };
  switch (decided.what) {
    case Decision::CallerPressed: return mark(Scene::Mark::Kind::Digit, decided.text);
    case Decision::HandoffStarted: return mark(Scene::Mark::Kind::Handoff, decided.text);
    case Decision::TransferStarted: return mark(Scene::Mark::Kind::Handoff, decided.text);
    case Decision::TransferFailed:
    case Decision::LinkDown:
    case Decision::HandoffRefused:
    case Decision::ErrorReported: return mark(Scene::Mark::Kind::Trouble, decided.text);
    case Decision::CallEnding: return mark(Scene::Mark::Kind::Ending, decided.text.empty() ? "the call is ending" : decided.text);
    default: return speech(decided, now);
  }
}

void Sketch::speech(const core::Decided& decided, Instant now) {
  auto& caller = scene_.caller;
  switch (decided.what) {
    case Decision::CallerSpeaking:
      caller.push_back({.from = now, .who = "caller"});
      caller_speaks_ = true;
      return;
    case Decision::CallerSilent:
      if (std::exchange(caller_speaks_, false)) caller.back().until = now;
      return;
    case Decision::CallerSaid: {  // comes after the turn, maybe while the next is being spoken
      const auto lacks = [](const Scene::Speech& one) { return one.words.empty() && !one.typed; };
      const auto turn = std::ranges::find_if(caller | std::views::reverse, lacks);
      if (turn != caller.rend()) turn->words = decided.text;
      return;
    }
    case Decision::CallerTyped:
      caller.push_back({.from = now, .until = now, .who = "caller", .words = decided.text, .typed = true});
      caller_speaks_ = false;
      return;
    case Decision::AgentSpeaking: {
      const auto name = decided.agent && program_->agents.has(decided.agent) ? program_->agents[decided.agent].name : std::string("agent");
      if (agent_speaks_) scene_.agent.back().until = now;
      scene_.agent.push_back({.from = now, .who = name});
      agent_speaks_ = true;
      return;
    }
    case Decision::AgentSaid:
      if (agent_speaks_) scene_.agent.back().words += (scene_.agent.back().words.empty() ? "" : " ") + decided.text;
      return;
    case Decision::AgentCut: return agent_ends(decided, now, true);
    case Decision::AgentDone: return agent_ends(decided, now, false);
    default: return;
  }
}

void Sketch::agent_ends(const core::Decided& decided, Instant now, bool cut) {
  if (!std::exchange(agent_speaks_, false)) return;
  auto& speech = scene_.agent.back();
  speech.until = now;
  speech.cut = cut;
  speech.heard = decided.duration;
}

void Sketch::tool(const core::Decided& decided, Instant now) {
  const auto run = std::ranges::find(scene_.runs, decided.job, &Scene::Run::job);
  const auto words = jobs_.parts(decided).words;
  if (run == scene_.runs.end()) {
    if (decided.what == Decision::ToolRefused) scene_.marks.push_back({Scene::Mark::Kind::Trouble, now, decided.text});
    return;
  }
  const auto ends = [&](Scene::Run::End how) {
    run->until = now;
    run->end = how;
    run->words = words;
  };
  switch (decided.what) {
    case Decision::ToolReady: run->ready = now; return;
    case Decision::ToolDelivered: return ends(Scene::Run::End::Told);
    case Decision::ToolSkipped:
    case Decision::ToolKept: return ends(Scene::Run::End::Quiet);
    case Decision::ToolFailed:
    case Decision::ToolTimedOut:
    case Decision::ToolCancelled:
    case Decision::ToolExpired:
    case Decision::ToolUnknown: return ends(Scene::Run::End::Failed);
    default: return;
  }
}

auto Sketch::scene() -> Scene {
  auto scene = scene_;
  scene.end = std::max({scene.end, scene.caller_sound.end(), scene.agent_sound.end()});
  if (caller_speaks_) scene.caller.back().until = scene.end;
  if (agent_speaks_) scene.agent.back().until = scene.end;
  for (auto& run : scene.runs) {
    if (run.end == Scene::Run::End::Open) run.until = scene.end;
  }
  return scene;
}

}  // namespace flow::telemetry
