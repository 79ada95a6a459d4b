#include "runtime/prove/fingerprint.h"

#include <algorithm>

#include "runtime/core/state.h"

namespace flow::prove {

using namespace core;
using State = Session::State;

namespace {

// The same number on every machine.
class Sum {
 public:
  void add(std::uint64_t n) {
    auto z = (sum_ ^ n) + 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    sum_ = z ^ (z >> 31U);
  }
  template <class... T>
  void all(T... n) { (add(static_cast<std::uint64_t>(n)), ...); }
  void text(std::string_view s) {
    std::uint64_t h = 14695981039346656037ULL;
    for (const char c : s) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    add(h);
  }
  void value(const Value& v) {
    add(v.data.index());
    if (const auto* t = v.text()) text(*t);
    else if (const auto* list = v.list()) for (const auto& each : *list) value(each);
    else if (const auto* record = v.record()) for (const auto& [name, each] : *record) text(name), value(each);
    else if (const auto* b = std::get_if<bool>(&v.data)) add(*b);
    else if (const auto* i = std::get_if<std::int64_t>(&v.data)) add(static_cast<std::uint64_t>(*i));
  }
  auto sum() const -> std::uint64_t { return sum_; }

 private:
  std::uint64_t sum_ = 1;
};

// Ids as the places at which they first appear.
class Places {
 public:
  auto of(std::uint32_t id) -> std::uint64_t {
    if (id == 0) return 0;
    const auto found = std::ranges::find(seen_, id);
    if (found != seen_.end()) return static_cast<std::uint64_t>(found - seen_.begin()) + 1;
    seen_.push_back(id);
    return seen_.size();
  }

 private:
  std::vector<std::uint32_t> seen_;
};

struct Reader {
  const State& s;
  Sum sum;
  Places jobs, responses, calls, groups;

  void read(const Intent& i) {
    sum.all(i.kind, i.verbatim, i.is_protected, i.cuts, i.tries, i.jobs.size());
    for (const auto job : i.jobs) sum.add(jobs.of(job.n));
  }
  void read(const std::vector<Intent>& list) {
    sum.add(list.size());
    for (const auto& i : list) read(i);
  }
  // Nothing of it heard, some, enough for most policies, all.
  void read(const Speech& speech) {
    Samples heard, total;
    for (const auto& item : speech.items) heard = heard + item.heard(s.playout.played()), total = total + item.length();
    const auto share = heard == Samples{} ? 0 : heard == total ? 3 : heard.count * 100 >= total.count * 80 ? 2 : 1;
    sum.all(responses.of(speech.response.n), speech.ended, speech.completed, speech.adopted, speech.out_of_band, speech.expected.empty(), total > Samples{}, share);
    read(speech.intents);
  }
  void read(const std::vector<Speech>& list) {
    sum.add(list.size());
    for (const auto& speech : list) read(speech);
  }

  void the_place() {
    sum.all(s.phase, s.agent.index, s.came_from.size(), s.visited.size(), s.handoff.has_value());
    for (const auto& value : s.values) sum.value(value);
    sum.value(s.locals);
    for (const auto agent : s.came_from) sum.add(agent.index);
    std::uint64_t visited = 0;
    for (const auto agent : s.visited) visited |= std::uint64_t{1} << agent.index % 64;
    sum.add(visited);
    for (const bool held : s.edge_held) sum.add(held);
    if (s.handoff) sum.all(s.handoff->stage, s.handoff->target.kind, s.handoff->target.agent.index, s.handoff->target.transfer.index, s.handoff->edge.index, s.handoff->switch_when, s.handoff->now, s.handoff->summary.has_value());
    for (const auto transfer : s.tried) sum.add(transfer.index);
    for (const auto& rule : s.rules) sum.all(rule.happened, std::min(rule.times, 8), rule.withholds);
  }
  void the_mouth() {
    sum.all(s.ask.slot, s.ask.out_of_band, s.voice.slot, responses.of(s.voice.response.n), s.voice.near_end, s.voice.open_calls, s.voice.called, bool(s.flush),
            s.watching_pauses, s.hears_caller, s.running.size());
    for (const auto response : s.running) sum.add(responses.of(response.n));
    read(s.ask.intents);
    read(s.voice.speech);
    read(s.tail);
    read(s.cut);
    read(s.queue);
  }
  void the_caller() {
    const auto& c = s.caller;
    sum.all(c.present, c.speaking, c.holds_key, c.uncommitted, c.over, c.has_words, c.had_more, bool(c.judged), bool(c.doubted), bool(c.of_digit), c.typed.size(),
            c.speaking && s.now - c.speech_began >= Millis{1'000}, s.quiet, std::min(s.silences, 8), std::min(s.no_matches, 8), std::min(s.tool_failures, 8), std::min(s.phrases, 8), std::min(s.presses, 8), c.is_machine, c.key_after, s.hanging_up, s.farewell_done, s.recalling);
    sum.text(c.digits);
    sum.text(c.keys);
    sum.text(s.pressed);
    for (const auto& asked : s.confirmations) sum.text(asked.key), sum.add(asked.at_turn == c.turns);
  }
  void the_work() {
    sum.add(s.jobs.size());
    for (const auto& j : s.jobs) {
      const auto& policy = s.program->policies[s.program->tools[j.tool].policy];
      sum.all(jobs.of(j.id.n), j.tool.index, j.stage, j.answer, calls.of(j.call.n), groups.of(j.group.n), j.attempt, j.retries_left, j.in_context, j.overriding, j.deliver,
              j.interruptions, j.handle.empty(), j.polls, j.kept.empty(), j.from_earlier, j.form.index, j.field, j.failure.empty(), j.result.is_none(), s.now - j.ready <= policy.duplicates_within);
      sum.text(j.key);
    }
    for (const auto& g : s.groups) {
      sum.all(groups.of(g.id.n), responses.of(g.response.n), g.members.size(), g.closed, g.spoke, g.needs_reply, g.silent, g.hints.empty());
      for (const auto& m : g.members) sum.all(calls.of(m.call.n), m.answered);
      for (const auto told : g.told) sum.add(jobs.of(told.n));
    }
  }
  void the_forms() {
    for (const auto& value : s.form_values) sum.value(value);
    for (const auto& form : s.forms) {
      sum.all(form.stage, form.answers.size(), form.calls.size(), form.read_back_at == s.caller.turns, form.due);
      for (const auto& answer : form.answers) sum.value(answer.candidate), sum.all(jobs.of(answer.check.n), answer.refused, answer.code.empty());
      for (const auto& call : form.calls) sum.all(calls.of(call.call.n), groups.of(call.group.n), call.confirmed);
    }
    sum.all(s.asked.index, s.asked_field);
  }
  void the_link() {
    const auto& l = s.link;
    sum.all(l.stage, l.was_up, l.realtime.index, l.gone.size(), s.gone_code.empty(), l.failures, l.voice_refused, l.renew_due, l.renew_now, l.awaiting_configured, l.configured ? l.configured->agent.index + 1U : 0U,
            l.configured ? l.configured->functions.size() : 0U);
  }
};

}  // namespace

auto fingerprint(const rehearse::Stage& stage) -> std::uint64_t {
  Reader reader{stage.state(), {}, {}, {}, {}, {}};
  reader.the_place();
  reader.the_mouth();
  reader.the_caller();
  reader.the_work();
  reader.the_forms();
  reader.the_link();
  for (const auto n : stage.under_way()) reader.sum.add(n);
  return reader.sum.sum();
}

}  // namespace flow::prove
