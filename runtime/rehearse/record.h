#pragma once
// What happened in a rehearsed call, in the words that expectations use.

#include <string>
#include <vector>

#include "compiler/ir/test.h"
#include "runtime/rehearse/stage.h"

namespace flow::rehearse {

// One thing that happened; the fields are those of ir::Happening.
struct Fact {
  core::Instant at;
  ir::Happening::Kind kind = ir::Happening::Kind::Tool;
  Id<ir::Tool> tool;
  ir::ToolNews news = ir::ToolNews::Called;
  Value arguments = {};
  std::string words = {};   // of Said: what was heard; of Tool: the reason, if there is one
  Id<ir::Agent> agent = {};
  Id<ir::Transfer> transfer = {};
  ir::TransferNews moved = {};
};

class Record {
 public:
  // `program` must outlive the record.
  explicit Record(const ir::Program& program) : program_(&program) {}

  // Takes what is new on the stage.
  void follow(const Stage& stage);

  auto facts() const -> const std::vector<Fact>& { return facts_; }
  // The first that is what was meant, from `from` to `to`.
  auto find(const ir::Happening& what, core::Instant from, core::Instant to) const -> const Fact*;
  auto count(const ir::Happening& what, core::Instant to) const -> int;

 private:
  void decided(const core::Decided& e, core::Instant at, const core::Session::State& state);
  void ended(core::Instant at);
  auto fits(const Fact& fact, const ir::Happening& what) const -> bool;
  auto tool_named(const std::string& text) const -> Id<ir::Tool>;
  auto transfer_named(const std::string& text) const -> Id<ir::Transfer>;

  const ir::Program* program_;
  std::vector<Fact> facts_;
  std::size_t seen_ = 0;
  core::FunctionCalled last_call_;
  bool ended_ = false;
};

// `lookup_orders` speaking, "the agent `fraud`": how a message names it.
auto describe(const ir::Program& program, const ir::Happening& what) -> std::string;

}  // namespace flow::rehearse
