#pragma once
// Actions, the events they answer, and the handlers that bind the two.

#include "compiler/lower/expressions.h"

namespace flow::lower {

auto lower_actions(Expressions& names, const std::vector<ast::Action>& actions, const Facts& facts = {}) -> std::vector<ir::Action>;

// A tool and the arguments it is called with, as far as they could be understood.
using Arguments = std::vector<std::pair<std::string, Id<ir::Expr>>>;
auto lower_call(Expressions& names, const ast::Call& call, Span at, const Facts& facts) -> std::optional<std::pair<Id<ir::Tool>, Arguments>>;

// The pattern of `silence 8s count 3`. Nothing if the event is unknown, which the clause check has said.
auto lower_event(const ast::Event& event) -> std::optional<ir::EventPattern>;
// Says which of its numbers can be none, which the clause check cannot know.
void check_event(Context& context, const ast::Event& event);

// Nothing if the target is missing, unknown or not an agent.
auto lower_target(Context& context, const ast::Path& target) -> std::optional<ir::Target>;

// `agent` nowhere: the program's. `locals`: the agent's forms.
void lower_handler(Context& context, const ast::Handler& handler, Id<ir::Agent> agent, const Locals& locals = {});

}  // namespace flow::lower
