#include "runtime/prove/walk.h"

#include <algorithm>
#include <deque>
#include <set>

#include "runtime/core/state.h"

namespace flow::prove {

using namespace core;
using Kind = ir::TestStep::Kind;

namespace {

constexpr Millis ToolTakes{1'000};
constexpr Millis PatienceMax{600'000};

}  // namespace

void settle(Branch& branch, const Deeds& deeds, int variant) {
  const auto deadline = branch.stage().now() + PatienceMax;
  auto returns_at = branch.stage().now() + ToolTakes;
  while (branch.broken().empty() && !branch.impossible() && branch.stage().caller_there() && branch.stage().now() < deadline && !branch.at_rest()) {
    const auto& runs = branch.stage().runs();
    const auto rest = branch.stage().quiet() ? std::optional{branch.stage().quiet_since() + Millis{1'000}} : std::nullopt;
    auto next = branch.stage().next();
    if (rest && *rest > branch.stage().now() && (!next || *rest < *next)) {
      branch.idle_until(*rest);
      if (branch.at_rest()) return;
    }
    if (!runs.empty() && branch.stage().now() >= returns_at && branch.is_gap()) {
      const auto& outcomes = deeds.outcomes_of(runs.front().tool);
      const auto returns = std::ranges::count_if(outcomes, [](const Deed& d) { return d.act.kind == Kind::ToolReturns; });
      branch.idle_until(branch.stage().now() + Millis{1});
      branch.make(outcomes[static_cast<std::size_t>(variant) % static_cast<std::size_t>(returns)]);
      returns_at = branch.stage().now() + ToolTakes;
      continue;
    }
    if (const auto transfer = branch.stage().transferring(); transfer && branch.is_gap()) {
      branch.idle_until(branch.stage().now() + Millis{1});
      branch.make(deeds.far_sides_of(transfer).front());
      continue;
    }
    next = branch.stage().next();
    if (!runs.empty() && branch.stage().now() < returns_at && (!next || *next > returns_at)) {
      branch.idle_until(returns_at);
      continue;
    }
    if (!next) return;
    branch.advance();
  }
}

auto landmark(const Branch& call) -> std::vector<std::uint32_t> {
  const auto& s = call.stage().state();
  std::vector<std::uint32_t> out{s.agent.index};
  for (const auto& form : s.forms) out.push_back(static_cast<std::uint32_t>(form.stage));
  out.push_back(call.keys_wanted() ? 1 : 0);
  return out;
}

void walk(const ir::Program& program, const Deeds& deeds, std::size_t calls_max, const std::function<bool(const Branch&)>& visit) {
  std::deque<Branch> far, near;  // those at a new landmark, and the rest
  std::set<std::vector<std::uint32_t>> landmarks;
  std::set<std::uint64_t> seen;
  const auto wait = [&](Branch call) {
    const bool is_far = landmarks.insert(landmark(call)).second;
    (is_far ? far : near).push_back(std::move(call));
  };
  Branch first(program, deeds);
  settle(first, deeds, 0);
  wait(std::move(first));
  for (std::size_t calls = 0; !(far.empty() && near.empty()) && calls < calls_max;) {
    auto& waiting = far.empty() ? near : far;
    const auto from = std::move(waiting.front());
    waiting.pop_front();
    if (!from.at_rest() || !seen.insert(from.moment()).second) continue;
    ++calls;
    if (!visit(from)) continue;
    for (const auto* deed : from.possible()) {
      const bool moves = deed->act.kind == Kind::Says || deed->act.kind == Kind::Types || deed->act.kind == Kind::Presses;
      if (!moves || (deed->model && deed->model->kind == Kind::ModelFails)) continue;
      auto variants = 1;
      if (deed->model && deed->model->calls.size() == 1 && deed->model->calls.front().tool) {
        const auto& outcomes = deeds.outcomes_of(deed->model->calls.front().tool);
        variants = static_cast<int>(std::ranges::count_if(outcomes, [](const Deed& d) { return d.act.kind == Kind::ToolReturns; }));
      }
      for (int variant = 0; variant < variants; ++variant) {
        auto next = from;
        next.make(*deed);
        settle(next, deeds, variant);
        if (!next.impossible()) wait(std::move(next));
      }
    }
  }
}

}  // namespace flow::prove
