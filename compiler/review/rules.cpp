// Does the program keep its own rules? What the model asks for is refused while a rule forbids it; what the program does
// by itself it must not do then. And does each rule matter: is there a call in which it makes a difference?

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "compiler/review/checks.h"
#include "compiler/review/rule_search.h"
#include "compiler/review/walk.h"

namespace flow::review {
namespace {

// The words that are said as they stand.
class Spoken : public Walk {
 public:
  explicit Spoken(std::string_view words) : words_(words) {}
  bool found = false;

 private:
  void text(const ast::Template& text, Use use, const Place&) override {
    if (use == Use::Words) look(text.parts);
  }
  void look(const std::vector<ast::TemplatePart>& parts) {
    for (const auto& part : parts) {
      if (const auto* chars = std::get_if<ast::Chars>(&part.node)) found = found || chars->text.find(words_) != std::string::npos;
      if (const auto* choice = std::get_if<ast::Conditional>(&part.node)) {
        look(choice->then);
        look(choice->otherwise);
      }
    }
  }
  std::string_view words_;
};

void add_steps(const std::vector<RuleStep>& steps, diag::Added& added) {
  for (std::size_t i = 0; i < steps.size(); ++i) added.note(steps[i].at, fmt::format("{}. {}", i + 1, steps[i].text));
}

void enforced(const Subject& subject, const ir::Rule& rule, diag::Report& report) {
  const auto what = shown(subject.program, rule.what);
  if (rule.first && rule.first->kind == ir::Deed::Kind::Heard) {
    Spoken spoken{rule.first->words};
    for (const auto* module : subject.modules) spoken.module(*module);
    if (!spoken.found) {
      report.add(rule.declared_at, diag::NobodySays, diag::Text{rule.first->words});
      return;
    }
  }
  const auto verdict = search(subject.program, rule);
  if (!verdict.complete) {
    report.add(rule.declared_at, diag::RuleTooBig);
  } else if (!verdict.breach.empty()) {
    auto added = report.add(rule.declared_at, diag::RuleBroken, diag::Text{what}, diag::Count{static_cast<std::int64_t>(verdict.breach.size())});
    add_steps(verdict.breach, added);
  } else if (!verdict.offered) {
    report.add(rule.declared_at, diag::RuleOfNothing, diag::Text{what});
  } else if (!verdict.asked_for) {
    return;  // something else keeps it from happening, and says so
  } else if (!verdict.happens) {
    report.add(rule.declared_at, diag::RuleForbidsAlways, diag::Text{what});
  } else if (!verdict.forbids) {
    report.add(rule.declared_at, diag::RuleNeverMatters, diag::Text{what});
  }
}

// ── every agent reaches TARGET within N handoffs ──

struct Reached {
  std::size_t from = 0;  // where the way goes on from
  const Way* way = nullptr;
  int away = -1;
};

auto reaches(const Subject& subject, const Graph& graph, const ast::Clause& clause, diag::Report& report) {
  check::Args args{clause};
  args.word("agent");
  args.word("reaches");
  const auto* path = args.path();
  if (!path) return;
  args.word("within");
  const auto most = args.integer().value_or(0);
  const auto* agent = subject.scope().agent(*path);
  const auto* transfer = agent ? nullptr : subject.scope().transfer(*path);
  // Backwards from the target, one handoff at a time.
  std::vector<Reached> nodes(graph.nodes.size());
  std::deque<std::size_t> open;
  const auto leads = [&](const Way& way, std::size_t from, std::size_t to) {
    const auto targets = graph.targets(graph.nodes[from], way);
    return std::ranges::find(targets, to) != targets.end();
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (graph.nodes[i].agent == agent) nodes[i].away = 0;
    for (const auto& way : graph.nodes[i].ways) {
      if (transfer && way.transfer == transfer && nodes[i].away < 0) nodes[i] = {i, &way, 1};
    }
    if (nodes[i].away >= 0) open.push_back(i);
  }
  for (; !open.empty(); open.pop_front()) {
    const auto to = open.front();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      for (const auto& way : graph.nodes[i].ways) {
        if (nodes[i].away >= 0 || way.transfer || !leads(way, i, to)) continue;
        nodes[i] = {to, &way, nodes[to].away + 1};
        open.push_back(i);
      }
    }
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto& node = graph.nodes[i];
    if (!node.reached || node.agent == agent || (nodes[i].away >= 0 && nodes[i].away <= most)) continue;
    if (nodes[i].away < 0) {
      report.add(clause.at, diag::NotReached, diag::Name{path->text()}, diag::Name{node.agent->name.text}).note(node.agent->name.at, "no handoff leads on from here to there");
      continue;
    }
    auto added = report.add(clause.at, diag::ReachedLate, diag::Name{path->text()}, diag::Count{nodes[i].away}, diag::Name{node.agent->name.text});
    auto at = i;
    for (int step = 1; nodes[at].way; ++step) {
      const auto* way = nodes[at].way;
      const auto to = way->transfer ? way->transfer->name.text : graph.nodes[nodes[at].from].agent->name.text;
      added.note(way->at, fmt::format("{}. `{}` hands over to `{}`", step, graph.nodes[at].agent->name.text, to));
      if (way->transfer) break;
      at = nodes[at].from;
    }
  }
}

}  // namespace

void rules(const Subject& subject, const Graph& graph, diag::Report& report) {
  for (const auto& rule : subject.program.rules) {
    if (rule.kind != ir::Rule::Kind::Reaches) enforced(subject, rule, report);
  }
  for (const auto* module : subject.modules) {
    for (const auto& rule : module->tree.rules) {
      for (const auto& clause : rule.clauses) {
        if (clause.name.text == "every") reaches(subject, graph, clause, report);
      }
    }
  }
}

}  // namespace flow::review
