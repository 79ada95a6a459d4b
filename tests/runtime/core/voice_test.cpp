// The voice slot, cell by cell: a response that is generated or heard × what comes.

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

namespace {

struct Speaking {
  Shop shop;
  Call call{shop.program};
  ResponseId response;
  ItemId item;
  explicit Speaking(Millis length = 4000ms) {
    call.connect();
    call.step(TextTyped{"hello"});
    response = call.starts();
    item = call.says(response, length);
  }
  auto slot() const { return call.session.state().voice.slot; }
  void drain_begins() {
    call.ends(response);
    REQUIRE(slot() == Voice::Slot::Draining);
  }
  void cancel() {
    call.speaks();
    REQUIRE(slot() == Voice::Slot::Cancelling);
  }
};
using Slot = Voice::Slot;

}  // namespace

TEST_CASE("voice empty, created without tag: adopted") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.step(ResponseStarted{call.epoch, ResponseId{1}, {}});
  CHECK(call.the<AdmitAudio>().response == ResponseId{1});
}

TEST_CASE("voice empty, created without tag while the caller speaks: cancelled") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.speaks();
  call.step(ResponseStarted{call.epoch, ResponseId{1}, {}});
  CHECK(call.the<CancelResponse>().response == ResponseId{1});
  CHECK(call.effects<AdmitAudio>().empty());
}

TEST_CASE("voice empty, done of an unknown response, cancel refused: ignored") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.ends(ResponseId{9});
  call.step(ServiceFailed{call.epoch, ErrorCode::NothingToCancel, Command::Cancel, 9, "", ""});
  CHECK(call.session.state().voice.slot == Slot::Empty);
  CHECK(call.session.state().phase == Session::State::Phase::Live);
}

TEST_CASE("active, created without tag: that one is adopted, the old one has failed") {
  Speaking s;
  s.call.step(ResponseStarted{s.call.epoch, ResponseId{8}, {}});
  CHECK(s.call.the<AdmitAudio>().response == ResponseId{8});
  CHECK(s.call.session.state().voice.response == ResponseId{8});
}

TEST_CASE("active, done: draining; all played: empty") {
  Speaking s;
  s.call.ends(s.response);
  CHECK(s.slot() == Slot::Draining);
  s.call.drains();
  CHECK(s.slot() == Slot::Empty);
}

TEST_CASE("active, all played, then done: empty at once") {
  Speaking s;
  s.call.drains();
  CHECK(s.slot() == Slot::Active);  // an underrun: more will come
  s.call.ends(s.response);
  CHECK(s.slot() == Slot::Empty);
}

TEST_CASE("active, cut: flushed first, then cancelled") {
  Speaking s;
  s.call.speaks();
  CHECK(s.slot() == Slot::Cancelling);
  std::size_t flush = 99, cancel = 99;
  for (std::size_t i = 0; i < s.call.last.size(); ++i) {
    if (std::holds_alternative<FlushPlayout>(s.call.last[i])) flush = i;
    if (std::holds_alternative<CancelResponse>(s.call.last[i])) cancel = i;
  }
  CHECK(flush < cancel);
  CHECK(cancel < 99);
}

TEST_CASE("active, cancel refused: ignored") {
  Speaking s;
  s.call.step(ServiceFailed{s.call.epoch, ErrorCode::NothingToCancel, Command::Cancel, 77, "", ""});
  CHECK(s.slot() == Slot::Active);
}

TEST_CASE("active, still for 10 s: cut") {
  Speaking s;
  s.call.wait(9'999ms);
  CHECK(s.slot() == Slot::Active);
  s.call.wait(1ms);
  CHECK(s.slot() == Slot::Cancelling);
}

TEST_CASE("cancelling, created without tag: cancelled too") {
  Speaking s;
  s.cancel();
  s.call.step(ResponseStarted{s.call.epoch, ResponseId{8}, {}});
  CHECK(s.call.the<CancelResponse>().response == ResponseId{8});
}

TEST_CASE("cancelling, done: empty") {
  Speaking s;
  s.cancel();
  s.call.ends(s.response, ResponseStatus::Cancelled);
  CHECK(s.slot() == Slot::Empty);
}

TEST_CASE("cancelling, cut again: nothing more is ordered") {
  Speaking s;
  s.cancel();
  s.call.step(TextTyped{"and"});
  CHECK(s.call.effects<CancelResponse>().empty());
  CHECK(s.call.effects<FlushPlayout>().empty());
}

TEST_CASE("cancelling, cancel refused: empty if it names ours, else ignored") {
  Speaking s;
  s.cancel();
  s.call.step(ServiceFailed{s.call.epoch, ErrorCode::NothingToCancel, Command::Cancel, 77, "", ""});
  CHECK(s.slot() == Slot::Cancelling);
  s.call.step(ServiceFailed{s.call.epoch, ErrorCode::NothingToCancel, Command::Cancel, s.response.n, "", ""});
  CHECK(s.slot() == Slot::Empty);
}

TEST_CASE("cancelling, no end for 3 s: a new link") {
  Speaking s;
  s.cancel();
  s.call.flushed(100ms);
  s.call.wait(3s);
  CHECK(s.call.ever<CloseLink>().size() == 1);
  CHECK(s.call.ever<OpenLink>().size() == 2);
}

TEST_CASE("draining, created without tag: active, queued behind") {
  Speaking s;
  s.drain_begins();
  s.call.step(ResponseStarted{s.call.epoch, ResponseId{8}, {}});
  CHECK(s.slot() == Slot::Active);
  CHECK(s.call.session.state().tail.size() == 1);
  CHECK(s.call.effects<FlushPlayout>().empty());
}

TEST_CASE("draining, done again, cancel refused: ignored") {
  Speaking s;
  s.drain_begins();
  s.call.ends(s.response);
  s.call.step(ServiceFailed{s.call.epoch, ErrorCode::NothingToCancel, Command::Cancel, s.response.n, "", ""});
  CHECK(s.slot() == Slot::Draining);
}

TEST_CASE("draining, cut: flushed and not cancelled, for the service is done with it") {
  Speaking s;
  s.drain_begins();
  s.call.speaks();
  CHECK(s.call.effects<FlushPlayout>().size() == 1);
  CHECK(s.call.effects<CancelResponse>().empty());
  CHECK(s.slot() == Slot::Empty);
}

TEST_CASE("draining, drained: empty") {
  Speaking s;
  s.drain_begins();
  s.call.drains();
  CHECK(s.slot() == Slot::Empty);
}

TEST_CASE("draining, no word from the player 2 s after the end: empty") {
  Speaking s;
  s.drain_begins();
  s.call.wait(5'999ms);
  CHECK(s.slot() == Slot::Draining);
  s.call.wait(1ms);
  CHECK(s.slot() == Slot::Empty);
}

TEST_CASE("the next create may leave when only the last 300 ms are left") {
  Speaking s;
  s.drain_begins();
  const auto mark = s.call.ever<SetMark>().back();
  CHECK(mark.at == to_samples(3700ms));
  s.call.step(MarkReached{mark.mark});
  CHECK(s.call.session.state().voice.near_end);
}

TEST_CASE("a truncation follows the flush's answer, floored, and never more than was heard") {
  Speaking s;
  s.call.speaks();
  CHECK(s.call.effects<TruncateItem>().empty());
  s.call.step(PlayoutFlushed{s.call.session.state().flush, Samples{24'047}});  // 1001.96 ms
  CHECK(s.call.the<TruncateItem>() == TruncateItem{s.call.epoch, s.item, 1001ms});
}

TEST_CASE("an item of which nothing was heard is deleted, not truncated") {
  Speaking s;
  s.call.speaks();
  s.call.flushed(0ms);
  CHECK(s.call.the<DeleteItem>().item == s.item);
  CHECK(s.call.effects<TruncateItem>().empty());
}

TEST_CASE("when all was heard nothing is truncated") {
  Speaking s;
  s.drain_begins();
  s.call.speaks();
  s.call.flushed(4000ms);
  CHECK(s.call.effects<TruncateItem>().empty());
  CHECK(s.call.effects<DeleteItem>().empty());
}

TEST_CASE("audio of a response that was cut is not counted") {
  Speaking s;
  s.call.speaks();
  s.call.flushed(500ms);
  const auto end = s.call.session.state().playout.end();
  s.call.step(AudioArrived{s.call.epoch, s.response, s.item, to_samples(200ms)});
  CHECK(s.call.session.state().playout.end() == end);
}

TEST_CASE("an empty response is asked for once more, then a handler speaks") {
  Shop shop;
  ir::Handler handler;
  handler.on.kind = ir::EventPattern::Kind::ProviderLost;
  handler.actions = {say("Something is wrong on our side.")};
  shop.program.handlers.add(handler);
  Call call{shop.program};
  call.connect();
  call.step(TextTyped{"hello"});
  call.ends(call.starts());
  call.wait(1s);
  CHECK(call.asked());
  call.ends(call.starts(), ResponseStatus::Failed);
  call.wait(1s);
  CHECK(call.ever<CreateResponse>().back().instructions.find("Something is wrong") != std::string::npos);
}

TEST_CASE("a response that the server cancelled by itself is a cut") {
  Speaking s;
  s.call.step(ResponseEnded{s.call.epoch, s.response, ResponseStatus::Cancelled, true, {}, {}});
  CHECK(s.call.effects<FlushPlayout>().size() == 1);
  CHECK(s.call.effects<CancelResponse>().size() <= 1);
}
