#pragma once
// How a call can move and end: the agents of a program, and from each every way out and every ending, with its cause.
//
// Read from the tree, so that transfers and forms are in it whether or not this version runs them.

#include <functional>
#include <map>
#include <string_view>
#include <vector>

#include "compiler/review/subject.h"

namespace flow::review {

// What makes a call move or end.
enum class Cause {
  Model,   // the model judges or calls a tool
  Data,    // a condition becomes true
  Caller,  // keys, phrases
  Time,    // so long after the agent took the call
  Trouble, // silence, no match, a failed tool, a lost service, a limit: what saves a call that got stuck
};

struct Way {
  Cause cause = Cause::Model;
  const ast::AgentDecl* agent = nullptr;        // where to: an agent,
  const ast::TransferDecl* transfer = nullptr;  // someone outside,
  bool back = false;                            // or whoever handed over
  const ast::Handoff* edge = nullptr;           // null: an action
  bool everywhere = false;                      // an edge of every agent
  Span at;                                      // the target's name
};

struct Node {
  const ast::AgentDecl* agent = nullptr;
  std::vector<Way> ways;
  std::vector<Cause> endings;
  bool reached = false;
};

struct Graph {
  std::vector<Node> nodes;
  std::map<const ast::AgentDecl*, std::size_t> place;
  std::vector<const ast::TransferDecl*> transfers;
  bool limited = false;  // `max_duration` ends every call

  auto of(const ast::AgentDecl& agent) const -> const Node& { return nodes[place.at(&agent)]; }
  // Agents that a way may lead to; `back` may lead to everyone who hands over to `from`.
  auto targets(const Node& from, const Way& way) const -> std::vector<std::size_t>;
  // Agents from which `good` holds or some way leads to one where it does.
  auto leading_to(const std::function<bool(const Node&)>& good) const -> std::vector<bool>;
};

// Whether the call may end there, or leave for somebody outside.
auto can_end(const Node& node) -> bool;

auto graph_of(const Subject& subject) -> Graph;

// The same event of the same keys or phrases; how often in a row does not count.
auto same_event(const ast::Event& a, const ast::Event& b) -> bool;
// From which time in a row on: N of `count N`, else 1.
auto count_of(const ast::Event& event) -> std::int64_t;

}  // namespace flow::review
