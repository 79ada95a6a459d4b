// Does what a policy promises come in time? A job that has ended is not tried again and nobody waits for it any more; a
// result that has expired is not told.
//
// Asked of each block that writes cells, and of those cells only: who inherits a time is not told about its parent's.

#include <algorithm>
#include <optional>

#include "compiler/review/checks.h"

namespace flow::review {
namespace {

class Times {
 public:
  Times(const ast::Block& block, const ir::Policy& policy, diag::Report& report) : block_(block), p_(policy), report_(report) {}

  void run() {
    if (p_.retries > 0 && p_.retry_min >= p_.timeout) late(diag::TooLateToRetry, "retry", p_.retry_min);
    else if (const auto fit = retries_that_fit(); fit < p_.retries) cut_off(fit);
    if (p_.ack && p_.ack_after >= p_.timeout) unheard("ack", p_.ack_after);
    if (p_.progress == ir::Policy::Progress::Every && p_.progress_every >= p_.timeout) unheard("progress", p_.progress_every);
    if (p_.deliver == ir::Policy::Deliver::Silent) return;  // nobody waits for a moment to tell it
    if (p_.deliver == ir::Policy::Deliver::WhenIdle) untold("deliver", p_.grace);
    if (p_.escalate_to) untold("escalate", p_.escalate_after);
    if (p_.while_caller_speaks == ir::Policy::CallerSpeaks::OverrideAfter) untold("while_caller_speaks", p_.override_after);
    untold("coalesce", p_.coalesce_window);
  }

 private:
  // The cell of these two that this block writes; the first if both.
  auto written(std::string_view cell, std::string_view other) const -> const ast::Clause* {
    const auto* found = check::clause(block_, cell);
    return found ? found : check::clause(block_, other);
  }

  // Each wait is twice the one before, up to the longest; the runs between them take no time, at best.
  auto retries_that_fit() const -> int {
    auto begins = ir::Millis{0}, wait = p_.retry_min;
    for (int retry = 0; retry < p_.retries; ++retry) {
      begins += wait;
      if (begins >= p_.timeout) return retry;
      wait = std::min(p_.retry_max, 2 * wait);
    }
    return p_.retries;
  }

  void cut_off(int fit) {
    if (const auto* at = written("retry", "timeout")) report_.add(at->at, diag::RetriesCutOff, diag::Count{fit}, diag::Count{p_.retries}, diag::Text{shown(p_.timeout)});
  }

  template <class... Args>
  void late(const diag::Message<Args...>& message, std::string_view cell, ir::Millis after) {
    const auto* at = written(cell, "timeout");
    if (at) report_.add(at->at, message, diag::Text{shown(after)}, diag::Text{shown(p_.timeout)});
  }

  void unheard(std::string_view cell, ir::Millis after) {
    const auto* at = written(cell, "timeout");
    if (at) report_.add(at->at, diag::TooLateToHear, diag::Name{std::string(cell)}, diag::Text{shown(after)}, diag::Text{shown(p_.timeout)});
  }

  void untold(std::string_view cell, ir::Millis after) {
    const auto* at = after >= p_.expires ? written(cell, "expires") : nullptr;
    if (at) report_.add(at->at, diag::ExpiresUntold, diag::Text{shown(p_.expires)}, diag::Name{std::string(cell)}, diag::Text{shown(after)});
  }

  const ast::Block& block_;
  const ir::Policy& p_;
  diag::Report& report_;
};

}  // namespace

void policy_times(const Subject& subject, diag::Report& report) {
  for (const auto* module : subject.modules) {
    for (const auto& policy : module->tree.policies) {
      const auto row = subject.policies.find(&policy);
      if (row != subject.policies.end()) Times{policy.block, subject.program.policies[row->second], report}.run();
    }
  }
  for (const auto* tool : tools_of(subject)) {
    const auto* named = check::clause(tool->block, "policy");
    const auto& row = subject.program.tools[subject.tools.at(tool)];
    if (named && named->block && subject.program.policies.has(row.policy)) Times{*named->block, subject.program.policies[row.policy], report}.run();
  }
}

}  // namespace flow::review
