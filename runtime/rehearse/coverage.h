#pragma once
// Which parts of a flow its tests have been in: agents, edges, handlers, rules that were asked (what they are about was
// called, or held back), and the cells of the policy of each tool.

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/rehearse/record.h"

namespace flow::rehearse {

// A question of a policy that a call can come to. What answers it is in the reference of the language.
enum class Cell {
  Ack, Progress, Deliver, Busy, CallerSpeaks, IfInterrupted, Escalate, Duplicates, Timeout, Retry, Fails, Expires, OnHandoff, OnHangup, Cancel,
};
auto to_word(Cell cell) -> std::string_view;  // the clause: `ack`, `deliver`, …

struct Covered {
  std::set<std::uint32_t> agents, handoffs, handlers, rules;  // rows of the program
  std::set<std::pair<std::uint32_t, Cell>> cells;       // of a tool

  void add(const Covered& other);
};

// Everything that there is to cover: what no call can come to is left out.
auto coverable(const ir::Program& program) -> Covered;

// Watches a call.
class Coverage {
 public:
  explicit Coverage(const ir::Program& program) : program_(&program) {}
  // After every step of the stage.
  void follow(const Stage& stage, const Record& record);
  auto covered() const -> const Covered& { return covered_; }

 private:
  void fact(const Fact& fact, const Stage& stage);
  void held(const std::string& text);

  const ir::Program* program_;
  std::size_t facts_ = 0, moments_ = 0;
  bool gone_ = false;
  Covered covered_;
};

}  // namespace flow::rehearse
