#pragma once
// A flow as a picture: who may give the call to whom, and why.

#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/ir/ir.h"

namespace flow::view {

struct GraphNode {
  enum class Kind {
    Start,  // where the call comes in
    Every,  // every agent: where handoffs begin that are declared for all
    Agent,
    Outside,  // where a transfer leads
  };
  Kind kind = Kind::Agent;
  Id<ir::Agent> agent;        // of Agent
  Id<ir::Transfer> transfer;  // of Outside
};

struct GraphEdge {
  enum class Kind { Start, Model, Event, Time, Data, Action };
  Kind kind = Kind::Start;
  std::size_t from = 0, to = 0;  // nodes
  bool back = false;             // to whoever had the call before, here one of them
  std::string label;             // `when "…" if verified`; empty: of the start
  Id<ir::Handoff> handoff;       // none: of the start, or of an action
};

struct Graph {
  std::vector<GraphNode> nodes;  // the start first
  std::vector<GraphEdge> edges;
};

auto graph_of(const ir::Program& program) -> Graph;
auto name_of(const ir::Program& program, const GraphNode& node) -> std::string;

auto graph_as_mermaid(const ir::Program& program) -> std::string;
auto graph_as_dot(const ir::Program& program) -> std::string;
// A picture of its own, light and dark. An error if it cannot be laid out.
auto graph_as_svg(const ir::Program& program) -> Result<std::string>;
// A page with the picture; a click on an agent, a tool or an edge tells more. Needs nothing from the network.
auto graph_as_html(const ir::Program& program) -> Result<std::string>;

}  // namespace flow::view
