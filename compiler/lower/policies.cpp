#include "compiler/lower/policies.h"

#include <algorithm>

#include "compiler/ir/words.h"
#include "compiler/lower/actions.h"
#include "compiler/lower/types.h"

namespace flow::lower {
namespace {

using Policy = ir::Policy;
using check::Args;

// The enumerator of the next word, if it is one.
template <class T>
auto worded(Args& args, T& value) -> bool {
  const auto known = ir::words(value);
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!args.word(known[i])) continue;
    value = static_cast<T>(i);
    return true;
  }
  return false;
}

auto whole(Args& args, int fallback) -> int { return limited(args.integer().value_or(fallback)); }

auto names_of(Args& args) -> std::vector<std::string> {
  std::vector<std::string> names;
  for (auto word = args.word(); !word.empty(); word = args.word()) names.emplace_back(word);
  return names;
}

// Writes the cells of one block into a policy that has the parent's. A cell is replaced as a whole: what is not
// written of it has the language's default, not the parent's.
class Cells {
 public:
  Cells(Context& context, Expressions& names, Policy& policy) : context_(context), names_(names), p_(policy) {}

  void write(const ast::Block& block) {
    for (const auto& clause : block.clauses) {
      const auto found = std::ranges::find(Writers, clause.name.text, &std::pair<std::string_view, Writer>::first);
      if (found == std::end(Writers)) continue;
      Args args{clause};
      (this->*found->second)(args, clause);
    }
  }

 private:
  using Writer = void (Cells::*)(Args&, const ast::Clause&);

  void mode(Args& args, const ast::Clause&) { worded(args, p_.mode); }
  void ack(Args& args, const ast::Clause&) {
    p_.ack.reset();
    p_.ack_after = fresh_.ack_after;
    if (args.word("none")) return;
    if (const auto line = args.line()) p_.ack = names_.line(*line);
    if (args.word("after")) p_.ack_after = args.duration().value_or(p_.ack_after);
  }
  void progress(Args& args, const ast::Clause&) {
    p_.progress = Policy::Progress::None;
    p_.progress_every = {};
    p_.progress_line.reset();
    if (args.word("from")) p_.progress = Policy::Progress::FromTool;
    if (!args.word("every")) return;
    p_.progress = Policy::Progress::Every;
    p_.progress_every = args.duration().value_or(ir::Millis{0});
    if (const auto line = args.line()) p_.progress_line = names_.line(*line);
  }
  void deliver(Args& args, const ast::Clause&) {
    worded(args, p_.deliver);
    p_.grace = args.duration().value_or(fresh_.grace);
  }
  void escalate(Args& args, const ast::Clause&) {
    p_.escalate_to.reset();
    p_.escalate_after = {};
    if (!args.word("after")) return;
    p_.escalate_after = args.duration().value_or(ir::Millis{0});
    args.word("to");
    worded(args, p_.escalate_to.emplace());
  }
  void while_caller_speaks(Args& args, const ast::Clause&) {
    p_.override_after = {};
    p_.while_caller_speaks = args.word("override") ? Policy::CallerSpeaks::Override : Policy::CallerSpeaks::Hold;
    if (!args.word("after")) return;
    p_.while_caller_speaks = Policy::CallerSpeaks::OverrideAfter;
    p_.override_after = args.duration().value_or(ir::Millis{0});
  }
  void announce(Args& args, const ast::Clause&) {
    p_.announce.reset();
    if (const auto* text = args.text()) p_.announce = names_.text(*text);
  }
  void read(Args& args, const ast::Clause&) {
    p_.read = args.word("summary") ? Policy::Read::SummaryOver : args.word("on_request") ? Policy::Read::OnRequest : Policy::Read::Always;
    p_.read_words = 0;
    if (!args.word("over")) return;
    p_.read_words = whole(args, 0);
    if (p_.read == Policy::Read::OnRequest) p_.read = Policy::Read::OnRequestOver;
  }
  void coalesce(Args& args, const ast::Clause&) {
    p_.coalesce_window = args.duration().value_or(fresh_.coalesce_window);
    p_.coalesce_max = args.word("max") ? whole(args, fresh_.coalesce_max) : fresh_.coalesce_max;
  }
  void priority(Args& args, const ast::Clause&) { worded(args, p_.priority); }
  void supersedes(Args& args, const ast::Clause&) {
    p_.supersedes = args.word("by");
    p_.supersedes_by = p_.supersedes ? names_of(args) : std::vector<std::string>{};
  }
  void heard(Args& args, const ast::Clause&) { p_.heard_percent = limited(static_cast<std::int64_t>(std::clamp(args.percent().value_or(p_.heard_percent), -1.0, 1000.0))); }
  void if_interrupted(Args& args, const ast::Clause&) {
    p_.interrupted_retries = 0;
    p_.interrupted_then = fresh_.interrupted_then;
    if (!args.word("retry")) {
      worded(args, p_.if_interrupted);
      return;
    }
    p_.if_interrupted = Policy::IfInterrupted::Retry;
    p_.interrupted_retries = whole(args, fresh_.interrupted_retries);
    if (args.word("then")) worded(args, p_.interrupted_then);
  }
  void duplicates(Args& args, const ast::Clause&) {
    worded(args, p_.duplicates);
    p_.duplicates_within = args.word("within") ? args.duration().value_or(fresh_.duplicates_within) : fresh_.duplicates_within;
    p_.duplicates_by = args.word("by") ? names_of(args) : std::vector<std::string>{};
  }
  void concurrency(Args& args, const ast::Clause& clause) {
    p_.concurrency = whole(args, fresh_.concurrency);
    p_.concurrency_else.actions = lower_actions(names_, clause.otherwise);
  }
  void timeout(Args& args, const ast::Clause& clause) {
    p_.timeout = args.duration().value_or(fresh_.timeout);
    p_.timeout_else.actions = lower_actions(names_, clause.otherwise);
  }
  void retry(Args& args, const ast::Clause&) {
    p_.retries = 0;
    p_.retry_min = fresh_.retry_min;
    p_.retry_max = fresh_.retry_max;
    p_.retry_on = fresh_.retry_on;
    if (args.word("none")) return;
    p_.retries = whole(args, 0);
    if (args.word("every")) std::tie(p_.retry_min, p_.retry_max) = args.durations().value_or(std::pair{fresh_.retry_min, fresh_.retry_max});
    if (args.word("on")) worded(args, p_.retry_on);
  }
  void fails(Args&, const ast::Clause& clause) {
    const auto* verb = clause.actions.size() == 1 ? std::get_if<ast::Do>(&clause.actions[0].node) : nullptr;
    p_.fails_to_handler = verb && verb->verb.text == "handler";
    p_.fails.actions = p_.fails_to_handler ? std::vector<ir::Action>{} : lower_actions(names_, clause.actions);
  }
  void expires(Args& args, const ast::Clause& clause) {
    p_.expires = args.duration().value_or(fresh_.expires);
    p_.expires_else.actions = lower_actions(names_, clause.otherwise);
  }
  void on_handoff(Args& args, const ast::Clause&) { worded(args, p_.on_handoff); }
  void on_hangup(Args& args, const ast::Clause&) { worded(args, p_.on_hangup); }
  void cancel(Args& args, const ast::Clause&) {
    p_.cancel = Policy::Cancel::Never;
    if (args.word("by")) p_.cancel = args.word("model") ? Policy::Cancel::ByModel : Policy::Cancel::ByCaller;
  }

  static constexpr std::pair<std::string_view, Writer> Writers[] = {
      {"mode", &Cells::mode},
      {"ack", &Cells::ack},
      {"progress", &Cells::progress},
      {"deliver", &Cells::deliver},
      {"escalate", &Cells::escalate},
      {"while_caller_speaks", &Cells::while_caller_speaks},
      {"announce", &Cells::announce},
      {"read", &Cells::read},
      {"coalesce", &Cells::coalesce},
      {"priority", &Cells::priority},
      {"supersedes", &Cells::supersedes},
      {"heard", &Cells::heard},
      {"if_interrupted", &Cells::if_interrupted},
      {"duplicates", &Cells::duplicates},
      {"concurrency", &Cells::concurrency},
      {"timeout", &Cells::timeout},
      {"retry", &Cells::retry},
      {"fails", &Cells::fails},
      {"expires", &Cells::expires},
      {"on_handoff", &Cells::on_handoff},
      {"on_hangup", &Cells::on_hangup},
      {"cancel", &Cells::cancel},
  };

  Context& context_;
  Expressions& names_;
  Policy& p_;
  const Policy fresh_ = {};
};

// ── What one cell may not say beside another ──

// How far up a mode of delivery stands; `silent` and `skip_if_busy` are not on the way.
auto height(Policy::Deliver deliver) -> int {
  switch (deliver) {
    case Policy::Deliver::WithNextTurn: return 1;
    case Policy::Deliver::WhenIdle: return 2;
    case Policy::Deliver::AtPause: return 3;
    case Policy::Deliver::Interrupt: return 4;
    default: return 0;
  }
}

// Only what this block writes can contradict: a child that says `silent` simply does not use its parent's announcement.
void check_contradictions(Context& context, const ast::Block& block, const Policy& p) {
  const auto written = [&](std::string_view name, bool says_something) -> const ast::Clause* {
    return says_something ? check::clause(block, name) : nullptr;
  };
  auto& report = context.report();
  const auto deliver = std::string(ir::to_word(p.deliver));
  const auto* escalate = written("escalate", p.escalate_to.has_value());
  const auto* announce = written("announce", p.announce.has_value());
  const auto* read = written("read", p.read != Policy::Read::Always);
  const auto* speaks = written("while_caller_speaks", p.while_caller_speaks != Policy::CallerSpeaks::Hold);
  if (p.deliver == Policy::Deliver::Silent) {
    for (const auto* clause : {escalate, announce, read}) {
      if (clause) report.add(clause->at, diag::NothingIsSaid, diag::Name{clause->name.text});
    }
  }
  if (p.deliver == Policy::Deliver::SkipIfBusy && escalate) report.add(escalate->at, diag::EscalateSkips);
  if (speaks && p.deliver != Policy::Deliver::Interrupt) report.add(speaks->at, diag::OverrideNeedsInterrupt, diag::Name{deliver});
  const bool on_request = p.read == Policy::Read::OnRequest || p.read == Policy::Read::OnRequestOver;
  if (read && on_request && !p.announce && p.deliver != Policy::Deliver::Silent) report.add(read->at, diag::RequestNeedsAnnounce);
  if (escalate && height(p.deliver) > 0 && height(*p.escalate_to) <= height(p.deliver)) {
    report.add(escalate->at, diag::EscalatesDown, diag::Name{deliver}, diag::Name{std::string(ir::to_word(*p.escalate_to))});
  }
}

void check_limits(Context& context, const ast::Block& block, const Policy& p) {
  const auto needs = [&](std::string_view name, bool good, const char* what) {
    const auto* clause = check::clause(block, name);
    if (clause && !good) context.report().add(clause->at, diag::OutOfRange, diag::Name{std::string(name)}, diag::Text{what});
  };
  const auto counts = [](int number, int least) { return number >= least && number <= NumberMax; };
  needs("heard", p.heard_percent >= 1 && p.heard_percent <= 100, "1% to 100%");
  needs("concurrency", counts(p.concurrency, 1), "1 to a million");
  needs("coalesce", counts(p.coalesce_max, 1), "1 to a million");
  needs("read", counts(p.read_words, 0), "up to a million words");
  needs("if_interrupted", counts(p.interrupted_retries, 0), "up to a million times");
  needs("timeout", p.timeout > ir::Millis::zero(), "more than nothing");
  needs("retry", p.retry_min <= p.retry_max && counts(p.retries, 0), "a number up to a million, and a range that goes up");
  needs("progress", p.progress != Policy::Progress::Every || p.progress_every > ir::Millis::zero(), "more than nothing");
}

// What the delivery does not use is not there for the runtime.
void drop_unused(Policy& p) {
  const bool silent = p.deliver == Policy::Deliver::Silent;
  if (silent || p.deliver == Policy::Deliver::SkipIfBusy || (p.escalate_to && height(*p.escalate_to) <= height(p.deliver))) {
    p.escalate_to.reset();
    p.escalate_after = {};
  }
  if (silent) p.announce.reset();
  if (silent || (!p.announce && (p.read == Policy::Read::OnRequest || p.read == Policy::Read::OnRequestOver))) {
    p.read = Policy::Read::Always;
    p.read_words = 0;
  }
  if (p.deliver != Policy::Deliver::Interrupt) {
    p.while_caller_speaks = Policy::CallerSpeaks::Hold;
    p.override_after = {};
  }
}

void write_block(Context& context, const ast::Block& block, const Locals& locals, Policy& policy) {
  Expressions names{context, locals};
  Cells{context, names, policy}.write(block);
  check_contradictions(context, block, policy);
  check_limits(context, block, policy);
}

// A policy with its parents' cells; `depth` ends a circle, which the name check has reported.
auto resolved(Context& context, const ast::PolicyDecl& policy, int depth) -> Policy {
  constexpr int ParentsMax = 50;
  auto out = background();
  if (depth > ParentsMax) {
    if (!context.report().has(diag::InheritanceCycle.code)) context.report().add(policy.name.at, diag::TooDeep, diag::Count{ParentsMax});
    return out;
  }
  ast::Path parent = policy.parent;
  if (parent.missing() && policy.name.text != "background") parent = {{{"background", policy.name.at}}, policy.name.at};
  const auto* declared = parent.missing() ? nullptr : context.scope().policy(parent);
  if (declared && declared != &policy) out = resolved(context, *declared, depth + 1);
  write_block(context, policy.block, {}, out);
  return out;
}

auto add_row(Context& context, Policy policy, const std::string& name) -> Id<Policy> {
  policy.name = fresh_name(context.program.policies, name);
  drop_unused(policy);
  return context.program.policies.add(std::move(policy));
}

}  // namespace

auto background() -> ir::Policy {
  Policy p;
  p.name = "background";
  p.ack = ir::Line{.kind = ir::Line::Kind::Hint, .text = {{.text = "say in a few words that you are looking into it"}}};
  return p;
}

auto policy_row(Context& context, const ast::PolicyDecl& policy) -> Id<ir::Policy> {
  if (const auto found = context.policies.find(&policy); found != context.policies.end()) return found->second;
  const auto row = add_row(context, resolved(context, policy, 0), policy.name.text);
  context.policies[&policy] = row;
  return row;
}

auto tool_policy(Context& context, const ast::ToolDecl& tool, const Locals& params) -> Id<ir::Policy> {
  const auto* clause = check::clause(tool.block, "policy");
  ast::Path name{{{"background", tool.name.at}}, tool.name.at};
  if (clause) {
    Args args{*clause};
    if (const auto* path = args.path()) name = *path;
  }
  const auto* declared = context.scope().policy(name);
  if (clause && clause->block && !clause->block->clauses.empty()) {
    auto policy = declared ? resolved(context, *declared, 0) : background();
    write_block(context, *clause->block, params, policy);
    return add_row(context, std::move(policy), tool.name.text + "." + name.text());
  }
  if (declared) return policy_row(context, *declared);
  for (std::size_t i = 0; i < context.program.policies.size(); ++i) {
    if (context.program.policies[context.program.policies.id_at(i)].name == "background") return context.program.policies.id_at(i);
  }
  return add_row(context, background(), "background");
}

}  // namespace flow::lower
