// Small scopes searched whole, large ones from seeds.

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <algorithm>
#include <set>

#include "runtime/explore/search.h"
#include "tests/support/programs.h"

using namespace flow;
using namespace flow::explore;
using namespace flow::test;

namespace {

auto report(const Broken& broken) -> std::string {
  std::string text = broken.law;
  for (const auto& move : broken.moves) text += "\n  " + move;
  return text;
}

auto only(std::set<Act> acts) -> Scope {
  return [acts = std::move(acts)](const Move& m) { return acts.contains(m.act); };
}

// The first move of each name in turn.
auto after(const ir::Program& program, std::vector<Act> acts, std::vector<std::string> functions = {"look"}) -> Branch {
  Branch branch{program, std::move(functions)};
  for (const auto act : acts) {
    const auto moves = branch.world.moves();
    const auto found = std::ranges::find(moves, act, &Move::act);
    INFO(name_of(act));
    REQUIRE(found != moves.end());
    REQUIRE(branch.make(*found) == "");
  }
  return branch;
}

constexpr std::initializer_list<Act> Connected = {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms};

void nothing_breaks(const Branch& start, const Scope& scope, int depth, std::uint64_t at_least) {
  const auto found = search(start, scope, depth);
  if (!found.broken.empty()) FAIL(report(found.broken.front()));
  INFO("runs: " << found.runs);
  CHECK(found.runs >= at_least);
}

}  // namespace

TEST_CASE("no order of turns, responses and barge-ins breaks a law") {
  Shop shop;
  nothing_breaks(after(shop.program, Connected),
                 only({Act::CallerSpeaks, Act::CallerStops, Act::Commits, Act::Starts, Act::Speaks, Act::Ends, Act::EndsCancelled, Act::Drains, Act::FlushedHalf,
                       Act::FlushedNothing, Act::CancelRefused, Act::CallerTypes}),
                 9, 10'000);
}

TEST_CASE("no order of calls, results and keys breaks a rule") {
  Shop shop;
  shop.rules().duplicates = ir::Policy::Duplicates::Allow;
  const auto deed = [](Id<ir::Tool> tool) { return ir::Deed{.kind = ir::Deed::Kind::Tool, .tool = tool, .target = {}, .words = {}}; };
  shop.program.rules.add({.declaration = "first", .text = "never write before look", .doc = {}, .kind = ir::Rule::Kind::Before, .what = deed(shop.write), .unless = {}, .first = deed(shop.look)});
  shop.program.rules.add({.declaration = "few", .text = "at most 1 look", .doc = {}, .kind = ir::Rule::Kind::AtMost, .what = deed(shop.look), .unless = {}, .first = {}, .most = 1});
  ir::Handler key;
  key.on = {.kind = ir::EventPattern::Kind::Dtmf, .after = {}, .values = {"1"}};
  ir::Action run{.kind = ir::Action::Kind::Run, .line = {}, .tool = shop.write};
  run.args.emplace_back("query", shop.program.exprs.add({.op = ir::Expr::Op::Literal, .literal = "boots"}));
  key.actions.push_back(run);
  shop.program.handlers.add(key);
  nothing_breaks(after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes}, {"look", "write", "look"}),
                 only({Act::Starts, Act::HalfCall, Act::Calls, Act::Ends, Act::CallerPresses, Act::CallerTypes, Act::ToolFinishes, Act::Stored, Act::Confirms, Act::TimePasses}), 10, 5'000);
}

TEST_CASE("no order of hang-ups, results and stops undoes a write twice, or leaves it done") {
  Shop shop;
  auto undo = shop.program.tools[shop.look];
  undo.name = "undo";
  undo.effects = ir::Effects::Writes;
  shop.program.tools[shop.write].compensate = shop.program.tools.add(undo);
  shop.program.tools[shop.write].idempotency_key = "query";
  shop.rules().on_hangup = ir::Policy::OnHangup::Cancel;
  shop.rules().duplicates = ir::Policy::Duplicates::Replace;
  nothing_breaks(after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes, Act::Starts, Act::HalfCall, Act::Calls}, {"write", "write"}),
                 only({Act::Starts, Act::HalfCall, Act::Calls, Act::Ends, Act::CallerHangsUp, Act::ToolFinishes, Act::ToolFails, Act::ToolStops, Act::LateTool, Act::Stored, Act::Confirms, Act::TimePasses}), 9, 2'000);
}

TEST_CASE("no order of murmurs, coughs and words over an agent that judges by them breaks a law") {
  for (const auto after_ms : {0, 200}) {
    Shop shop;
    shop.agent().barge_in = {ir::Millis{after_ms}, ir::Millis{1500}, {"uh-huh"}};
    nothing_breaks(after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes, Act::Starts, Act::Speaks}),
                   only({Act::CallerSpeaks, Act::CallerStops, Act::Commits, Act::HearsWords, Act::HearsBackChannel, Act::TranscribesWords, Act::TranscribesBackChannel,
                         Act::TranscribesNothing, Act::Ends, Act::EndsCancelled, Act::Drains, Act::MarkReached, Act::FlushedHalf, Act::TimePasses}),
                   8, 5'000);
  }
}

TEST_CASE("no order of a talk key, commits, refusals and lost links breaks a law") {
  Shop shop;
  shop.agent().turn_detection.kind = ir::TurnDetection::Kind::Manual;
  nothing_breaks(after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes, Act::Starts, Act::Speaks}),
                 only({Act::TalkPresses, Act::TalkReleases, Act::Commits, Act::RefusesCommit, Act::Starts, Act::Speaks, Act::Ends, Act::EndsCancelled, Act::Drains, Act::FlushedHalf,
                       Act::LinkDrops, Act::LinkOpens, Act::Confirms, Act::TimePasses}),
                 8, 5'000);
}

TEST_CASE("no order of work that outlives calls, goes on elsewhere and comes back breaks a law") {
  const auto earlier = [](std::string handle, std::optional<Value> result) {
    return core::Recalled{{}, {core::KeptJob{"earlier/1", "look", Value::Record{{"query", "orders"}}, std::move(handle), std::move(result), 1s}}};
  };
  for (const auto& known : {core::Recalled{}, earlier("", Value("old boots")), earlier("elsewhere", std::nullopt)}) {
    Shop shop;
    shop.rules().on_hangup = ir::Policy::OnHangup::Resume;
    auto start = after(shop.program, {Act::CallerSpeaks});
    REQUIRE(start.make({Act::Recalls, known, start.world.now()}) == "");
    start.world.pends_left = 2;
    nothing_breaks(start,
                   only({Act::LinkOpens, Act::Confirms, Act::ToolFinishes, Act::ToolFails, Act::ToolPends, Act::CallerHangsUp, Act::CallerTypes, Act::Starts, Act::Speaks, Act::HalfCall, Act::Calls,
                         Act::Ends, Act::Drains, Act::TimePasses, Act::LateTool}),
                   7, 500);
  }
}

TEST_CASE("a call that waits for what earlier calls left may end, be typed to, and wait no longer") {
  Shop shop;
  shop.rules().on_hangup = ir::Policy::OnHangup::Resume;
  nothing_breaks(after(shop.program, {Act::CallerSpeaks}),
                 only({Act::Recalls, Act::TimePasses, Act::CallerTypes, Act::CallerPresses, Act::CallerHangsUp, Act::Stops, Act::LinkOpens, Act::Confirms, Act::Starts}), 7, 500);
}

TEST_CASE("no order of a handoff between a voice detection and a talk key breaks a law") {
  for (const auto first : {ir::TurnDetection::Kind::Manual, ir::TurnDetection::Kind::ServerVad}) {
    Shop shop;
    shop.agent().turn_detection.kind = first;
    shop.program.agents[shop.other].turn_detection.kind = first == ir::TurnDetection::Kind::Manual ? ir::TurnDetection::Kind::ServerVad : ir::TurnDetection::Kind::Manual;
    nothing_breaks(after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes, Act::Starts, Act::HalfCall}, {"handoff_other"}),
                   only({Act::Calls, Act::Ends, Act::Confirms, Act::TalkPresses, Act::TalkReleases, Act::CallerSpeaks, Act::CallerStops, Act::Commits, Act::Starts, Act::Speaks,
                         Act::LinkDrops, Act::LinkOpens, Act::TimePasses}),
                   8, 2'000);
  }
}

TEST_CASE("no order of refusals, races and the server's own responses breaks a law") {
  Shop shop;
  nothing_breaks(after(shop.program, Connected),
                 only({Act::CallerSpeaks, Act::CallerStops, Act::Commits, Act::CallerTypes, Act::Starts, Act::StartsUnasked, Act::Refuses, Act::RefusesActive, Act::Speaks, Act::Ends,
                       Act::Fails, Act::EndsCancelled, Act::FlushedHalf, Act::TimePasses}),
                 8, 10'000);
}

TEST_CASE("no order of a background result, speech and barge-in breaks a law, whatever the delivery") {
  using Deliver = ir::Policy::Deliver;
  for (const auto deliver : {Deliver::WhenIdle, Deliver::AtPause, Deliver::Interrupt, Deliver::WithNextTurn, Deliver::Silent, Deliver::SkipIfBusy}) {
    Shop shop;
    shop.rules().deliver = deliver;
    auto start = after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes, Act::Starts, Act::HalfCall, Act::Calls, Act::Ends, Act::TimePasses, Act::Starts,
                                      Act::Speaks, Act::Ends, Act::Drains, Act::CallerTypes, Act::Starts, Act::Speaks});
    start.world.calls_left = 0;
    nothing_breaks(start,
                   only({Act::ToolFinishes, Act::ToolFails, Act::CallerSpeaks, Act::CallerStops, Act::Commits, Act::Starts, Act::Speaks, Act::Ends, Act::EndsCancelled, Act::Drains,
                         Act::FlushedHalf, Act::PauseReached, Act::TimePasses, Act::CallerHangsUp}),
                   6, 2'000);
  }
}

TEST_CASE("no order of a handoff, a lookup and a lost link breaks a law") {
  Shop shop;
  nothing_breaks(after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes, Act::Starts}, {"look", "handoff_other"}),
                 only({Act::HalfCall, Act::Calls, Act::Ends, Act::EndsCancelled, Act::Confirms, Act::Starts, Act::Speaks, Act::Drains, Act::FlushedHalf, Act::ToolFinishes, Act::CallerTypes,
                       Act::LinkDrops, Act::LinkOpens, Act::TimePasses}),
                 7, 5'000);
}

TEST_CASE("no order of a write, a hang-up and a late answer breaks a law") {
  Shop shop;
  nothing_breaks(after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes, Act::Starts}, {"write", "end_call"}),
                 only({Act::HalfCall, Act::Calls, Act::Ends, Act::Stored, Act::ToolFinishes, Act::ToolFails, Act::ToolStops, Act::LateTool, Act::CallerHangsUp, Act::Stops, Act::Starts,
                       Act::Speaks, Act::Drains, Act::FlushedAll, Act::TimePasses}),
                 8, 5'000);
}

TEST_CASE("no order of a transfer, its far side, speech, tools and a lost link breaks a law") {
  for (const auto mode : {ir::Transfer::Mode::Cold, ir::Transfer::Mode::Warm}) {
    Shop shop;
    auto& human = shop.program.transfers[shop.human(mode)];
    human.say = words("One moment.");
    human.fails.actions = {say("Nobody is there.")};
    nothing_breaks(after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes, Act::Starts}, {"look", "handoff_human"}),
                   only({Act::HalfCall, Act::Calls, Act::Ends, Act::EndsCancelled, Act::Starts, Act::Speaks, Act::LateAudio, Act::Drains, Act::FlushedHalf, Act::ToolFinishes, Act::CallerTypes,
                         Act::TransferRings, Act::TransferAnswers, Act::TransferConnects, Act::TransferFails, Act::TransferUnsupported, Act::LateTransfer, Act::LinkDrops,
                         Act::LinkOpens, Act::Confirms, Act::CallerHangsUp, Act::TimePasses}),
                   7, 5'000);
  }
}

TEST_CASE("no order of a summary, the line over it, the caller and a lost link breaks a law") {
  Shop shop;
  auto& edge = shop.program.handoffs[Id<ir::Handoff>{0}];
  edge.history = ir::History::Summary;
  edge.say = words("One moment.");
  auto start = after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes, Act::Starts, Act::HalfCall, Act::Calls, Act::Ends, Act::Starts, Act::Speaks}, {"handoff_other"});
  nothing_breaks(start,
                 only({Act::Ends, Act::Fails, Act::EndsCancelled, Act::CancelRefused, Act::Starts, Act::RefusesActive, Act::Refuses, Act::Speaks, Act::LateAudio, Act::Drains, Act::FlushedHalf,
                       Act::CallerSpeaks, Act::CallerStops, Act::Commits, Act::Confirms, Act::LinkDrops, Act::LinkOpens, Act::CallerHangsUp, Act::TimePasses}),
                 7, 5'000);
}

TEST_CASE("no order of an answering machine, its beep and the agent's voice breaks a law") {
  Shop shop;
  ir::Handler handler;
  handler.on.kind = ir::EventPattern::Kind::Voicemail;
  handler.actions = {say("Please call back.")};
  shop.program.handlers.add(handler);
  auto start = after(shop.program, {Act::CallerSpeaks, Act::LinkOpens, Act::Confirms, Act::CallerTypes, Act::Starts, Act::Speaks});
  start.world.machines_left = 2;
  nothing_breaks(start,
                 only({Act::MachineAnswers, Act::MachineBeeps, Act::Ends, Act::EndsCancelled, Act::Starts, Act::Speaks, Act::Drains, Act::FlushedHalf, Act::CallerSpeaks, Act::CallerStops,
                       Act::Commits, Act::TimePasses, Act::CallerHangsUp}),
                 7, 5'000);
}

TEST_CASE("ten thousand worlds that misbehave do not break a law, and every call comes to its end") {
  using Deliver = ir::Policy::Deliver;
  const auto* asked = std::getenv("FLOW_SEEDS");
  const std::uint64_t seeds = asked ? std::strtoull(asked, nullptr, 10) : 10'000;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Shop shop;
    shop.rules().deliver = static_cast<Deliver>(seed % 6);
    shop.rules().coalesce_window = ir::Millis{seed % 3 == 0 ? 300 : 0};
    shop.rules().mode = seed % 7 == 0 ? ir::Policy::Mode::Blocking : ir::Policy::Mode::Background;
    shop.rules().on_handoff = static_cast<ir::Policy::OnHandoff>(seed % 3);
    shop.agent().barge_in.after = ir::Millis{seed % 2 == 0 ? 0 : 200};
    if (seed % 4 == 1) shop.agent().barge_in.backchannels = {"uh-huh"};
    if (seed % 8 == 5) shop.agent().barge_in.resume = ir::Millis{1500};
    if (seed % 3 == 1) shop.agent().turn_detection.kind = ir::TurnDetection::Kind::Manual;
    if (seed % 9 == 1) shop.program.agents[shop.other].turn_detection.kind = ir::TurnDetection::Kind::Manual;
    if (seed % 5 == 0) shop.rules().ack = hint("Say that you are looking.");
    if (seed % 11 == 0) shop.rules().retries = 1;
    std::vector<std::string> functions{"look", "write", "handoff_other", "look", "handoff_back", "end_call", "no_such"};
    if (seed % 4 == 0) {  // people to be put through to, and a talk that is summed up
      auto& human = shop.program.transfers[shop.human(static_cast<ir::Transfer::Mode>(seed / 4 % 3))];
      human.say = words("One moment.");
      if (seed % 8 == 0) human.fails.actions = {say("Nobody is there.")};
      shop.program.handoffs[Id<ir::Handoff>{0}].history = ir::History::Summary;
      functions.insert(functions.begin() + 4, "handoff_human");
    }
    Branch start{shop.program, std::move(functions)};
    start.world.machines_left = seed % 16 == 0 ? 1 : 0;
    start.world.responses_left = 30, start.world.turns_left = 12, start.world.calls_left = 10;
    const auto broken = simulate(start, seed, 120);
    INFO("seed " << seed);
    REQUIRE((broken ? report(*broken) : std::string{}) == "");
  }
}
