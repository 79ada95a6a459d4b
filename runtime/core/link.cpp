// Is there a service, and does it know what we want of it? A lost socket, the service's time limit and a first
// connection are one operation: open, configure, replay what was heard, feed the caller's audio, go on.

#include <algorithm>

#include "runtime/core/machine.h"

namespace flow::core {
namespace {

constexpr Millis OpenWait{15'000};
constexpr Millis ConfigureWait{5'000};
constexpr Millis DownMax{30'000};       // without a service for so long, the call ends
constexpr Millis BeforeCap{60'000};     // when the cap is so near, a quiet moment is looked for
constexpr Millis CapIsHere{10'000};     // then it is not waited for any longer
constexpr std::size_t ReplayMax = 80;   // entries of history

// Twice as long each time, up to the most that the flow allows.
auto back_off(const ir::Reconnect& rules, int failures) -> Millis {
  return std::min(rules.last, rules.first * (1 << std::clamp(failures - 1, 0, 12)));
}

}  // namespace

void Machine::open_link(Millis after) {
  s.link.epoch = Epoch{++s.last_epoch};
  s.link.stage = Link::Stage::Opening;
  s.link.configured.reset();
  s.link.awaiting_configured = false;
  s.link.renew_due = s.link.renew_now = false;
  if (s.link.realtime != connection()) s.link.failures = 0, s.link.voice_refused = false;
  s.link.realtime = connection();
  out.push_back(OpenLink{s.link.epoch, after, s.link.realtime});
  arm(Wait::LinkOpens, after + OpenWait);
}

void Machine::on(const LinkOpened& e) {
  if (!ours(e.epoch) || s.link.stage != Link::Stage::Opening || !in_call()) return;
  drop(Wait::LinkOpens);
  s.link.can = e.can;
  s.link.stage = Link::Stage::Configuring;
  if (e.lives_for) arm(Wait::LinkRenews, std::max(Millis{1'000}, *e.lives_for - BeforeCap));
  configure();
}

void Machine::on(const LinkFailed& e) {
  if (!ours(e.epoch) || s.link.stage != Link::Stage::Opening || !in_call()) return;
  drop(Wait::LinkOpens);
  decide(Decision::LinkDown, e.code + ": " + e.text);
  ++s.link.failures;
  if (e.fatal || s.link.failures > reconnect().tries) {
    s.link.stage = Link::Stage::Closed;
    return service_is_gone(e.code, e.text);
  }
  if (s.link.was_up && !s.timers.armed(Wait::LinkComesBack)) arm(Wait::LinkComesBack, DownMax);
  open_link(back_off(reconnect(), s.link.failures));
}

void Machine::on(const LinkLost& e) {
  if (!ours(e.epoch) || !in_call()) return;
  if (s.link.stage == Link::Stage::Opening) return on(LinkFailed{e.epoch, false, e.code, e.text});
  decide(Decision::LinkDown, e.code + ": " + e.text);
  const auto never_configured = s.link.stage == Link::Stage::Configuring;
  lose_link();
  s.link.stage = Link::Stage::Closed;
  if ((never_configured && ++s.link.failures > reconnect().tries) || reconnect().tries == 0) return service_is_gone(e.code, e.text);
  if (!s.timers.armed(Wait::LinkComesBack)) arm(Wait::LinkComesBack, DownMax);
  open_link(never_configured ? back_off(reconnect(), s.link.failures) : Millis{0});
}

// The connection of the agent who has the call, or what stands in for it.
auto Machine::connection() const -> Id<ir::Realtime> {
  auto wanted = program.agents[s.agent].realtime ? program.agents[s.agent].realtime : program.realtime;
  while (wanted && std::ranges::find(s.link.gone, wanted) != s.link.gone.end() && program.realtimes[wanted].fallback) wanted = program.realtimes[wanted].fallback;
  return wanted;
}

auto Machine::reconnect() const -> const ir::Reconnect& {
  static const ir::Reconnect usual;
  return s.link.realtime ? program.realtimes[s.link.realtime].reconnect : usual;
}

// It does not come back: the connection that stands in for it, a way out that needs none, or the end.
void Machine::service_is_gone(std::string code, std::string text) {
  if (!in_call()) return;
  if (s.link.stage != Link::Stage::Closed) out.push_back(CloseLink{s.link.epoch});
  lose_link();
  s.link.stage = Link::Stage::Closed;
  drop(Wait::LinkComesBack);
  if (s.link.realtime) s.link.gone.push_back(s.link.realtime);
  if (connection() != s.link.realtime) {
    if (s.link.was_up) arm(Wait::LinkComesBack, DownMax);
    return open_link(Millis{0});
  }
  s.gone_code = std::move(code);
  s.gone_text = std::move(text);
  handle(ir::EventPattern::Kind::ProviderLost, 1, {}, Value::Record{});
  if (!leaving()) end_with_error(s.gone_code, s.gone_text);
}

// What was on its way to or from the old link: received sound plays on, a cut reply is gone on with, jobs run on.
void Machine::lose_link() {
  drop(Wait::LinkOpens);
  drop(Wait::LinkConfigured);
  drop(Wait::LinkRenews);
  drop(Wait::AskVerdict);
  drop(Wait::AskHold);
  drop(Wait::CancelEnds);
  drop(Wait::VoiceStill);
  s.link.awaiting_configured = false;
  s.link.configured.reset();
  give_back(std::exchange(s.ask, {}).intents);
  s.running.clear();
  if (s.voice.slot == Voice::Slot::Cancelling) s.voice = {};
  if (s.voice.slot == Voice::Slot::Active) {
    auto& speech = s.voice.speech;
    speech.ended = true;
    const auto spoke = std::ranges::any_of(speech.items, [](const Spoken& i) { return i.length() > Samples{}; });
    if (!spoke) {
      give_back(std::exchange(speech.intents, {}));
      empty_voice();
    } else {
      std::string so_far;
      for (const auto& item : speech.items) so_far += item.text;
      // A result that was cut off here is told again by its own policy.
      const auto tells = std::ranges::any_of(speech.intents, [](const Intent& i) { return i.kind == Intent::Kind::Result || i.kind == Intent::Kind::Offer; });
      if (!speech.out_of_band && !tells) intend(Intent::Kind::Continue, so_far);
      drain();
    }
  }
  if (!s.caller.holds_key) {
    s.caller.speaking = false;
    drop(Wait::SpeechEnds);
    go_on("the link was lost");
  }
  if (s.caller.uncommitted) drop(Wait::CommitComes);  // the next link is told the turn anew
  // The transcript that would have told whether a turn had words does not come any more: it had.
  const bool was_turn = bool(std::exchange(s.caller.judged, {}));
  s.caller.doubted = {};
  drop(Wait::Transcript);
  if (was_turn) owe_reply();
  for (auto& j : s.jobs) {
    if (j.answer == Job::Answer::Open) j.answer = Job::Answer::Void;
  }
  for (auto& f : s.forms) f.calls.clear();  // void with the link; what was answered is kept
  for (auto& group : s.groups) {
    drop(Wait::GroupAnswers, group.id.n);
    if (group.silent && group.told.empty() && !group.needs_reply) continue;
    auto& reply = intend(Intent::Kind::ToolReply);
    reply.jobs = group.told;
  }
  s.groups.clear();
  hear_tail_again();
}

void Machine::on(const LinkGoingAway& e) {
  if (!ours(e.epoch)) return;
  arm(Wait::LinkRenews, std::max(Millis{0}, e.in - BeforeCap));
}

// The cap comes nearer: first a quiet moment is looked for, then none is waited for.
void Machine::cap_nears() {
  s.link.renew_now = s.link.renew_due;
  s.link.renew_due = true;
  if (!s.link.renew_now) arm(Wait::LinkRenews, BeforeCap - CapIsHere);
}

void Machine::renew_if_due() {
  if (!s.link.renew_due || !s.link.up()) return;
  const auto quiet = !speaking() && !s.caller.speaking && !reply_owed() && s.groups.empty() && !s.handoff;
  if (!quiet && !s.link.renew_now) return;
  out.push_back(CloseLink{s.link.epoch});
  lose_link();
  open_link(Millis{0});
}

void Machine::on(const Configured& e) {
  if (!ours(e.epoch) || !s.link.configured || e.config != s.link.configured->config) return;
  s.link.awaiting_configured = false;
  drop(Wait::LinkConfigured);
  if (s.link.stage == Link::Stage::Configuring) link_is_up();
  if (s.handoff && s.handoff->stage == PendingHandoff::Stage::Configuring) arrived();
}

void Machine::link_is_up() {
  s.link.stage = Link::Stage::Up;
  s.link.failures = 0;
  drop(Wait::LinkComesBack);
  decide(Decision::LinkUp);
  replay_history();  // of the first one: what was typed, and said, before the service was there
  out.push_back(ReplayCallerAudio{s.link.epoch});
  if (s.caller.uncommitted && !s.caller.holds_key) commit_turn();
  if (std::exchange(s.link.was_up, true)) return;
  if (!s.handoff) greet(false);
}

void Machine::replay_history() {
  const auto first = s.history.size() > ReplayMax ? s.history.size() - ReplayMax : 0;
  for (auto i = first; i < s.history.size(); ++i) {
    auto& entry = s.history[i];
    if (entry.epoch == s.link.epoch) continue;
    const auto item = ItemId{++s.last_item};
    entry.item = item;
    entry.epoch = s.link.epoch;
    switch (entry.kind) {
      case Entry::Kind::Caller: out.push_back(CreateMessage{s.link.epoch, item, Role::Caller, entry.text}); break;
      case Entry::Kind::Agent: out.push_back(CreateMessage{s.link.epoch, item, Role::Agent, entry.text}); break;
      case Entry::Kind::Note: out.push_back(CreateMessage{s.link.epoch, item, Role::System, entry.text}); break;
      case Entry::Kind::Call: {
        // Only a call that was answered has a place in the new conversation.
        const auto is_answered = std::ranges::any_of(s.history, [&](const Entry& o) { return o.kind == Entry::Kind::Output && o.call == entry.call; });
        if (is_answered) out.push_back(RecallFunction{s.link.epoch, item, entry.call, entry.name, entry.text});
        break;
      }
      case Entry::Kind::Output: {
        const auto calls = std::ranges::subrange(s.history.begin() + static_cast<std::ptrdiff_t>(first), s.history.end());
        const auto is_called = std::ranges::any_of(calls, [&](const Entry& o) { return o.kind == Entry::Kind::Call && o.call == entry.call; });
        if (is_called) out.push_back(AnswerCall{s.link.epoch, item, entry.call, entry.text});
        break;
      }
    }
  }
}

auto Machine::wanted_configuration() -> Configure {
  const auto& agent = program.agents[s.agent];
  // A turn that is being spoken is ended by the detection that it began with.
  const auto keeps_turns = s.link.configured && in_turn();
  const auto& turns = keeps_turns ? s.link.configured->turn_detection : agent.turn_detection;
  const auto server_turns = s.link.realtime && program.realtimes[s.link.realtime].turn_control == ir::TurnControl::Server;
  return {.epoch = s.link.epoch, .config = {}, .agent = s.agent, .instructions = prompt(), .functions = functions(),
          .turn_detection = turns, .server_turns = server_turns || !s.link.can.own_turns, .first = !s.link.configured};
}

auto Machine::configuration_is_stale() -> bool {
  if (!s.link.configured) return true;
  auto wanted = wanted_configuration();
  wanted.config = s.link.configured->config;
  wanted.first = s.link.configured->first;
  return !(wanted == *s.link.configured);
}

void Machine::configure() {
  announce_rules();
  auto wanted = wanted_configuration();
  wanted.config = ConfigId{++s.last_config};
  s.link.configured = wanted;
  s.link.awaiting_configured = true;
  out.push_back(std::move(wanted));
  arm(Wait::LinkConfigured, ConfigureWait);
}

void Machine::catch_up_turn_detection() {
  if (!s.link.up() || s.link.awaiting_configured || in_turn() || s.handoff) return;
  if (!(s.link.configured->turn_detection == program.agents[s.agent].turn_detection)) configure();
}

// Says something into the conversation; without a link it waits in the history for the next one.
void Machine::message(Role role, const std::string& text, Entry::Kind kind) {
  const auto item = ItemId{++s.last_item};
  const auto sent = s.link.up() && s.link.can.client_items;
  s.history.push_back({.kind = kind, .item = item, .text = text, .name = {}, .call = {}, .epoch = sent ? s.link.epoch : Epoch{}});
  if (sent) out.push_back(CreateMessage{s.link.epoch, item, role, text});
}

// By code and by the command it answers; never by its text.
void Machine::on(const ServiceFailed& e) {
  if (!ours(e.epoch)) return;
  switch (e.code) {
    case ErrorCode::WrongKey: return service_is_gone("R0105", e.text);
    case ErrorCode::NoSuchModel:
    case ErrorCode::NoQuota: return service_is_gone("R0118", e.name + ": " + e.text);
    case ErrorCode::SessionExpired: return cap_nears();
    default: break;
  }
  switch (e.command) {
    case Command::CreateResponse:
      if (AskId{e.number} == s.ask.id) return refused(e.code);
      break;
    case Command::Cancel:
      if (e.code == ErrorCode::NothingToCancel) {
        std::erase(s.running, ResponseId{e.number});
        if (s.voice.slot == Voice::Slot::Cancelling && s.voice.response == ResponseId{e.number}) empty_voice(), hear_tail_again();
      }
      break;
    case Command::Configure:
      if (!s.link.configured || ConfigId{e.number} != s.link.configured->config) break;
      // Nothing of it was taken. The dialect leaves a locked voice alone from now on, so the rest is sent again, once.
      if (e.code != ErrorCode::VoiceLocked || s.link.voice_refused) return end_with_error("R0119", e.text);
      s.link.voice_refused = true;
      return configure();
    case Command::Commit:
      commit_refused();
      break;
    case Command::None: return decide(Decision::ErrorReported, e.name + ": " + e.text);
    default: break;
  }
  decide(Decision::ErrorIgnored, e.name);
}

}  // namespace flow::core
