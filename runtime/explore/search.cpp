#include "runtime/explore/search.h"

#include <algorithm>

#include "runtime/explore/dice.h"

namespace flow::explore {
namespace {

auto line_of(const Move& move) -> std::string { return std::to_string(move.at.since_start.count()) + " ms  " + name_of(move.act); }

void descend(const Branch& from, const Scope& scope, int depth, std::vector<std::string>& path, Searched& found) {
  if (depth == 0 || !found.broken.empty()) return;
  for (const auto& move : from.world.moves()) {
    if (!scope(move)) continue;
    auto next = from;
    ++found.runs;
    path.push_back(line_of(move));
    const auto law = next.make(move);
    if (!law.empty()) {
      found.broken.push_back({law, path});
      return;
    }
    descend(next, scope, depth - 1, path, found);
    path.pop_back();
    if (!found.broken.empty()) return;
  }
}

// What a world does that only wants the call to come to its end.
auto well_behaved(const std::vector<Move>& moves) -> const Move* {
  static constexpr Act order[] = {Act::LinkOpens, Act::Confirms, Act::Stored, Act::EndsCancelled, Act::CancelRefused, Act::FlushedHalf, Act::FlushedNothing,
                                  Act::CallerStops, Act::Commits, Act::TranscribesWords, Act::Calls, Act::RefusesActive, Act::Starts, Act::ToolFinishes, Act::ToolStops, Act::TransferConnects};
  for (const auto act : order) {
    const auto found = std::ranges::find(moves, act, &Move::act);
    if (found != moves.end()) return &*found;
  }
  return nullptr;
}

}  // namespace

auto Branch::make(const Move& move) -> std::string {
  world.make(move);
  core::EffectList effects;
  session.step(move.event, world.now(), effects);
  world.see(effects);
  return laws.check(move.event, effects, session);
}

auto search(const Branch& start, const Scope& scope, int depth) -> Searched {
  Searched found;
  std::vector<std::string> path;
  descend(start, scope, depth, path, found);
  return found;
}

auto simulate(const Branch& start, std::uint64_t seed, int moves) -> std::optional<Broken> {
  auto branch = start;
  Dice dice{seed};
  std::vector<std::string> path;
  const auto make = [&](const Move& move) -> std::optional<Broken> {
    path.push_back(line_of(move));
    auto law = branch.make(move);
    if (law.empty()) return std::nullopt;
    return Broken{std::move(law), path};
  };
  for (int i = 0; i < moves && !branch.world.over(); ++i) {
    auto possible = branch.world.moves();
    // The end of a call is rare, or no call would get far.
    if (dice.roll(40) != 0) std::erase_if(possible, [](const Move& m) { return m.act == Act::CallerHangsUp || m.act == Act::Stops; });
    if (possible.empty()) break;
    if (auto broken = make(possible[dice.roll(possible.size())])) return broken;
  }
  // From here the world behaves: the agent says one stretch and ends, tools finish, nobody drops. All must come to rest.
  branch.world.turns_left = 0;
  branch.world.responses_left = 1'000;
  branch.world.unasked_left = branch.world.drops_left = branch.world.calls_left = 0;
  for (int i = 0; i < 400 && !branch.world.over(); ++i) {
    const auto possible = branch.world.moves();
    if (const auto* move = well_behaved(possible)) {
      if (auto broken = make(*move)) return broken;
      continue;
    }
    const auto speaks = std::ranges::find(possible, Act::Speaks, &Move::act);
    const auto ends = std::ranges::find(possible, Act::Ends, &Move::act);
    const auto drains = std::ranges::find(possible, Act::Drains, &Move::act);
    const auto time = std::ranges::find(possible, Act::TimePasses, &Move::act);
    const auto hangs_up = std::ranges::find(possible, Act::CallerHangsUp, &Move::act);
    const auto next = speaks != possible.end() && i % 2 == 0 ? speaks : ends != possible.end() ? ends : drains != possible.end() ? drains : time;
    if (i > 300 && hangs_up != possible.end()) {
      if (auto broken = make(*hangs_up)) return broken;
    } else if (next != possible.end()) {
      if (auto broken = make(*next)) return broken;
    } else if (hangs_up != possible.end()) {
      if (auto broken = make(*hangs_up)) return broken;
    } else {
      break;
    }
  }
  if (!branch.world.over()) return Broken{"a call whose world behaves comes to its end", path};
  return std::nullopt;
}

}  // namespace flow::explore
