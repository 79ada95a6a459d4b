#pragma once
// One call that nobody wrote: it goes on by itself, and at any moment something may be made to happen. A value: a copy
// is a branch. What happened can be told as a test.

#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/test.h"
#include "runtime/prove/deeds.h"
#include "runtime/rehearse/stage.h"

namespace flow::prove {

// What was made to happen, and when.
struct Done {
  const Deed* deed = nullptr;
  core::Instant at;
  std::optional<core::Instant> answered;  // of a turn with an answer: when the model gave it
  std::optional<core::Instant> ordered;   // of the far side of a transfer: since when it was called
  bool at_rest = false;                   // nobody had spoken for a second
};

class Branch final : public rehearse::Cast {
 public:
  // The phone has rung; `beginning` was so before. All must outlive the branch.
  Branch(const ir::Program& program, const Deeds& deeds, const Deed* beginning = nullptr);
  Branch(const Branch& other);
  Branch(Branch&& other) noexcept;
  auto operator=(const Branch& other) -> Branch&;
  auto operator=(Branch&& other) noexcept -> Branch&;
  ~Branch() override = default;

  auto stage() const -> const rehearse::Stage& { return stage_; }
  auto path() const -> const std::vector<Done>& { return path_; }
  // Empty, or the law or promise that this call broke.
  auto broken() const -> const std::string& { return stage_.broken_law(); }
  // What was to happen could not: the model was to call what it is not offered.
  auto impossible() const -> bool { return impossible_; }
  // Between two things that happen by themselves there is room for a third.
  auto is_gap() const -> bool;
  // Nobody has spoken for a second, and no tool runs.
  auto at_rest() const -> bool;
  auto moment() const -> std::uint64_t;  // the fingerprint, with what is still to be answered

  // What the caller may type into the field whose turn it is; none: nothing is typed now.
  auto keys_wanted() const -> const std::vector<Deed>*;
  // What may happen here, in a fixed order.
  auto possible() const -> std::vector<const Deed*>;
  void make(const Deed& deed);
  // The next thing that happens by itself.
  void advance() { stage_.advance(), stage_.forget_the_past(); }
  void idle_until(core::Instant at) { stage_.idle_until(at); }
  // The caller hangs up, and everything comes to its end.
  void finish();

  auto answer(const rehearse::Asked& asked) -> rehearse::Answer override;
  void started(const rehearse::Run&) override {}
  void ordered(core::TransferId, Id<ir::Transfer>) override { ordered_at_ = stage_.now(); }

 private:
  auto planned_answer(const ir::TestStep& step) -> rehearse::Answer;
  void press(const std::string& keys);
  auto is_typing() const -> bool { return stage_.now() < typing_until_; }
  void add_outcomes(std::vector<const Deed*>& out) const;
  auto oldest_run(Id<ir::Tool> tool, bool running) const -> const rehearse::Run*;

  const ir::Program* program_;
  const Deeds* deeds_;
  rehearse::Stage stage_;
  std::vector<Done> path_;
  const ir::TestStep* armed_ = nullptr;  // what the model answers the last turn with
  std::uint64_t answering_ = 0;          // ... the number of the answer that it gave last
  std::string last_words_;
  std::string typing_;                   // keys that the caller presses one after the other ...
  core::Instant typing_until_;           // ... until then
  core::Instant ordered_at_;             // of the last transfer
  bool impossible_ = false;
};

}  // namespace flow::prove
