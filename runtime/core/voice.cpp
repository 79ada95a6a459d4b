// A response, from its start to the last sample of it that was heard.

#include <algorithm>
#include <cctype>

#include "runtime/core/machine.h"

namespace flow::core {
namespace {

constexpr Millis StillMax{10'000};      // a response that says nothing for so long is stuck
constexpr Millis TailMargin{2'000};     // past the end of what was queued
constexpr Millis NearEnd{300};          // the next response may be asked for so long before the end
constexpr Millis CancelWait{3'000};

// Words only: case, punctuation and spacing are the service's business.
auto plain(std::string_view text) -> std::string {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

}  // namespace

void Machine::start_voice(ResponseId response, std::vector<Intent> intents) {
  drop(Wait::TailEnds);
  if (s.voice.slot == Voice::Slot::Draining) s.tail.push_back(std::move(s.voice.speech));
  if (s.voice.slot == Voice::Slot::Active) {  // the server made another one: the old one has failed
    s.voice.speech.ended = true;
    s.tail.push_back(std::move(s.voice.speech));
  }
  s.voice = {.slot = Voice::Slot::Active, .response = response};
  s.voice.speech = {.response = response, .epoch = s.link.epoch, .intents = std::move(intents), .expected = s.ask.expected, .out_of_band = s.ask.out_of_band, .aloud = s.ask.aloud};
  if (s.voice.speech.aloud) out.push_back(AdmitAudio{response});
  arm(Wait::VoiceStill, StillMax);
}

// Ours, but nobody waits for it any more, or the server's, while the caller speaks.
void Machine::stop_stray(ResponseId response) {
  if (s.link.can.cancels) out.push_back(CancelResponse{s.link.epoch, response});
  if (s.voice.slot == Voice::Slot::Empty) s.voice = {.slot = Voice::Slot::Cancelling, .response = response};
  arm(Wait::CancelEnds, CancelWait);
}

void Machine::on(const ResponseStarted& e) {
  if (!ours(e.epoch)) return;
  s.running.push_back(e.response);
  if (!in_call()) return stop_stray(e.response);
  const auto is_ask = e.ask ? e.ask == s.ask.id : !s.link.can.tags;
  if (is_ask && s.ask.slot == Ask::Slot::Creating) {
    drop(Wait::AskVerdict);
    start_voice(e.response, std::move(s.ask.intents));
    s.ask = {};
    return;
  }
  if (is_ask && s.ask.slot == Ask::Slot::Doomed) {
    drop(Wait::AskVerdict);
    s.ask = {};
    return stop_stray(e.response);
  }
  const auto is_servers = !e.ask && !s.caller.speaking && s.voice.slot != Voice::Slot::Cancelling && can_be_cut(CutBy::Policy) && !s.handoff;
  if (!is_servers) return stop_stray(e.response);

  // Adopted: the server's own answers the turn, and our create, if one is out, will be refused.
  drop(Wait::AskHold);
  std::vector<Intent> replies;
  const auto is_reply = [](const Intent& i) { return i.kind == Intent::Kind::Reply || i.kind == Intent::Kind::ToolReply; };
  for (auto& intent : s.queue) {
    if (is_reply(intent)) replies.push_back(intent);
  }
  std::erase_if(s.queue, is_reply);
  const auto pending = std::exchange(s.ask.expected, {});
  const auto out_of_band = std::exchange(s.ask.out_of_band, false);
  const auto aloud = std::exchange(s.ask.aloud, true);
  start_voice(e.response, std::move(replies));
  s.voice.speech.adopted = true;
  s.ask.expected = pending;
  s.ask.out_of_band = out_of_band;
  s.ask.aloud = aloud;
}

void Machine::on(const ItemAdded& e) {
  if (!ours(e.epoch) || !e.response || e.response != s.voice.response) return;
  if (e.kind != ItemKind::FunctionCall) return;
  ++s.voice.open_calls;
  s.voice.called = true;
  if (s.voice.slot == Voice::Slot::Active) arm(Wait::VoiceStill, StillMax);
}

void Machine::on(const ItemEnded& e) {
  if (!ours(e.epoch) || !e.response) return;
  if (e.kind == ItemKind::FunctionCall) {
    if (e.response == s.voice.response && s.voice.open_calls > 0) --s.voice.open_calls;
    if (!e.complete && s.link.can.client_items) out.push_back(DeleteItem{s.link.epoch, e.item});
    return;
  }
  // Speech of a cancelled response that came into the conversation without ever being heard.
  const auto is_cut = s.voice.slot == Voice::Slot::Cancelling && e.response == s.voice.response;
  if (!is_cut || e.kind != ItemKind::AgentSpeech || !s.link.can.client_items) return;
  const auto knows = [&](const Speech& speech) {
    return speech.response == e.response && (speech.out_of_band || std::ranges::find(speech.items, e.item, &Spoken::item) != speech.items.end());
  };
  const auto is_known = std::ranges::any_of(s.cut, knows) ||
                        std::ranges::any_of(s.history, [&](const Entry& entry) { return entry.item == e.item; });
  if (!is_known) out.push_back(DeleteItem{s.link.epoch, e.item});
}

void Machine::on(const AudioArrived& e) {
  if (!ours(e.epoch) || s.voice.slot != Voice::Slot::Active || e.response != s.voice.response || !s.voice.speech.aloud) return;
  const auto is_first = std::ranges::none_of(s.voice.speech.items, [](const Spoken& i) { return i.length() > Samples{}; });
  s.playout.queue(s.voice.speech.items, e.item, e.length);
  arm(Wait::VoiceStill, StillMax);
  if (!is_first) return;
  decide(Decision::AgentSpeaking, {}, s.caller.owed_since > Instant{} ? s.now - s.caller.owed_since : Millis{0});
  s.caller.owed_since = {};
  for (const auto& intent : s.voice.speech.intents) {
    if (intent.kind != Intent::Kind::Result) continue;
    for (const auto id : intent.jobs) decide(Decision::ToolSpeaking, tool(*job(id)).name, s.now - job(id)->ready, id);
  }
}

void Machine::on(const SpokenTextArrived& e) {
  if (!ours(e.epoch) || s.voice.slot != Voice::Slot::Active || e.response != s.voice.response) return;
  auto& speech = s.voice.speech;
  auto item = std::ranges::find(speech.items, e.item, &Spoken::item);
  if (item == speech.items.end()) {
    speech.items.push_back({e.item, s.playout.end(), s.playout.end(), {}});
    item = std::prev(speech.items.end());
  }
  item->text += e.text;
  arm(Wait::VoiceStill, StillMax);
  if (speech.expected.empty()) return;

  // The transcript of a verbatim line runs ahead of its sound: a difference is stopped before it is heard, once.
  const auto wanted = plain(speech.expected);
  const auto got = plain(item->text);
  if (wanted.starts_with(got) || speech.intents.empty() || speech.intents.front().tries > 0) return;
  decide(Decision::ErrorIgnored, "said other words than the line has");
  auto intents = std::exchange(speech.intents, {});
  ++intents.front().tries;
  give_back(std::move(intents));
  speech.expected.clear();
  cut(CutBy::Stall);
}

void Machine::on(const ResponseEnded& e) {
  if (!ours(e.epoch)) return;
  response_ended(e);
  count_cost(e.usage);
}

void Machine::response_ended(const ResponseEnded& e) {
  std::erase(s.running, e.response);
  const auto spoke = [&](const Speech& speech) { return std::ranges::any_of(speech.items, [](const Spoken& i) { return i.length() > Samples{}; }); };
  if (e.response != s.voice.response) {
    close_group(e.response, true);
    if (s.running.empty() && s.voice.slot != Voice::Slot::Cancelling) drop(Wait::CancelEnds);
    return;
  }
  close_group(e.response, spoke(s.voice.speech));
  if (s.voice.slot == Voice::Slot::Cancelling) {
    empty_voice();
    return hear_tail_again();
  }
  if (s.voice.slot != Voice::Slot::Active) return;

  if (!s.voice.speech.aloud) return summary_ended(e);
  auto& speech = s.voice.speech;
  speech.ended = true;
  speech.completed = e.status == ResponseStatus::Completed;
  if (e.status == ResponseStatus::Cancelled) {  // not by us: a cut
    s.voice.slot = Voice::Slot::Draining;  // it has ended: there is nothing left to cancel
    cut(CutBy::Stall);
    if (e.turn_detected) s.caller.over = BargeIn::Cut;
    return;
  }
  if (!spoke(speech) && !s.voice.called) return failed_response(e);
  if (!spoke(speech)) {
    // It called functions instead: their answers speak for it now.
    for (auto& intent : std::exchange(speech.intents, {})) {
      const auto is_answered = intent.kind == Intent::Kind::Reply || intent.kind == Intent::Kind::ToolReply || intent.kind == Intent::Kind::Continue;
      if (is_answered) pass_on(intent.jobs, e.response);
      else told(intent, false, {}, {});
      settle(intent, is_answered ? "superseded" : "interrupted");
    }
    return empty_voice();
  }
  drain();
}

// All of it has come; what is left is heard to its end.
void Machine::drain() {
  drop(Wait::VoiceStill);
  s.voice.slot = Voice::Slot::Draining;
  s.voice.near_end = false;
  if (s.playout.all_played()) return settle_played();
  s.near_end_mark = MarkId{++s.last_mark};
  const auto mark = std::max(s.playout.played(), s.playout.end() - to_samples(NearEnd));
  out.push_back(SetMark{s.near_end_mark, mark});
  arm(Wait::TailEnds, to_ms(s.playout.left()) + TailMargin);
}

void Machine::empty_voice() {
  drop(Wait::VoiceStill);
  drop(Wait::CancelEnds);
  drop(Wait::TailEnds);
  s.voice = {};
  if (!s.running.empty()) {  // a stray still runs
    s.voice = {.slot = Voice::Slot::Cancelling, .response = s.running.front()};
    arm(Wait::CancelEnds, CancelWait);
  }
}

// Nothing was said: once more, then a handler speaks.
void Machine::failed_response(const ResponseEnded& e) {
  auto intents = std::exchange(s.voice.speech.intents, {});
  decide(Decision::ErrorReported, e.code.empty() ? "the response was empty" : e.code);
  empty_voice();
  std::vector<Intent> again;
  for (auto& intent : intents) {
    if (++intent.tries > 1) {
      told(intent, false, {}, {});
      settle(intent, "dropped");
    } else {
      again.push_back(std::move(intent));
    }
  }
  const auto gave_up = !intents.empty() && again.empty();
  give_back(std::move(again));
  arm(Wait::AskHold, Millis{250});
  if (gave_up) handle(ir::EventPattern::Kind::ProviderLost, 1, {}, Value::Record{});
}

void Machine::on(const MarkReached& e) {
  if (e.mark == s.near_end_mark && s.voice.slot == Voice::Slot::Draining) s.voice.near_end = true;
}

void Machine::on(const PauseReached& e) {
  s.playout.advance(e.played);
  if (s.watching_pauses) s.at_pause = true;
}

void Machine::on(const PlayoutDrained& e) {
  s.playout.advance(e.played);
  settle_played();
}

// Settles what was played to its end.
void Machine::settle_played() {
  if (!s.playout.all_played()) return;
  for (auto& speech : std::exchange(s.tail, {})) settle(std::move(speech), false);
  if (s.voice.slot != Voice::Slot::Draining) return;  // Active: the service is slow; more will come
  auto speech = std::move(s.voice.speech);
  empty_voice();
  watch_pauses(false);
  settle(std::move(speech), false);
}

void Machine::on(const PlayoutFlushed& e) {
  if (!s.flush || e.flush != s.flush) return;
  s.flush = {};
  drop(Wait::FlushAnswers);
  const auto end = s.playout.end();
  s.playout.flushed(e.played);
  s.caller.had_more = s.playout.end() < end;
  s.caller.cut_off.clear();
  // Oldest first, but given-back intents go to the head: so in reverse.
  auto speeches = std::exchange(s.cut, {});
  for (auto it = speeches.rbegin(); it != speeches.rend(); ++it) settle(std::move(*it), true);
  say_what_was_typed();
}

void Machine::settle(Speech speech, bool was_cut) {
  Samples heard, total;
  for (const auto& item : speech.items) {
    heard = heard + item.heard(s.playout.played());
    total = total + item.length();
    note_heard(speech, item, was_cut);
  }
  if (was_cut) decide(Decision::AgentCut, s.caller.cut_off, to_ms(heard));
  if (!was_cut && total > Samples{}) decide(Decision::AgentDone, {}, to_ms(heard));
  auto intents = std::move(speech.intents);
  for (auto it = intents.rbegin(); it != intents.rend(); ++it) settle_spoken(std::move(*it), speech, heard, total, was_cut);
}

// The conversation is made to say what was heard, and no more.
void Machine::note_heard(const Speech& speech, const Spoken& item, bool was_cut) {
  const auto heard = item.heard(s.playout.played());
  const auto words = heard_words(item.text, heard, item.length());
  if (!words.empty()) decide(Decision::AgentSaid, words, to_ms(heard));
  if (was_cut) s.caller.cut_off = words;
  if (speech.out_of_band || speech.epoch != s.link.epoch) {  // the conversation of this link does not have it
    if (!words.empty()) message(Role::Agent, words, Entry::Kind::Agent);
    return;
  }
  if (heard > Samples{} && !words.empty()) {
    s.history.push_back({.kind = Entry::Kind::Agent, .item = item.item, .text = words, .name = {}, .call = {}, .epoch = s.link.epoch});
  }
  if (!was_cut || !s.link.up()) return;
  if (heard == Samples{}) {
    if (s.link.can.client_items) out.push_back(DeleteItem{s.link.epoch, item.item});
  } else if (heard < item.length() && s.link.can.truncates) {
    out.push_back(TruncateItem{s.link.epoch, item.item, to_ms(heard)});
  }
}

// The service neither ended the response nor refused the cancel: the link is of no more use.
void Machine::cancel_never_ended() {
  decide(Decision::ErrorReported, "a cancelled response never ended");
  out.push_back(CloseLink{s.link.epoch});
  on(LinkLost{s.link.epoch, "R0117", "a cancelled response never ended"});
}

// The player never said that it was done: asking it to stop tells what was heard.
void Machine::tail_never_ended() {
  if (s.caller.over == BargeIn::Paused) return arm(Wait::TailEnds, TailMargin);  // it is being kept from its end
  cut(CutBy::Stall);
}

void Machine::watch_pauses(bool on) {
  if (s.watching_pauses == on) return;
  s.watching_pauses = on;
  out.push_back(WatchPauses{on});
}

}  // namespace flow::core
