// What the caller did: spoke, fell silent, typed, pressed a key.

#include <algorithm>
#include <cctype>

#include "runtime/core/machine.h"

namespace flow::core {
namespace {

constexpr Millis CommitWait{3'000};
constexpr Millis DigitEcho{200};         // voice activity so soon after a digit is the digit

auto normal(std::string_view text) -> std::string {
  std::string words;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || byte >= 0x80 || c == '\'') {
      words += static_cast<char>(std::tolower(byte));
    } else if (!words.empty() && words.back() != ' ') {
      words += ' ';
    }
  }
  while (!words.empty() && words.back() == ' ') words.pop_back();
  return words;
}

}  // namespace

void Machine::on(const CallerConnected& e) {
  if (s.phase != Session::State::Phase::Waiting) return;
  s.phase = Session::State::Phase::Live;
  s.caller.present = true;
  s.transfers = e.transfers;
  s.call = Value::Record{{"from", e.from}, {"id", e.call_name}};
  if (refused_for_cost(e.allowance)) return;
  enter(program.start);
  if (program.max_duration > Millis{0}) arm(Wait::CallLimit, program.max_duration);
  recall();
}

// They are there: whatever counts silence starts again.
void Machine::caller_is_active() {
  s.silences = 0;
  s.quiet = false;
  drop(Wait::Silence);
}

void Machine::on(const SpeechStarted& e) {
  if (!ours(e.epoch) || !in_call()) return;
  if (s.now - s.caller.digit_at < DigitEcho) {
    s.caller.of_digit = e.item;
    return;
  }
  s.caller.item = e.item;
  started_speaking();
  if (!s.caller.is_machine) speaks_over();
}

void Machine::started_speaking() {
  caller_is_active();
  s.caller.speaking = true;
  s.caller.speech_began = s.now;
  drop(Wait::CommitComes);
  arm(Wait::SpeechEnds, SpeechMax);
  decide(Decision::CallerSpeaking);
  drop_intents([](const Intent& i) { return i.kind == Intent::Kind::Ack; }, "dropped");
}

void Machine::on(const SpeechStopped& e) {
  if (!ours(e.epoch) || e.item == s.caller.of_digit || !s.caller.speaking || s.caller.holds_key) return;
  stopped_speaking();
}

void Machine::stopped_speaking() {
  s.caller.speaking = false;
  s.caller.speech_ended = s.now;
  drop(Wait::SpeechEnds);
  drop(Wait::BargePatience);
  drop(Wait::BargeWords);
  decide(Decision::CallerSilent, {}, s.now - s.caller.speech_began);
  if (in_call()) arm(Wait::CommitComes, CommitWait);
}

void Machine::on(const TurnCommitted& e) {
  if (!ours(e.epoch) || !in_call()) return;
  drop(Wait::CommitComes);
  if (e.item == s.caller.of_digit && e.item) {
    s.caller.of_digit = {};
    if (s.link.can.client_items) out.push_back(DeleteItem{s.link.epoch, e.item});
    return;
  }
  s.caller.uncommitted = false;
  if (s.caller.speaking && !s.caller.holds_key) stopped_speaking(), drop(Wait::CommitComes);
  caller_is_active();
  ++s.caller.turns;
  s.tried.clear();
  s.history.push_back({.kind = Entry::Kind::Caller, .item = e.item, .text = {}, .name = {}, .call = {}, .epoch = e.epoch});
  if (may_be_noise()) return judge_when_transcribed(e.item);
  owe_reply();
}

void Machine::commit_missing() {
  s.caller.uncommitted = false;
  words_are_sure();
  owe_reply();
}

void Machine::on(const IdleTimedOut& e) {
  if (!ours(e.epoch)) return;
  decide(Decision::CallerSilent, "the service's idle timeout");
}

void Machine::on(const CallerTranscribed& e) {
  if (!ours(e.epoch)) return;
  const auto entry = std::ranges::find(s.history, e.item, &Entry::item);
  if (entry != s.history.end()) entry->text = e.text;
  if (!in_call()) return;
  const auto words = normal(e.text);
  if (!words.empty()) decide(Decision::CallerSaid, e.text);
  const auto heard = e.failed ? Heard::Words : heard_in(e.text);
  if (e.item == s.caller.judged && e.item) {
    judge(heard);
  } else if (e.item == s.caller.doubted && e.item) {
    doubt_settled(heard);
  } else if (words.empty() && !e.failed) {
    handle(ir::EventPattern::Kind::NoMatch, ++s.no_matches, {}, Value::Record{});
  }
  if (words.empty()) return;
  s.no_matches = 0;
  heard_phrases(e.text);
}

// Every committed turn gets a reply.
void Machine::owe_reply() {
  if (!s.caller.speaking) go_on("the caller's turn is over");
  s.caller.doubted = {};
  s.caller.had_more = false;
  if (!in_call() || s.phase == Session::State::Phase::Ending || s.caller.is_machine) return;
  const auto server_answers = s.link.configured && s.link.configured->server_turns && s.link.up() && !by_key();
  s.caller.owed_since = s.now;
  if (!has_intent(Intent::Kind::Reply)) intend(Intent::Kind::Reply);
  decide(Decision::ReplyOwed);
  // The server makes the response itself; our create would only race it. If it does not, we ask after all.
  if (server_answers) arm(Wait::AskHold, Millis{5'000});
}

auto Machine::reply_owed() const -> bool {
  return has_intent(Intent::Kind::Reply) || bool(s.caller.judged) || s.caller.uncommitted || s.timers.armed(Wait::CommitComes);
}

void Machine::on(const TextTyped& e) {
  if (!in_call()) return;
  caller_is_active();
  decide(Decision::CallerTyped, e.text);
  ++s.caller.turns;
  s.tried.clear();
  const bool joins = s.caller.speaking;  // the turn that is being spoken
  if (!joins) {
    drop_intents([](const Intent& i) { return i.kind == Intent::Kind::Ack; }, "dropped");
    cut(CutBy::Typed);
  }
  s.caller.typed.push_back(e.text);
  if (!s.flush) say_what_was_typed();
  heard_phrases(e.text);
  if (joins) return;
  owe_reply();
  drop(Wait::AskHold);  // the server does not answer typed text by itself
}

void Machine::say_what_was_typed() {
  for (const auto& text : std::exchange(s.caller.typed, {})) message(Role::Caller, text, Entry::Kind::Caller);
}

void Machine::heard_phrases(const std::string& text) {
  const auto words = " " + normal(text) + " ";
  const auto fits = [&](const ir::EventPattern& on) {
    return std::ranges::any_of(on.values, [&](const std::string& phrase) { return words.find(" " + normal(phrase) + " ") != std::string::npos; });
  };
  const auto known = [&](const ir::EventPattern& on) { return on.kind == ir::EventPattern::Kind::Phrase && fits(on); };
  const auto answered = std::ranges::any_of(program.handlers, [&](const ir::Handler& h) { return known(h.on) && (!h.agent || h.agent == s.agent); }) ||
                        std::ranges::any_of(program.handoffs, [&](const ir::Handoff& h) { return h.trigger.kind == ir::Trigger::Kind::Event && known(h.trigger.on) && edge_applies(h); });
  s.phrases = answered ? s.phrases + 1 : 0;
  handle(ir::EventPattern::Kind::Phrase, s.phrases, fits, Value::Record{});
}

}  // namespace flow::core
