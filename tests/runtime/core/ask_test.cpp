// The ask slot, cell by cell: a create without verdict × what comes.

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

namespace {

struct Asked {
  Shop shop;
  Call call{shop.program};
  Asked() {
    call.connect();
    call.step(TextTyped{"hello"});
    REQUIRE(call.asked());
  }
  auto slot() const { return call.session.state().ask.slot; }
  auto refuse(ErrorCode code) { call.step(ServiceFailed{call.epoch, code, Command::CreateResponse, call.ask().n, "", ""}); }
  auto doom() -> AskId {
    const auto ask = call.ask();
    call.step(TextTyped{"no, wait"});
    REQUIRE(slot() == Ask::Slot::Doomed);
    return ask;
  }
};

}  // namespace

TEST_CASE("ask empty, created with our tag: it is cancelled by id, and nothing of it is admitted") {
  Asked a;
  const auto ask = a.call.ask();
  a.call.wait(5s);  // no verdict: refused
  a.call.wait(1s);  // asked again
  a.call.step(ResponseStarted{a.call.epoch, ResponseId{9}, ask});
  CHECK(a.call.the<CancelResponse>().response == ResponseId{9});
  CHECK(a.call.effects<AdmitAudio>().empty());
}

TEST_CASE("ask empty, refused: ignored") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.step(ServiceFailed{call.epoch, ErrorCode::ActiveResponse, Command::CreateResponse, 77, "", ""});
  CHECK(call.effects<CreateResponse>().empty());
  CHECK(call.session.state().ask.slot == Ask::Slot::Empty);
}

TEST_CASE("creating, created with our tag: the voice is active and its audio admitted") {
  Asked a;
  const auto response = a.call.starts();
  CHECK(a.call.the<AdmitAudio>().response == response);
  CHECK(a.slot() == Ask::Slot::Empty);
  CHECK(a.call.session.state().voice.slot == Voice::Slot::Active);
}

TEST_CASE("creating, refused: what it was for is first in line again and is asked for again") {
  Asked a;
  a.refuse(ErrorCode::ServerError);
  CHECK(a.slot() == Ask::Slot::Empty);
  a.call.wait(1s);
  CHECK(a.call.asked());
}

TEST_CASE("creating, refused because another response is active: held for 250 ms") {
  Asked a;
  a.refuse(ErrorCode::ActiveResponse);
  CHECK_FALSE(a.call.asked());
  a.call.wait(249ms);
  CHECK_FALSE(a.call.asked());
  a.call.wait(1ms);
  CHECK(a.call.asked());
}

TEST_CASE("creating, refused because another response is active, which then shows itself: that one answers") {
  Asked a;
  a.refuse(ErrorCode::ActiveResponse);
  a.call.step(ResponseStarted{a.call.epoch, ResponseId{5}, {}});
  CHECK(a.call.the<AdmitAudio>().response == ResponseId{5});
  a.call.says(ResponseId{5}, 500ms);
  a.call.ends(ResponseId{5});
  a.call.drains();
  a.call.wait(1s);
  CHECK_FALSE(a.call.asked());
}

TEST_CASE("creating, cut: doomed, and what it was for is first in line again") {
  Asked a;
  a.doom();
  CHECK(a.call.effects<CreateResponse>().empty());  // one create at a time
}

TEST_CASE("creating, no verdict for 5 s: as refused") {
  Asked a;
  a.call.wait(4999ms);
  CHECK(a.slot() == Ask::Slot::Creating);
  a.call.wait(1ms);
  CHECK(a.slot() == Ask::Slot::Empty);
  a.call.wait(1s);
  CHECK(a.call.asked());
}

TEST_CASE("doomed, created with our tag: cancelled by id, then asked again for the whole") {
  Asked a;
  const auto ask = a.doom();
  a.call.step(ResponseStarted{a.call.epoch, ResponseId{1}, ask});
  CHECK(a.call.the<CancelResponse>().response == ResponseId{1});
  CHECK(a.call.session.state().voice.slot == Voice::Slot::Cancelling);
  a.call.ends(ResponseId{1}, ResponseStatus::Cancelled);
  CHECK(a.call.effects<CreateResponse>().size() == 1);
}

TEST_CASE("doomed, refused: empty, and asked again") {
  Asked a;
  a.doom();
  a.refuse(ErrorCode::ServerError);
  a.call.wait(1s);
  CHECK(a.call.asked());
}

TEST_CASE("doomed, no verdict for 5 s: empty, and asked again") {
  Asked a;
  a.doom();
  a.call.wait(6s);
  CHECK(a.call.asked());
}

TEST_CASE("a reply cut before it began shares the next response") {
  Asked a;
  const auto ask = a.doom();
  a.call.step(ResponseStarted{a.call.epoch, ResponseId{1}, ask});
  a.call.ends(ResponseId{1}, ResponseStatus::Cancelled);
  a.call.responses = 1;
  a.call.answers();
  a.call.wait(5s);
  CHECK_FALSE(a.call.asked());  // one reply for both
  CHECK(a.call.ever<CreateResponse>().size() == 2);
}
