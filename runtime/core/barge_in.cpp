// Does what the caller says over the agent stop it?
//
// The agent speaks on for `after`. Then, if the flow says that words decide (`resume`, `backchannels`) and there will be a
// transcript, it is silent and waits for it: no words or only back-channels, and it goes on where it was; other words
// stop it for good. Otherwise it is stopped at once, and a short turn that turns out wordless is made up for by asking
// the model to go on.

#include <algorithm>
#include <cctype>

#include "runtime/core/machine.h"

namespace flow::core {
namespace {

constexpr Millis ShortTurn{1'000};       // a cough and an "uh-huh" are shorter
constexpr Millis SemanticQuiet{1'000};   // how long semantic voice detection may take to hear that one is over
constexpr Millis TranscriptWait{500};
constexpr Millis TailMargin{2'000};

// Letters only: whether it is `uh-huh`, `Uh huh.` or `uhhuh` is the service's business.
auto letters(std::string_view text) -> std::string {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const auto rest = text.substr(at);
    if (rest.starts_with("\xE2\x80") || rest.starts_with("\xE2\x81")) {
      at += 2;  // a dash, quote or ellipsis: U+2000 to U+207F
    } else if (std::isalnum(byte) != 0 || byte >= 0x80) {
      out += static_cast<char>(std::tolower(byte));
    }
  }
  return out;
}

// What is left of a phrase whose first words were not heard: the `huh` of `uh-huh`.
void add_ends(std::string_view phrase, std::vector<std::string>& out) {
  for (std::size_t at = 1; at < phrase.size(); ++at) {
    if (phrase[at - 1] == ' ' || phrase[at - 1] == '-') out.push_back(letters(phrase.substr(at)));
  }
}

// Whether `said` is made of back-channels, as often and in whatever order. Voice detection may miss how the first one
// begins; if it `goes_on`, the last may be half said.
auto is_made_of(std::string_view said, const std::vector<std::string>& back_channels, bool goes_on) -> bool {
  std::vector<std::string> phrases, first;
  std::ranges::transform(back_channels, std::back_inserter(phrases), letters);
  first = phrases;
  for (const auto& phrase : back_channels) add_ends(phrase, first);

  std::vector<bool> reached(said.size() + 1, false);
  reached[0] = true;
  for (std::size_t at = 0; at < said.size(); ++at) {
    if (!reached[at]) continue;
    const auto rest = said.substr(at);
    for (const auto& phrase : at == 0 ? first : phrases) {
      if (phrase.empty()) continue;
      if (goes_on && phrase.starts_with(rest)) return true;
      if (rest.starts_with(phrase)) reached[at + phrase.size()] = true;
    }
  }
  return reached[said.size()];
}

}  // namespace

// There will be words to judge by.
auto Machine::transcribes() const -> bool { return !s.link.realtime || !program.realtimes[s.link.realtime].transcription.empty(); }

auto Machine::heard_in(const std::string& transcript) const -> Heard {
  const auto said = letters(transcript);
  if (said.empty()) return Heard::Nothing;
  return is_made_of(said, program.agents[s.agent].barge_in.backchannels, false) ? Heard::BackChannel : Heard::Words;
}

void Machine::speaks_over() {
  s.caller.has_words = false;
  const auto was_paused = s.caller.over == BargeIn::Paused;  // for the turn before, which is still judged
  if (!was_paused) s.caller.over = BargeIn::None;
  if (!speaking() || !can_be_cut(CutBy::Caller)) return go_on("it may not be stopped");
  if (!sounding()) return yield_to_caller();
  if (was_paused) return await_words();
  const auto after = program.agents[s.agent].barge_in.after;
  if (after == Millis{0}) return fall_silent();
  s.caller.over = BargeIn::Patience;
  arm(Wait::BargePatience, after);
}

void Machine::patience_ended() {
  if (s.caller.holds_key) return talk_is_meant();
  if (!s.caller.speaking || s.caller.over != BargeIn::Patience) return;
  s.caller.over = BargeIn::None;
  if (sounding() && can_be_cut(CutBy::Caller)) fall_silent();  // else it came to its end by itself
}

void Machine::fall_silent() {
  const auto& rules = program.agents[s.agent].barge_in;
  const auto words_decide = transcribes() && (rules.resume > Millis{0} || !rules.backchannels.empty());
  if (!words_decide) return yield_to_caller();
  s.caller.over = BargeIn::Paused;
  out.push_back(PausePlayout{});
  decide(Decision::AgentPaused);
  await_words();
}

// What lasts longer than a back-channel, and the quiet after it that ends a turn, is words.
void Machine::await_words() {
  const auto& turns = s.link.configured ? s.link.configured->turn_detection : program.agents[s.agent].turn_detection;
  const auto quiet = turns.kind == ir::TurnDetection::Kind::ServerVad ? turns.silence : SemanticQuiet;
  arm(Wait::BargeWords, std::max(Millis{0}, ShortTurn + quiet - (s.now - s.caller.speech_began)));
}

void Machine::words_are_sure() {
  s.caller.has_words = true;
  if (s.caller.over == BargeIn::Patience || s.caller.over == BargeIn::Paused) yield_to_caller();
}

void Machine::yield_to_caller() {
  drop(Wait::BargePatience);
  drop(Wait::BargeWords);
  if (!sounding()) go_on("it was at its end");  // the model may still have been asked
  if (!can_be_cut(CutBy::Caller)) return go_on("it may not be stopped");
  cut(CutBy::Caller);
  s.caller.over = BargeIn::Cut;
}

// It was no interruption. The agent sounds again where it was; who waits for its end waits anew.
void Machine::go_on(std::string why) {
  drop(Wait::BargePatience);
  drop(Wait::BargeWords);
  if (std::exchange(s.caller.over, BargeIn::None) != BargeIn::Paused) return;
  out.push_back(ResumePlayout{});
  decide(Decision::AgentResumed, std::move(why));
  if (s.voice.slot == Voice::Slot::Draining) arm(Wait::TailEnds, to_ms(s.playout.left()) + TailMargin);
}

// ── A turn is complete, and whether it had words is not known ────────────────────────────────────────────────

auto Machine::may_be_noise() const -> bool {
  if (s.caller.has_words) return false;
  if (s.caller.over == BargeIn::Cut) return transcribes() && s.caller.speech_ended - s.caller.speech_began < ShortTurn;
  return sounding() && s.caller.over != BargeIn::None;
}

void Machine::judge_when_transcribed(ItemId item) {
  if (s.caller.judged) s.caller.doubted = s.caller.judged;
  s.caller.judged = item;
  // Shorter than `after`, and nobody writes down the words: it was not meant to stop anybody.
  if (!transcribes()) return judge(Heard::Nothing);
  arm(Wait::Transcript, std::max(TranscriptWait, program.agents[s.agent].barge_in.resume));
}

void Machine::words_missing() {
  const auto holds_on = s.caller.over == BargeIn::Patience || s.caller.over == BargeIn::Paused;
  if (!holds_on || program.agents[s.agent].barge_in.resume == Millis{0}) return judge(Heard::Words);
  s.caller.doubted = std::exchange(s.caller.judged, {});
  if (!s.caller.speaking) go_on("no words came");
}

void Machine::on(const CallerTextArrived& e) {
  if (!ours(e.epoch) || !in_call()) return;
  if (s.caller.text_of != e.item) s.caller.text.clear();
  s.caller.text_of = e.item;
  s.caller.text += e.text;
  const auto said = letters(s.caller.text);
  if (!said.empty() && e.item == s.caller.item && s.caller.speaking) arm(Wait::SpeechEnds, SpeechMax);  // what has words is no noise
  if (!said.empty() && !is_made_of(said, program.agents[s.agent].barge_in.backchannels, true)) words_arrived(e.item);
}

void Machine::words_arrived(ItemId item) {
  if (item == s.caller.judged) return judge(Heard::Words);
  if (item == s.caller.doubted) return doubt_settled(Heard::Words);
  if (item == s.caller.item && s.caller.speaking) words_are_sure();
}

void Machine::judge(Heard heard) {
  if (!s.caller.judged) return;
  drop(Wait::Transcript);
  const auto item = std::exchange(s.caller.judged, {});
  const auto holds_on = s.caller.over == BargeIn::Patience || s.caller.over == BargeIn::Paused;
  if (heard == Heard::Words) {
    if (holds_on) yield_to_caller();
    return owe_reply();
  }
  // Over the agent's last words it is an answer to them.
  const auto is_answer = heard == Heard::BackChannel && holds_on && s.voice.slot == Voice::Slot::Draining && s.voice.near_end;
  if (is_answer) {
    go_on("it was at its end");
    return owe_reply();
  }
  undo_turn(item);
  if (s.caller.over == BargeIn::Cut && s.caller.had_more && !s.caller.cut_off.empty()) intend(Intent::Kind::Continue, s.caller.cut_off);
  if (!s.caller.speaking) go_on(heard == Heard::Nothing ? "there were no words" : "it was a back-channel");
}

// The agent went on, and only now the words are there.
void Machine::doubt_settled(Heard heard) {
  const auto item = std::exchange(s.caller.doubted, {});
  if (heard != Heard::Words) return undo_turn(item);
  if (speaking()) yield_to_caller();
  owe_reply();
}

// As if nothing had been said.
void Machine::undo_turn(ItemId item) {
  if (s.link.can.client_items) out.push_back(DeleteItem{s.link.epoch, item});
  std::erase_if(s.history, [&](const Entry& e) { return e.item == item; });
  --s.caller.turns;
}

}  // namespace flow::core
