// Can whatever waits for a key get one? On a line with `dtmf none` nobody's key comes in. What an import brings along is no
// promise of this flow: its keys are one way of several.

#include "compiler/check/field_clauses.h"
#include "compiler/review/checks.h"

namespace flow::review {
namespace {

using Place = std::optional<Span>;

auto of_key(const ast::Event& event) -> Place { return event.name.text == "dtmf" ? Place{event.at} : std::nullopt; }

auto waiting(const std::vector<ast::Handler>& handlers, const std::vector<ast::Handoff>& edges) -> Place {
  for (const auto& handler : handlers) {
    if (const auto place = of_key(handler.event)) return place;
  }
  for (const auto& edge : edges) {
    if (edge.trigger.kind != ast::Trigger::Kind::On) continue;
    if (const auto place = of_key(edge.trigger.event)) return place;
  }
  return std::nullopt;
}

auto waiting(const ast::Block& block) -> Place {
  for (const auto& form : block.forms) {
    for (const auto& field : form.fields) {
      if (const auto clauses = check::field_clauses(check::Where::FormField, field); const auto* keys = check::clause(clauses, "dtmf")) return keys->at;
    }
  }
  return waiting(block.handlers, block.handoffs);
}

// The first place of the flow's own files that waits for a key.
auto waiting(const Subject& subject) -> Place {
  for (const auto* module : subject.modules) {
    if (module->standard) continue;
    for (const auto& agent : module->tree.agents) {
      if (const auto place = waiting(agent.block)) return place;
    }
    if (const auto place = waiting(module->tree.handlers, module->tree.handoffs)) return place;
  }
  return std::nullopt;
}

auto is(const ast::Block& block, std::string_view name, std::string_view word) -> const ast::Clause* {
  const auto* clause = check::clause(block, name);
  return clause && check::Args{*clause}.word(word) ? clause : nullptr;
}

}  // namespace

void lost_keys(const Subject& subject, diag::Report& report) {
  const auto wanted = waiting(subject);
  if (!wanted) return;
  for (const auto* module : subject.modules) {
    for (const auto& channel : module->tree.channels) {
      const auto* keys = is(channel.block, "dtmf", "none");
      if (keys && !is(channel.block, "active", "no")) report.add(keys->at, diag::KeysLost, diag::Name{channel.name.text}).note(*wanted, "this waits for keys");
    }
  }
}

}  // namespace flow::review
