// `turn_detection manual`: the caller holds a key to speak.

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

namespace {

struct Held {
  Shop shop;
  Call call{shop.program};

  Held() {
    shop.agent().turn_detection.kind = ir::TurnDetection::Kind::Manual;
    shop.program.agents[shop.other].turn_detection.kind = ir::TurnDetection::Kind::Manual;
  }
  void press(Millis held) {
    call.step(TalkPressed{});
    call.wait(held);
    call.step(TalkReleased{});
  }
  auto commit() -> ItemId {
    const ItemId item{++call.items};
    call.step(TurnCommitted{call.epoch, item});
    return item;
  }
  // The agent in the middle of its answer.
  auto talks() -> ResponseId {
    call.connect();
    call.step(TextTyped{"hello"});
    const auto talk = call.starts();
    call.says(talk, 3000ms);
    return talk;
  }
  auto heard() const -> std::vector<bool> {
    std::vector<bool> states;
    for (const auto& order : call.ever<HearCaller>()) states.push_back(order.on);
    return states;
  }
};

}  // namespace

TEST_CASE("the caller is heard while the key is held, and at no other time") {
  Held t;
  t.call.connect();
  CHECK(t.heard() == std::vector{false});
  CHECK(t.call.ever<Configure>().back().turn_detection.kind == ir::TurnDetection::Kind::Manual);
  t.call.step(TalkPressed{});
  CHECK(t.heard() == std::vector{false, true});
  t.call.wait(1s);
  t.call.step(TalkReleased{});
  CHECK(t.heard() == std::vector{false, true, false});
}

TEST_CASE("releasing the key makes the turn, and the turn is answered like any other") {
  Held t;
  t.call.connect();
  t.press(1s);
  CHECK(t.call.effects<CommitAudio>().size() == 1);
  CHECK_FALSE(t.call.asked());
  t.commit();
  CHECK(t.call.asked());
  CHECK(t.call.decided(Decision::ReplyOwed));
  t.call.answers();
  t.call.wait(10s);
  CHECK(t.call.ever<CreateResponse>().size() == 1);
}

TEST_CASE("a touch shorter than 100 ms is nothing: what came of it is cleared, and the agent goes on") {
  Held t;
  t.talks();
  t.call.step(TalkPressed{});
  CHECK(t.call.effects<PausePlayout>().size() == 1);
  t.call.wait(99ms);
  t.call.step(TalkReleased{});
  CHECK(t.call.effects<ClearAudio>().size() == 1);
  CHECK(t.call.effects<ResumePlayout>().size() == 1);
  CHECK(t.call.ever<CommitAudio>().empty());
  CHECK(t.call.ever<FlushPlayout>().empty());
  t.call.wait(10s);
  CHECK(t.call.ever<CreateResponse>().size() == 1);
}

TEST_CASE("pressing the key silences the agent at once, holding it stops the agent, and the model is told what was heard") {
  Held t;
  const auto talk = t.talks();
  t.call.step(TalkPressed{});
  CHECK(t.call.effects<PausePlayout>().size() == 1);
  t.call.wait(100ms);
  CHECK(t.call.ever<FlushPlayout>().size() == 1);
  t.call.flushed(800ms);
  CHECK(t.call.the<TruncateItem>().heard == 800ms);
  t.call.ends(talk, ResponseStatus::Cancelled);
  t.call.wait(900ms);
  t.call.step(TalkReleased{});
  t.commit();
  CHECK(t.call.asked());
}

TEST_CASE("a short word by key is not judged by its transcript: who holds a key means it") {
  Held t;
  t.shop.agent().barge_in = {200ms, 1500ms, {"ok"}};
  const auto talk = t.talks();
  t.press(300ms);
  t.call.flushed(500ms);
  t.call.ends(talk, ResponseStatus::Cancelled);
  const auto item = t.commit();
  CHECK(t.call.asked());
  t.call.step(CallerTranscribed{t.call.epoch, item, "ok", false});
  CHECK(t.call.ever<DeleteItem>().empty());
}

TEST_CASE("a protected line is not silenced by the key, and what was said over it is answered after it") {
  Held t;
  t.shop.agent().greet_first = words("This call is recorded.", true);
  t.call.connect();
  const auto line = t.call.starts();
  t.call.says(line, 2000ms, "This call is recorded.");
  t.press(500ms);
  CHECK(t.call.ever<PausePlayout>().empty());
  CHECK(t.call.ever<FlushPlayout>().empty());
  t.commit();
  t.call.ends(line);
  t.call.drains();
  CHECK(t.call.asked());
}

TEST_CASE("nobody speaks while the key is held") {
  Held t;
  t.call.connect();
  t.call.step(TalkPressed{});
  t.call.step(TextTyped{"and this"});
  t.call.wait(2s);
  CHECK_FALSE(t.call.asked());
  t.call.step(TalkReleased{});
  t.commit();
  CHECK(t.call.asked());
}

TEST_CASE("a turn that the service refuses to make is none, and an agent it stopped goes on") {
  Held t;
  const auto talk = t.talks();
  t.press(110ms);
  t.call.flushed(1500ms);
  t.call.ends(talk, ResponseStatus::Cancelled);
  t.call.step(ServiceFailed{t.call.epoch, ErrorCode::EmptyBuffer, Command::Commit, 0, "input_audio_buffer_commit_empty", ""});
  CHECK(t.call.effects<ClearAudio>().size() == 1);
  CHECK(t.call.ever<CreateResponse>().back().instructions.find("Go on from there") != std::string::npos);
}

TEST_CASE("a turn whose confirmation does not come is answered after all") {
  Held t;
  t.call.connect();
  t.press(1s);
  t.call.wait(3s);
  CHECK(t.call.asked());
}

TEST_CASE("pressed again before the turn is confirmed: both turns get one reply, after the second") {
  Held t;
  t.call.connect();
  t.press(1s);
  t.call.step(TalkPressed{});
  t.commit();
  CHECK_FALSE(t.call.asked());
  t.call.wait(1s);
  t.call.step(TalkReleased{});
  CHECK(t.call.ever<CommitAudio>().size() == 2);
  t.commit();
  CHECK(t.call.ever<CreateResponse>().size() == 1);
  t.call.answers();
  t.call.wait(5s);
  CHECK(t.call.ever<CreateResponse>().size() == 1);
}

TEST_CASE("a turn that was being spoken when the link was lost is made on the next one") {
  Held t;
  t.call.connect();
  SECTION("the key is still held") {
    t.call.step(TalkPressed{});
    t.call.wait(1s);
    t.call.step(LinkLost{t.call.epoch, "R0109", "gone"});
    t.call.open();
    CHECK(t.call.ever<CommitAudio>().empty());
    CHECK_FALSE(t.call.asked());
    t.call.step(TalkReleased{});
    CHECK(t.call.effects<CommitAudio>().size() == 1);
  }
  SECTION("it was released meanwhile") {
    t.call.step(TalkPressed{});
    t.call.wait(1s);
    t.call.step(LinkLost{t.call.epoch, "R0109", "gone"});
    t.call.step(TalkReleased{});
    CHECK(t.call.ever<CommitAudio>().empty());
    t.call.wait(5s);
    t.call.open();
    CHECK(t.call.effects<ReplayCallerAudio>().size() == 1);
    CHECK(t.call.effects<CommitAudio>().size() == 1);
  }
  SECTION("it was committed, and not confirmed") {
    t.press(1s);
    t.call.step(LinkLost{t.call.epoch, "R0109", "gone"});
    t.call.open();
    CHECK(t.call.effects<CommitAudio>().size() == 1);
  }
  CHECK_FALSE(t.call.asked());
  t.commit();
  CHECK(t.call.asked());
}

TEST_CASE("a key that is held for ever is released after two minutes") {
  Held t;
  t.call.connect();
  t.call.step(TalkPressed{});
  t.call.wait(2min);
  CHECK(t.call.ever<CommitAudio>().size() == 1);
  t.call.step(TalkReleased{});
  CHECK(t.call.ever<CommitAudio>().size() == 1);
}

TEST_CASE("keys that change nothing: released and not pressed, pressed twice, pressed where turns are detected") {
  Held t;
  t.call.connect();
  CHECK(t.call.step(TalkReleased{}).empty());
  t.call.step(TalkPressed{});
  CHECK(t.call.step(TalkPressed{}).empty());

  Shop shop;
  Call other{shop.program};
  other.connect();
  CHECK(other.step(TalkPressed{}).empty());
  CHECK(other.step(TalkReleased{}).empty());
  CHECK(other.ever<HearCaller>().empty());
}

TEST_CASE("who types to an agent that waits for a key is answered as ever") {
  Held t;
  t.call.connect();
  t.call.step(TextTyped{"hello"});
  CHECK(t.call.asked());
}

TEST_CASE("turn control server: nobody but us answers a turn by key") {
  Held t;
  ir::Realtime link;
  link.turn_control = ir::TurnControl::Server;
  t.shop.program.realtime = t.shop.program.realtimes.add(link);
  t.call.connect();
  t.press(1s);
  t.commit();
  CHECK(t.call.asked());
}

TEST_CASE("a handoff between a key and a voice detection changes how turns are made between two turns") {
  Held t;
  SECTION("from the key") {
    t.shop.program.agents[t.shop.other].turn_detection.kind = ir::TurnDetection::Kind::ServerVad;
    t.call.connect();
    t.press(1s);
    t.commit();
    const auto response = t.call.starts();
    t.call.calls_tool("handoff_other", Value::Record{}, response);
    t.call.step(TalkPressed{});  // while the call is moved
    t.call.ends(response);
    t.call.configured();
    CHECK(t.call.session.state().agent == t.shop.other);
    CHECK(t.call.ever<Configure>().back().turn_detection.kind == ir::TurnDetection::Kind::Manual);
    t.call.wait(1s);
    t.call.step(TalkReleased{});
    t.commit();
    CHECK(t.call.ever<Configure>().back().turn_detection.kind == ir::TurnDetection::Kind::ServerVad);
    CHECK(t.call.ever<HearCaller>().back().on);
    t.call.configured();
    CHECK(t.call.asked());
  }
  SECTION("to the key") {
    t.shop.agent().turn_detection.kind = ir::TurnDetection::Kind::ServerVad;
    t.call.connect();
    t.call.turn();
    const auto response = t.call.starts();
    t.call.calls_tool("handoff_other", Value::Record{}, response);
    t.call.ends(response);
    CHECK(t.call.ever<Configure>().back().turn_detection.kind == ir::TurnDetection::Kind::Manual);
    CHECK_FALSE(t.call.ever<HearCaller>().back().on);
  }
}

TEST_CASE("a caller who hangs up with the key in hand has hung up") {
  Held t;
  t.call.connect();
  t.call.step(TalkPressed{});
  t.call.step(CallerHungUp{});
  CHECK(t.call.session.finished());
}
