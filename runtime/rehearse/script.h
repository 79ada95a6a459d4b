#pragma once
// Performs the steps of a test on a stage: who waits for what, and what the model and the tools do meanwhile.

#include <deque>
#include <map>
#include <optional>

#include "runtime/rehearse/rehearsal.h"

namespace flow::rehearse {

// An expectation that has been read, and the time it speaks of.
struct Expected {
  const ir::TestStep* step = nullptr;
  core::Instant from, until;  // of one with `within`: from the beginning of the step before, until it is too late
};

class Script final : public Cast {
 public:
  Script(const ir::Program& program, const ir::Test& test);

  // The whole test, to the end of the call.
  void perform();

  auto failures() const -> const std::vector<Failure>& { return failures_; }
  auto expected() const -> const std::vector<Expected>& { return expected_; }
  auto reached() const -> const std::vector<Reached>& { return reached_; }
  auto script_over() const -> core::Instant { return script_over_; }
  auto record() const -> const Record& { return record_; }
  auto stage() const -> const Stage& { return stage_; }
  auto covered() const -> const Covered& { return coverage_.covered(); }

  auto answer(const Asked& asked) -> Answer override;
  void started(const Run& run) override;
  void ordered(core::TransferId transfer, Id<ir::Transfer> to) override;

 private:
  using Done = std::function<bool()>;

  void perform(const ir::TestStep& step);
  void caller(const ir::TestStep& step);
  void act(const ir::TestStep& step);
  void model(const ir::TestStep& step);
  void tool(const ir::TestStep& step);
  void outcome(const ir::TestStep& step, const Run& run);
  auto run_for(const ir::TestStep& step) const -> std::optional<Run>;
  void provider(const ir::TestStep& step);
  void transfer(const ir::TestStep& step);
  void far_side_due();
  void far_side(const ir::TestStep& step);
  void earlier(const ir::TestStep& step);
  void expect(const ir::TestStep& step);
  void check(const ir::TestStep& step);
  void unscripted_tools();

  auto plan(const ir::TestStep& step) -> Answer;

  void advance();
  void follow();
  auto run_until(const Done& done, core::Instant deadline) -> bool;
  void wait_until(core::Instant at) { run_until([] { return false; }, at); }
  auto wait_for_quiet(core::Millis length) -> bool;
  auto wait_for_planned() -> bool;
  auto wait_for_voice() -> bool;
  auto broken() const -> bool { return !failures_.empty() || !stage_.broken_law().empty(); }
  void fail(const ir::TestStep& step, std::string text, std::vector<std::string> instead = {});
  void happened(const ir::TestStep& step, core::Instant from, core::Instant to);

  const ir::Program* program_;
  const ir::Test* test_;
  Stage stage_;
  Record record_;
  Coverage coverage_;
  std::vector<Failure> failures_;
  std::vector<Expected> expected_;
  std::vector<Reached> reached_;
  core::Instant script_over_;

  core::Instant mark_;         // end of the last step without `after`
  core::Instant began_;        // its beginning
  core::Instant ended_;        // end of all steps so far
  int planned_ = 0;            // steps that have their time and have not happened

  const ir::TestStep* armed_ = nullptr;   // what the model does next
  bool armed_for_turn_ = false;           // ... when the caller's turn is answered
  std::string refused_;                   // why it could not
  std::string last_words_;                // what it said last, to go on with
  const ir::TestStep* last_act_ = nullptr;
  std::map<std::uint32_t, std::deque<const ir::TestStep*>> waiting_;  // outcomes of tools that do not run yet
  std::set<std::uint32_t> scripted_, started_;
  std::map<std::uint32_t, std::deque<const ir::TestStep*>> far_sides_;  // what becomes of transfers that are not ordered yet
  std::set<std::uint32_t> scripted_transfers_, ordered_;
  core::Instant ordered_at_;       // of the last order ...
  bool answered_for_ = false;      // ... and whether a step has its answer
};

}  // namespace flow::rehearse
