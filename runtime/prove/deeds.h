#pragma once
// What may happen in a call of one flow, in the words of test steps: what a caller does and the model answers it with,
// what they answer to forms, how tools end, who takes a transfer, what becomes of the connection, what an earlier call
// left. Made from the program: its tools, agents, forms, edges, transfers, handlers and policies.
//
// What is alike stands for each other. Two tools are alike if they differ in nothing that a session decides by: policy,
// effects, guards, what they set, who may call them. To rename one to the other turns every call into a call that obeys
// the same laws, so one of them is enough; of a batch, as many as the batch has. The same goes for edges that lead from
// one agent to agents that are alike.

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/ir/test.h"

namespace flow::prove {

// One thing that happens. A turn of the caller says, too, how the model answers it.
struct Deed {
  ir::TestStep act;
  std::optional<ir::TestStep> model;
  std::optional<ir::TestStep> before;  // what goes with it, and stands before it in a test
};

inline constexpr int InFlightMax = 3;  // tools that run at a time

class Deeds {
 public:
  explicit Deeds(const ir::Program& program);

  // What the caller may say to this agent, with every answer of the model: while nothing else goes on ...
  auto turns_of(Id<ir::Agent> agent) const -> const std::vector<Deed>& { return turns_.at(agent.index); }
  // ... and in the middle of something.
  auto interruptions_of(Id<ir::Agent> agent) const -> const std::vector<Deed>& { return interruptions_.at(agent.index); }
  // How a run of this tool may go on.
  auto outcomes_of(Id<ir::Tool> tool) const -> const std::vector<Deed>& { return outcomes_.at(tool.index); }
  auto late_result_of(Id<ir::Tool> tool) const -> const Deed& { return outcomes_.at(tool.index).front(); }
  // What the caller may type into a field: enough keys, and too few. Nothing if it is not typed.
  auto keys_of(Id<ir::Form> form, std::size_t field) const -> const std::vector<Deed>& { return keys_.at(form.index).at(field); }
  // Who may be at the far side of a transfer.
  auto far_sides_of(Id<ir::Transfer> transfer) const -> const std::vector<Deed>& { return far_sides_.at(transfer.index); }
  auto digits() const -> const std::vector<Deed>& { return digits_; }
  auto phrases() const -> const std::vector<Deed>& { return phrases_; }
  auto cough() const -> const Deed& { return cough_; }
  auto hang_up() const -> const Deed& { return hang_up_; }
  // The connection is lost: it comes back, is gone for good, or is gone and another stands in for it.
  auto losses() const -> const std::vector<Deed>& { return losses_; }
  // A machine has the call; only where the flow says what then.
  auto machine() const -> const std::optional<Deed>& { return machine_; }
  // What may be so before the phone rings.
  auto beginnings() const -> const std::vector<Deed>& { return beginnings_; }

  // By tool and agent: the first that it is like, itself if there is none.
  auto kind_of(Id<ir::Tool> tool) const -> std::uint32_t { return tool_kinds_.at(tool.index); }
  auto kind_of(Id<ir::Agent> agent) const -> std::uint32_t { return agent_kinds_.at(agent.index); }
  auto kinds_of_tools() const -> std::size_t;

 private:
  void find_kinds();
  void find_turns(Id<ir::Agent> agent);
  void find_edges(Id<ir::Agent> agent, const std::optional<ir::TestCall>& work);
  void find_answers(Id<ir::Form> form);
  void find_outcomes(Id<ir::Tool> tool);
  void find_keys();
  void find_far_sides();
  void find_losses();
  void find_beginnings();
  auto call(Id<ir::Tool> tool, int nth) const -> ir::TestCall;

  const ir::Program* program_;
  std::vector<std::uint32_t> tool_kinds_, agent_kinds_;
  std::vector<std::vector<Deed>> turns_, interruptions_, outcomes_;
  std::vector<std::vector<std::vector<Deed>>> keys_;  // by form and field
  std::vector<std::vector<Deed>> far_sides_;
  std::vector<Deed> digits_, phrases_, losses_, beginnings_;
  std::optional<Deed> machine_;
  Deed cough_, hang_up_;
};

}  // namespace flow::prove
