#include "runtime/channels/script_player.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "compiler/base/match.h"

namespace flow::channels {

ScriptPlayer::ScriptPlayer(Script script, Manner manner) : script_{std::move(script)}, manner_{manner} {
  auto& steps = script_.steps;
  if (!steps.empty() && std::holds_alternative<HangsUp>(steps.back().act)) return;
  const int line = steps.empty() ? 0 : steps.back().line;
  steps.push_back({.from = From::ReplyEnd, .delay = Parting, .act = HangsUp{}, .line = line});
}

void ScriptPlayer::agent_started(core::Instant now) {
  agent_speaks_ = true;
  agent_started_ = now;
  has_spoken_ = true;
  if (!saying_ || !means_it_) reply_begun_ = true;
}

void ScriptPlayer::agent_finished(core::Instant now) {
  agent_speaks_ = false;
  agent_finished_ = now;
}

void ScriptPlayer::agent_active(std::string_view agent) {
  if (active_agent_ == agent) return;
  active_agent_ = agent;
  has_spoken_ = agent_speaks_;
}
void ScriptPlayer::tool_delivered(std::string_view tool) { delivered_[std::string{tool}] += 1; }

void ScriptPlayer::caller_finished(core::Instant now) {
  if (std::exchange(saying_, false) && means_it_) step_done(now, Owed::Reply);
}

void ScriptPlayer::advance(core::Instant now, std::vector<Move>& moves) {
  while (!finished() && !saying_) {
    const auto step = script_.steps[next_];
    switch (verdict(step, now)) {
      case Verdict::Wait: return;
      case Verdict::Go: perform(step, now, moves); break;
      case Verdict::GiveUp: give_up(step, moves); break;
    }
  }
}

auto ScriptPlayer::verdict(const Step& step, core::Instant now) -> Verdict {
  if (std::holds_alternative<WaitsForTool>(step.act) || std::holds_alternative<WaitsForAgent>(step.act))
    return awaited(step, now);
  if (step.from == From::CallStart) return now >= core::Instant{step.delay} ? Verdict::Go : Verdict::Wait;

  const bool unanswered_key = owed_ == Owed::PerhapsReply && now >= since_ + KeyPatience;
  const bool heard = reply_begun_ || (step.from == From::ReplyEnd && (owed_ == Owed::Nothing || unanswered_key));
  if (!heard) return !agent_speaks_ && now >= since_ + Patience ? Verdict::GiveUp : Verdict::Wait;
  if (step.from == From::ReplyEnd && agent_speaks_) return Verdict::Wait;
  const auto from = std::max(since_, step.from == From::ReplyEnd ? agent_finished_ : agent_started_);
  return now >= from + step.delay ? Verdict::Go : Verdict::Wait;
}

// Waits are settled by what happened since no earlier step took it, so it does not matter which came first.
auto ScriptPlayer::awaited(const Step& step, core::Instant now) -> Verdict {
  return match(
      step.act,
      [&](const WaitsForTool& wait) {
        if (delivered_[wait.name] > 0) return Verdict::Go;
        return now >= since_ + wait.within ? Verdict::GiveUp : Verdict::Wait;
      },
      [&](const WaitsForAgent& wait) {
        if (active_agent_ == wait.name) return Verdict::Go;
        return now >= since_ + wait.within ? Verdict::GiveUp : Verdict::Wait;
      },
      [](const auto&) { return Verdict::Go; });
}

void ScriptPlayer::perform(const Step& step, core::Instant now, std::vector<Move>& moves) {
  match(
      step.act,
      [&](const Says& says) {
        moves.emplace_back(Say{says.text, step.line});
        saying_ = means_it_ = manner_ == Manner::Speaks;
        if (!saying_) step_done(now, Owed::Reply);
      },
      [&](const Murmurs& murmurs) { sound_made(Murmur{murmurs.text, step.line}, moves); },
      [&](const Coughs&) { sound_made(Cough{}, moves); },
      [&](const Presses& presses) {
        for (const char digit : presses.digits) moves.emplace_back(Press{digit});
        step_done(now, Owed::PerhapsReply);
      },
      [&](const IsMachine&) {
        moves.emplace_back(Beep{});
        step_done(now, Owed::PerhapsReply);
      },
      [&](const HangsUp&) {
        moves.emplace_back(HangUpNow{});
        next_ = script_.steps.size();
      },
      [&](const WaitsForTool& wait) {
        delivered_[wait.name] -= 1;
        step_done(now, Owed::Nothing);
      },
      [&](const WaitsForAgent&) { step_done(now, has_spoken_ ? Owed::Nothing : Owed::PerhapsReply); });
}

// The next step counts from where this one did: the agent owes nothing for it.
void ScriptPlayer::sound_made(const Move& sound, std::vector<Move>& moves) {
  next_ += 1;
  if (manner_ == Manner::Types) return;
  moves.push_back(sound);
  saying_ = true;
  means_it_ = false;
}

void ScriptPlayer::step_done(core::Instant now, Owed owed) {
  next_ += 1;
  since_ = now;
  owed_ = owed;
  // Whoever waited may interrupt what the agent is saying already; whoever spoke waits for what it says to that.
  reply_begun_ = owed == Owed::Nothing && agent_speaks_;
}

void ScriptPlayer::give_up(const Step& step, std::vector<Move>& moves) {
  const auto seconds = [](core::Millis time) { return static_cast<double>(time.count()) / 1000; };
  const auto text = match(
      step.act,
      [&](const WaitsForTool& wait) {
        return fmt::format("the result of tool `{}` was not delivered within {} s", wait.name, seconds(wait.within));
      },
      [&](const WaitsForAgent& wait) {
        return fmt::format("agent `{}` did not get the call within {} s", wait.name, seconds(wait.within));
      },
      [&](const auto&) { return fmt::format("the agent did not begin to speak within {} s", seconds(Patience)); });
  moves.emplace_back(GiveUp{text, step.line});
  next_ = script_.steps.size();
}

}  // namespace flow::channels
