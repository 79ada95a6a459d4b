// A summary of the talk so far, for whoever takes the call next: the next agent (`history summary`) or the person of a
// warm transfer. The model writes it as text, outside of the conversation; nothing of it is ever heard.
//
// It goes through the same mouth as everything that is said, one response at a time, but needs no silence: it is asked
// for while the line before a handoff is still being heard, and the caller may speak meanwhile. It has a deadline; who
// waits for it has something to go on with if it does not come.

#include <algorithm>

#include "runtime/core/machine.h"

namespace flow::core {
namespace {

constexpr Millis SummaryMax{8'000};    // from when it is wanted, with the line before it
constexpr Millis AnswerMax{4'000};     // from when it is asked for
constexpr Millis CancelWait{3'000};

}  // namespace

auto Machine::summarising() const -> bool { return s.timers.armed(Wait::SummaryEnds); }

void Machine::ask_summary(std::string task) {
  if (!s.link.up() || !s.link.can.out_of_band) return;
  intend(Intent::Kind::Summary, std::move(task));
  arm(Wait::SummaryEnds, SummaryMax);
}

void Machine::summary_asked() { arm(Wait::SummaryEnds, AnswerMax); }

// The response that wrote it is over. What was still being heard when it began goes on as it was.
void Machine::summary_ended(const ResponseEnded& e) {
  auto speech = std::exchange(s.voice.speech, {});
  std::string text;
  for (const auto& item : speech.items) text += item.text;
  const auto made = e.status == ResponseStatus::Completed && !text.empty();
  for (const auto& intent : speech.intents) settle(intent, made ? "made" : "dropped");
  if (summarising() && s.handoff) {
    drop(Wait::SummaryEnds);
    decide(Decision::HistorySummarised, made ? text : std::string{}, Millis{0});
    if (made) s.handoff->summary = std::move(text);
  }
  empty_voice();
  hear_tail_again();
}

// What sounded when the summary was asked for has the mouth to itself again, and its own end to wait for.
void Machine::hear_tail_again() {
  if (s.voice.slot != Voice::Slot::Empty || s.tail.empty()) return;
  s.voice.response = s.tail.back().response;
  s.voice.speech = std::move(s.tail.back());
  s.tail.pop_back();
  drain();
}

// It is not waited for any more, wherever it is.
void Machine::abandon_summary() {
  if (!summarising()) return;
  drop(Wait::SummaryEnds);
  summary_late();
}

void Machine::summary_late() {
  decide(Decision::HistorySummarised);
  drop_intents([](const Intent& i) { return i.kind == Intent::Kind::Summary; }, "dropped");
  if (s.ask.slot == Ask::Slot::Creating && !s.ask.aloud) {
    s.ask.slot = Ask::Slot::Doomed;
    for (const auto& intent : std::exchange(s.ask.intents, {})) settle(intent, "dropped");
  }
  if (s.voice.slot == Voice::Slot::Active && !s.voice.speech.aloud) stop_summary();
}

void Machine::stop_summary() {
  for (const auto& intent : std::exchange(s.voice.speech, {}).intents) settle(intent, "dropped");
  drop(Wait::VoiceStill);
  s.voice.slot = Voice::Slot::Cancelling;
  if (s.link.can.cancels) out.push_back(CancelResponse{s.link.epoch, s.voice.response});
  arm(Wait::CancelEnds, CancelWait);
}

}  // namespace flow::core
