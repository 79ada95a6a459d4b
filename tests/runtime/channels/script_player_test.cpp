#include "runtime/channels/script_player.h"

#include <catch2/catch_test_macros.hpp>

namespace flow::channels {
namespace {

using core::Instant;
using core::Millis;
using Moves = std::vector<Move>;
using Manner = ScriptPlayer::Manner;

auto at(int ms) -> Instant { return {Millis{ms}}; }

struct Caller {
  ScriptPlayer player;
  explicit Caller(std::string_view text, Manner manner = Manner::Types)
      : player{read_script(text, "a.script").value(), manner} {}

  auto moves(int ms) -> Moves {
    Moves moves;
    player.advance(at(ms), moves);
    return moves;
  }
  // Nothing happens before `ms`, and then this.
  auto first_at(int ms) -> Moves {
    if (auto early = moves(ms - 1); !early.empty()) return early;
    return moves(ms);
  }
  void agent_speaks(int from, int to) {
    player.agent_started(at(from));
    player.agent_finished(at(to));
  }
};

}  // namespace

TEST_CASE("`at` counts from the beginning of the call, whoever speaks") {
  Caller caller{"at 1.5s says \"hello\""};
  caller.player.agent_started(at(100));
  CHECK(caller.first_at(1500) == Moves{Say{"hello", 1}});
  CHECK(caller.moves(1520).empty());
}

TEST_CASE("`after` at the beginning counts from the end of the greeting") {
  Caller caller{"after 1s says \"hello\""};
  CHECK(caller.moves(5000).empty());
  caller.agent_speaks(5000, 7000);
  CHECK(caller.first_at(8000) == Moves{Say{"hello", 1}});
}

TEST_CASE("`after` counts from the end of the reply, not of what was being said before") {
  Caller caller{"at 1s says \"a\"\nafter 1s says \"b\""};
  caller.player.agent_started(at(500));
  CHECK(caller.first_at(1000) == Moves{Say{"a", 1}});
  caller.player.agent_finished(at(1100));  // cut by the words
  CHECK(caller.moves(4000).empty());
  caller.agent_speaks(4000, 6000);
  CHECK(caller.first_at(7000) == Moves{Say{"b", 2}});
}

TEST_CASE("a caller does not speak into what the agent goes on to say") {
  Caller caller{"at 0s says \"a\"\nafter 2s says \"b\""};
  caller.moves(0);
  caller.agent_speaks(1000, 2000);
  caller.player.agent_started(at(3500));
  CHECK(caller.moves(5000).empty());
  caller.player.agent_finished(at(6000));
  CHECK(caller.first_at(8000) == Moves{Say{"b", 2}});
}

TEST_CASE("`interrupts` counts from the reply's beginning and does not wait for its end") {
  Caller caller{"at 0s says \"a\"\nafter 3s interrupts \"b\""};
  caller.moves(0);
  caller.player.agent_started(at(1000));
  CHECK(caller.first_at(4000) == Moves{Say{"b", 2}});
}

TEST_CASE("what interrupts nothing, because the reply was short, is said all the same") {
  Caller caller{"at 0s says \"a\"\nafter 3s interrupts \"b\""};
  caller.moves(0);
  caller.agent_speaks(1000, 1500);
  CHECK(caller.first_at(4000) == Moves{Say{"b", 2}});
}

TEST_CASE("a tool is waited for until the caller heard its result") {
  Caller caller{"at 0s says \"a\"\nwaits_for tool lookup delivered within 20s\nafter 1s says \"b\""};
  caller.moves(0);
  caller.agent_speaks(1000, 2000);
  CHECK(caller.moves(15'000).empty());
  caller.agent_speaks(15'000, 18'000);
  caller.player.tool_delivered("lookup");
  CHECK(caller.moves(18'000).empty());
  CHECK(caller.first_at(19'000) == Moves{Say{"b", 3}});
}

TEST_CASE("a result that came before it was waited for counts, once") {
  Caller caller{"at 0s says \"a\"\nwaits_for tool x delivered within 1s\nwaits_for tool x delivered within 1s"};
  caller.player.tool_delivered("x");
  caller.moves(0);
  CHECK(caller.moves(900).empty());
  const auto moves = caller.moves(1000);
  REQUIRE(moves.size() == 1);
  CHECK(std::get<GiveUp>(moves[0]).line == 3);
}

TEST_CASE("another tool's result is not the one that is waited for") {
  Caller caller{"waits_for tool x delivered within 1s"};
  caller.player.tool_delivered("y");
  caller.moves(0);
  CHECK(caller.moves(1000) == Moves{GiveUp{"the result of tool `x` was not delivered within 1 s", 1}});
  CHECK(caller.player.finished());
}

TEST_CASE("an agent is waited for until it has the call") {
  Caller caller{"waits_for agent Billing within 10s\nafter 1s says \"a\""};
  caller.player.agent_active("Desk");
  CHECK(caller.moves(5000).empty());
  caller.player.agent_active("Billing");
  CHECK(caller.moves(5020).empty());
  CHECK(caller.first_at(8020) == Moves{Say{"a", 2}});  // it may have had something to say
}

TEST_CASE("an agent that was waited for is heard out before anything counts from there") {
  Caller caller{"waits_for agent Billing within 10s\nafter 1s says \"a\""};
  caller.player.agent_active("Billing");
  CHECK(caller.moves(0).empty());
  caller.agent_speaks(2000, 9000);
  CHECK(caller.first_at(10'000) == Moves{Say{"a", 2}});
}

TEST_CASE("an agent that has spoken already owes nothing to who waits for it") {
  Caller caller{"at 4s says \"x\"\nwaits_for agent Billing within 10s\nafter 1s says \"a\""};
  caller.player.agent_active("Billing");
  caller.agent_speaks(1000, 2000);
  CHECK(caller.moves(4000) == Moves{Say{"x", 1}});
  CHECK(caller.first_at(5000) == Moves{Say{"a", 3}});
}

TEST_CASE("after a wait, `after` does not count from speech that is still going on") {
  Caller caller{"waits_for agent Billing within 10s\nafter 1s says \"a\""};
  caller.player.agent_started(at(0));
  caller.player.agent_active("Billing");
  CHECK(caller.moves(5000).empty());
  caller.player.agent_finished(at(6000));
  CHECK(caller.first_at(7000) == Moves{Say{"a", 2}});
}

TEST_CASE("after a wait, `interrupts` speaks over what is being said") {
  Caller caller{"waits_for agent Billing within 10s\nafter 1s interrupts \"a\""};
  caller.player.agent_started(at(0));
  caller.player.agent_active("Billing");
  CHECK(caller.moves(500).empty());
  CHECK(caller.first_at(1500) == Moves{Say{"a", 2}});
}

TEST_CASE("keys are pressed at once, and need no reply") {
  Caller caller{"at 1s presses \"12\"\nafter 1s presses \"3\""};
  CHECK(caller.moves(1000) == Moves{Press{'1'}, Press{'2'}});
  CHECK(caller.first_at(4000) == Moves{Press{'3'}});
}

TEST_CASE("a reply to a key is heard out") {
  Caller caller{"at 1s presses \"0\"\nafter 1s says \"a\""};
  caller.moves(1000);
  caller.agent_speaks(2000, 9000);
  CHECK(caller.first_at(10'000) == Moves{Say{"a", 2}});
}

TEST_CASE("a reply that never comes ends the script") {
  Caller caller{"at 0s says \"a\"\nafter 1s says \"b\""};
  caller.moves(0);
  CHECK(caller.first_at(30'000) == Moves{GiveUp{"the agent did not begin to speak within 30 s", 2}});
}

TEST_CASE("a caller who was not told to hang up does so three seconds after the last reply") {
  Caller caller{"at 0s says \"a\""};
  caller.moves(0);
  caller.agent_speaks(1000, 2000);
  CHECK(caller.first_at(5000) == Moves{HangUpNow{}});
  CHECK(caller.player.finished());
}

TEST_CASE("a murmur and a cough are made over the reply, and the next step counts from where they did") {
  Caller caller{"at 0s says \"a\"\nafter 1s murmurs \"uh-huh\"\nafter 3s coughs\nafter 1s says \"b\"", Manner::Speaks};
  caller.moves(0);
  caller.player.caller_finished(at(500));
  caller.player.agent_started(at(1000));
  CHECK(caller.first_at(2000) == Moves{Murmur{"uh-huh", 2}});
  caller.player.caller_finished(at(2500));
  CHECK(caller.first_at(4000) == Moves{Cough{}});
  caller.player.caller_finished(at(4600));
  CHECK(caller.moves(9000).empty());
  caller.player.agent_finished(at(9500));
  CHECK(caller.first_at(10'500) == Moves{Say{"b", 4}});
}

TEST_CASE("a reply that begins during a cough is the reply") {
  Caller caller{"at 0s says \"a\"\nat 1s coughs\nafter 1s says \"b\"", Manner::Speaks};
  caller.moves(0);
  caller.player.caller_finished(at(500));
  CHECK(caller.first_at(1000) == Moves{Cough{}});
  caller.player.agent_started(at(1200));
  caller.player.caller_finished(at(1600));
  caller.player.agent_finished(at(3000));
  CHECK(caller.first_at(4000) == Moves{Say{"b", 3}});
}

TEST_CASE("nobody types a murmur or a cough") {
  Caller caller{"at 0s says \"a\"\nafter 1s murmurs \"uh-huh\"\nat 0s coughs\nafter 1s says \"b\""};
  CHECK(caller.moves(0) == Moves{Say{"a", 1}});
  caller.agent_speaks(1000, 5000);
  CHECK(caller.first_at(6000) == Moves{Say{"b", 4}});
}

TEST_CASE("what is spoken takes its time, and the next step waits for its end") {
  Caller caller{"at 1s says \"a\"\nat 2s says \"b\"\nafter 1s hangs_up", Manner::Speaks};
  CHECK(caller.moves(1000) == Moves{Say{"a", 1}});
  CHECK(caller.moves(2500).empty());
  caller.player.caller_finished(at(2600));
  CHECK(caller.moves(2600) == Moves{Say{"b", 2}});
}

TEST_CASE("speech that the caller's words cut off is not the reply to them") {
  Caller caller{"at 1s says \"a\"\nafter 1s hangs_up", Manner::Speaks};
  caller.moves(1000);
  caller.agent_speaks(1200, 1500);
  caller.player.caller_finished(at(3000));
  CHECK(caller.moves(6000).empty());
  caller.agent_speaks(6000, 7000);
  CHECK(caller.first_at(8000) == Moves{HangUpNow{}});
}

}  // namespace flow::channels
