#include "runtime/prove/exploration.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "runtime/core/state.h"
#include "runtime/prove/walk.h"

namespace flow::prove {

using namespace core;

namespace {

constexpr std::size_t WalksMax = 60;      // calls at rest, to find every agent
constexpr Millis HorizonMax{120'000};     // after the last deed: whatever waits longer is left to wait
constexpr Millis ThinkTime{1'000};
constexpr Millis LongSilence{7'000};      // in which whatever is owed to anybody must come ...
constexpr Millis LongestSilence{180'000}; // ... even to somebody who waits for another to take their call

class Search {
 public:
  Search(const Deeds& deeds, const Bound& bound, Explored& found) : deeds_(&deeds), bound_(bound), found_(&found) {}

  // All calls from here with so many deeds. False: there were more moments than may be looked at; then each start had
  // its share, of a quarter of them: the first may need most.
  auto all(const std::vector<Branch>& starts, int deeds) -> bool {
    seen_.clear();
    bool whole = true;
    for (std::size_t i = 0; i < starts.size(); ++i) {
      const auto kept = bound_.moments / 4 * (starts.size() - i - 1) / starts.size();
      limit_ = std::max(bound_.moments - kept, found_->moments);
      from(starts[i], deeds);
      whole = whole && !stopped();
    }
    return whole;
  }

 private:
  auto stopped() const -> bool { return found_->moments >= limit_; }

  void from(Branch branch, int left) {
    std::vector<std::uint64_t> mine;  // moments of this very run: a sentence has many that are alike
    const auto horizon = branch.stage().now() + HorizonMax;
    for (;;) {
      if (!branch.broken().empty()) return report(branch);
      if (branch.impossible() || branch.stage().over() || stopped()) return;
      const auto next = branch.stage().next();
      if (branch.is_gap()) {
        const auto moment = branch.moment();
        if (std::ranges::find(mine, moment) == mine.end()) {
          mine.push_back(moment);
          const auto [known, is_new] = seen_.try_emplace(moment, left);
          if (!is_new && known->second >= left) return;
          known->second = left;
          ++found_->moments;
          if (left > 0) interfere(branch, left);
        }
      }
      if (!next || *next > horizon) break;
      branch.advance();
      ++found_->steps;
    }
    rest(std::move(branch));
  }

  void interfere(const Branch& branch, int left) {
    for (const auto* deed : branch.possible()) {
      if (stopped()) return;
      auto other = branch;
      other.idle_until(other.stage().now() + Millis{1});
      other.make(*deed);
      ++found_->steps;
      from(std::move(other), left - 1);
    }
    // Where nothing else goes on, the caller takes a second to think, and may say anything.
    const auto next = branch.stage().next();
    const auto thought = branch.stage().quiet() ? branch.stage().quiet_since() + ThinkTime : branch.stage().now();
    if (!branch.stage().quiet() || thought <= branch.stage().now() || (next && *next <= thought)) return;
    auto rested = branch;
    rested.idle_until(thought);
    if (!rested.at_rest() || !is_new_at_rest(rested, left)) return;
    for (const auto* deed : rested.possible()) {
      if (stopped()) return;
      if (!deed->model) continue;  // what needs no moment of quiet may happen without it
      auto other = rested;
      other.make(*deed);
      ++found_->steps;
      from(std::move(other), left - 1);
    }
  }

  // Whether it is new to be at rest here, with so many deeds left.
  auto is_new_at_rest(const Branch& rested, int left) -> bool {
    const auto [known, is_new] = seen_.try_emplace(rested.moment(), left);
    if (!is_new && known->second >= left) return false;
    known->second = left;
    ++found_->moments;
    return true;
  }

  // Nothing more happens but by somebody's will: what is owed must have come, and the call can end.
  void rest(Branch branch) {
    const auto next = branch.stage().next();
    const auto until = branch.stage().now() + (branch.stage().transferring() ? LongestSilence : LongSilence);
    if (!next || *next > until) branch.idle_until(until);
    branch.finish();
    if (!branch.broken().empty()) report(branch);
  }

  void report(const Branch& branch) {
    if (std::ranges::find(found_->broken, branch.broken(), &Broken::law) == found_->broken.end()) found_->broken.push_back({branch.broken(), branch.path()});
  }

  const Deeds* deeds_;
  Bound bound_;
  Explored* found_;
  std::uint64_t limit_ = 0;
  std::unordered_map<std::uint64_t, int> seen_;  // moments, and how many deeds were left there
};

}  // namespace

auto explore(const ir::Program& program, const Deeds& deeds, const Bound& bound) -> Explored {
  Explored found;
  found.tools = program.tools.size();
  found.tool_kinds = deeds.kinds_of_tools();
  found.agents = program.agents.size();

  std::vector<Branch> starts;
  starts.emplace_back(program, deeds);
  for (const auto& beginning : deeds.beginnings()) starts.emplace_back(program, deeds, &beginning);
  std::set<std::uint32_t> reached;
  std::set<std::vector<std::uint32_t>> landmarks;
  walk(program, deeds, WalksMax, [&](const Branch& call) {
    const auto agent = call.stage().state().agent;
    reached.insert(agent.index);
    // Of forms only those count that are the agent's own.
    auto mark = landmark(call);
    mark.front() = deeds.kind_of(agent);
    for (std::size_t i = 0; i < program.forms.size(); ++i) {
      if (program.forms[program.forms.id_at(i)].agent != agent) mark[i + 1] = 0;
    }
    if (landmarks.insert(mark).second) starts.push_back(call);
    return program.forms.size() > 0 || reached.size() < program.agents.size();
  });
  found.agents_reached = reached.size();
  found.starts = starts.size();

  Search search(deeds, bound, found);
  for (int deeds_now = 0; deeds_now <= bound.deeds; ++deeds_now) {
    if (!search.all(starts, deeds_now) || !found.broken.empty()) break;
    found.deeds = deeds_now;
  }
  found.complete = found.deeds == bound.deeds;
  return found;
}

}  // namespace flow::prove
