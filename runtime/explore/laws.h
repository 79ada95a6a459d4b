#pragma once
// What must hold over a whole call, whatever the world does. Watches events and effects from outside and knows nothing
// of how the session decides; used by tests, the simulator, the exhaustive search and `flowc check`.
//
// Each law is one line of code and one sentence.

#include <map>
#include <optional>
#include <set>
#include <string>

#include "runtime/core/session.h"

namespace flow::explore {

class Laws {
 public:
  explicit Laws(const ir::Program& program) : program_(&program) {}

  // Empty, or the first law that this step broke.
  auto check(const core::Event& event, const core::EffectList& effects, const core::Session& session) -> std::string;

  struct Due {
    core::TimerId id;
    core::Instant at;
  };
  // The earliest timer that is set and neither dropped nor fired.
  auto next_timer() const -> std::optional<Due>;

 private:
  void see(const core::Event& event);
  void see(const core::Effect& effect, const core::Session& session);
  auto caller_speaks() const -> bool;
  static auto caller_hears(const core::Session& session) -> bool;
  void law(bool holds, const char* sentence);
  void end_of_call();
  // Whether a rule that counts forbids the tool, as far as events and effects alone tell.
  auto forbidden(Id<ir::Tool> tool) const -> bool;

  const ir::Program* program_;
  std::string broken_;
  bool just_hung_up_ = false;

  core::Epoch epoch_;
  bool caller_there_ = false, caller_gone_ = false, finished_ = false;
  bool paused_ = false;
  std::optional<core::Instant> caller_speaks_since_, key_held_since_;
  core::Instant now_;
  std::map<core::TimerId, core::Instant> timers_;
  std::set<core::ResponseId> running_;                      // of this link
  std::optional<core::AskId> open_ask_;
  std::optional<core::TransferId> open_transfer_;
  std::set<core::AskId> unheard_asks_;                      // text for the session alone
  std::set<core::ResponseId> unheard_;
  std::set<core::FunctionCallId> open_calls_, answered_calls_;
  std::map<core::ItemId, core::Samples> sent_;              // audio admitted of each item
  std::set<core::ItemId> truncated_, deleted_;
  std::set<core::JobId> delivered_, settled_, started_, undone_;
  std::map<core::JobId, Id<ir::Tool>> tool_of_;
  std::map<Id<ir::Tool>, int> runs_;                        // begun, those that undo something left out
  std::set<Id<ir::Tool>> succeeded_;
  std::set<std::uint32_t> done_forms_;
  std::map<std::uint32_t, std::uint32_t> read_back_;        // forms that wait for a yes, and the caller's turns by then
  std::vector<Value> answers_;                              // to the forms, after the last step
  void see_form(const core::Decided& e, const core::Session& session);
  void see_answers(const core::Event& event, const core::EffectList& effects, const core::Session& session);
  std::optional<core::ConfigId> unconfirmed_;
  core::ResponseId admitted_;
};

}  // namespace flow::explore
