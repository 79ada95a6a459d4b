// Does every handoff and every handler ever get its turn? The first that fits wins, so one without a condition hides
// those below it that answer the same.

#include <algorithm>

#include "compiler/review/checks.h"

namespace flow::review {
namespace {

class Shadows {
 public:
  Shadows(const Subject& subject, diag::Report& report) : s_(subject), report_(report) {}

  void run() {
    for (const auto* module : s_.modules) {
      edges(module->tree.handoffs, false);
      handlers(module->tree.handlers);
      for (const auto& agent : module->tree.agents) {
        edges(agent.block.handoffs, true);
        handlers(agent.block.handlers);
      }
    }
  }

 private:
  // Of one agent's edges one that fires sooner leaves nothing to one that waits for more of the same; of every agent's it
  // leads to another agent, who may have the rest.
  void edges(const std::vector<ast::Handoff>& list, bool of_one_agent) {
    each_pair(list, [&](const ast::Handoff& first, const ast::Handoff& later) {
      if (!covers(first.guard, later.guard) || !triggers_first(first, later, of_one_agent)) return false;
      report_.add(later.target.at, diag::ShadowedEdge, diag::Name{first.target.text()}).note(first.target.at, "this one").fix(later.at, "");
      return true;
    });
  }

  void handlers(const std::vector<ast::Handler>& list) {
    each_pair(list, [&](const ast::Handler& first, const ast::Handler& later) {
      if (!covers(first.guard, later.guard) || count_of(first.event) != count_of(later.event) || !answers(first.event, later.event)) return false;
      report_.add(later.event.at, diag::ShadowedHandler, diag::Text{text(first.event.at)}).note(first.event.at, "this one").fix(later.at, "");
      return true;
    });
  }

  // A later one is said to be hidden once.
  template <class T, class Hides>
  static void each_pair(const std::vector<T>& list, const Hides& hides) {
    for (std::size_t j = 0; j < list.size(); ++j) {
      for (std::size_t i = 0; i < j; ++i) {
        if (hides(list[i], list[j])) break;
      }
    }
  }

  auto covers(const ast::Boxed<ast::Expr>& first, const ast::Boxed<ast::Expr>& later) const -> bool {
    return !first || (later && text(first->at) == text(later->at));
  }

  auto triggers_first(const ast::Handoff& first, const ast::Handoff& later, bool of_one_agent) const -> bool {
    const auto& a = first.trigger;
    const auto& b = later.trigger;
    if (a.kind != b.kind) return false;
    switch (a.kind) {
      case ast::Trigger::Kind::When: return first.target.text() == later.target.text() && a.when.constant() == b.when.constant();
      case ast::Trigger::Kind::On: {
        const auto sooner = of_one_agent ? count_of(a.event) <= count_of(b.event) : count_of(a.event) == count_of(b.event);
        return sooner && answers(a.event, b.event);
      }
      case ast::Trigger::Kind::After: {
        const auto* sooner = a.after.as<ast::Duration>();
        const auto* later_on = b.after.as<ast::Duration>();
        return sooner && later_on && sooner->value <= later_on->value;
      }
      case ast::Trigger::Kind::None: return bool(first.guard);  // the same `if`
    }
    return false;
  }

  // Everything that `later` answers is answered by `first`.
  static auto answers(const ast::Event& first, const ast::Event& later) -> bool {
    if (first.name.text != later.name.text) return false;
    if (first.name.text == "silence") return check::Args{first.args}.duration() == check::Args{later.args}.duration();
    const auto texts = [](const ast::Event& event) {
      std::vector<std::string> out;
      for (const auto& arg : event.args) {
        if (const auto* each = arg.value.as<ast::Template>()) out.push_back(each->constant().value_or(""));
      }
      return out;
    };
    const auto known = texts(first);
    return std::ranges::all_of(texts(later), [&](const std::string& each) { return std::ranges::find(known, each) != known.end(); });
  }

  auto text(Span at) const -> std::string {
    std::string out;
    for (const char c : s_.checked.sources[at.file].text(at)) {
      const bool blank = c == ' ' || c == '\t' || c == '\n';
      if (!blank) out += c;
      else if (!out.empty() && out.back() != ' ') out += ' ';
    }
    return out;
  }

  const Subject& s_;
  diag::Report& report_;
};

}  // namespace

void shadows(const Subject& subject, diag::Report& report) { Shadows{subject, report}.run(); }

}  // namespace flow::review
