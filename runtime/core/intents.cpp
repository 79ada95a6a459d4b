// What wants to be heard, and what became of it.

#include <algorithm>

#include "compiler/base/check.h"
#include "runtime/core/machine.h"

namespace flow::core {
namespace {

// An intent that was cut before it was heard comes back so often, and a response that failed is asked for so often.
constexpr int CutsMax = 2;

// What is said for the moment only: unheard, it is stale.
auto is_stale_when_cut(Intent::Kind kind) -> bool { return kind == Intent::Kind::Ack; }

}  // namespace

auto Machine::intend(Intent::Kind kind, std::string text, bool verbatim) -> Intent& {
  s.queue.push_back({.id = IntentId{++s.last_intent}, .kind = kind, .text = std::move(text), .verbatim = verbatim, .since = s.now});
  return s.queue.back();
}

auto Machine::intend_line(Intent::Kind kind, const ir::Line& line, const Value& locals) -> Intent& {
  auto& intent = intend(kind, ir::render(program, line.text, scope(locals)), line.kind == ir::Line::Kind::Words);
  intent.is_protected = line.is_protected;
  return intent;
}

void Machine::settle(const Intent& intent, std::string_view outcome, Millis heard) {
  ++s.intents_settled;
  FLOW_ASSERT(s.intents_settled <= s.last_intent, "an intent was settled twice");
  if (intent.verbatim && outcome == "heard") line_heard(intent.text);
  if (intent.verbatim) decide(Decision::LineSpoken, std::string(outcome) + ": " + intent.text, heard);
}

void Machine::give_back(std::vector<Intent> intents) {
  s.queue.insert(s.queue.begin(), std::make_move_iterator(intents.begin()), std::make_move_iterator(intents.end()));
}

void Machine::drop_intents(const std::function<bool(const Intent&)>& which, std::string_view why) {
  std::vector<Intent> dropped;
  const auto keep = std::ranges::stable_partition(s.queue, [&](const Intent& i) { return !which(i); });
  dropped.assign(keep.begin(), keep.end());
  s.queue.erase(keep.begin(), keep.end());
  for (const auto& intent : dropped) settle(intent, why);
}

auto Machine::has_intent(Intent::Kind kind) const -> bool {
  return std::ranges::any_of(s.queue, [&](const Intent& i) { return i.kind == kind; });
}

// The outcome of one intent of a speech whose sound is over. Unheard it goes back to the head, a bounded number of
// times: it shares the next response, with the results that it tells. A late result has its own rules.
void Machine::settle_spoken(Intent intent, const Speech& speech, Samples heard, Samples total, bool was_cut) {
  const auto completed = speech.completed && !(was_cut && heard < total);
  const auto is_result = intent.kind == Intent::Kind::Result || intent.kind == Intent::Kind::Offer;
  const auto unheard = !completed && heard == Samples{} && !is_result && in_call();
  if (unheard && !is_stale_when_cut(intent.kind) && ++intent.cuts <= CutsMax) return give_back({std::move(intent)});
  told(intent, speech.completed, heard, total);
  settle(intent, completed ? "heard" : unheard ? "dropped" : "interrupted", to_ms(heard));
}

}  // namespace flow::core
