// How a call leaves, and what happens if nobody takes it.

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

namespace {

auto goto_agent(Id<ir::Agent> agent) -> ir::Action {
  ir::Action action;
  action.kind = ir::Action::Kind::Handoff;
  action.target = {ir::Target::Kind::Agent, agent};
  return action;
}
auto goto_transfer(Id<ir::Transfer> transfer) -> ir::Action {
  ir::Action action;
  action.kind = ir::Action::Kind::Handoff;
  action.target = {ir::Target::Kind::Transfer, {}, transfer};
  return action;
}
auto on(ir::EventPattern::Kind kind, std::vector<ir::Action> actions) -> ir::Handler {
  ir::Handler handler;
  handler.on.kind = kind;
  handler.actions = std::move(actions);
  return handler;
}

auto order_of(const Call& call) -> TransferCall {
  const auto orders = call.ever<TransferCall>();
  REQUIRE(!orders.empty());
  return orders.back();
}
void moves(Call& call, TransferStage stage, std::string why = {}) { call.step(TransferMoved{order_of(call).transfer, stage, std::move(why)}); }
auto asked_for(const Call& call, const std::string& words) -> bool {
  const auto asks = call.ever<CreateResponse>();
  return !asks.empty() && asks.back().instructions.find(words) != std::string::npos;
}
auto noted(const Call& call, const std::string& words) -> bool {
  for (const auto& message : call.ever<CreateMessage>()) {
    if (message.role == Role::System && message.text.find(words) != std::string::npos) return true;
  }
  return false;
}

// The caller has pressed the key that leads to a person.
struct Leaving {
  Shop shop;
  Id<ir::Transfer> human = shop.human();
  Call call{shop.program};
  Leaving() {
    call.connect();
    call.step(DigitPressed{'0'});
  }
};

}  // namespace

TEST_CASE("a transfer is ordered when its line was heard to the end, and not before") {
  Shop shop;
  const auto human = shop.human();
  shop.program.transfers[human].say = words("One moment, I'm putting you through.");
  Call call{shop.program};
  call.connect();
  call.step(DigitPressed{'0'});
  CHECK(asked_for(call, "putting you through"));
  const auto response = call.starts();
  call.says(response, 2s, "One moment, I'm putting you through.");
  call.ends(response);
  CHECK(call.ever<TransferCall>().empty());
  call.drains();
  CHECK(order_of(call).to == human);
  CHECK(order_of(call).briefing.empty());
}

TEST_CASE("a caller who was put through is gone from us: the link is closed, the call is over, and it says where it went") {
  Leaving leaving;
  auto& call = leaving.call;
  moves(call, TransferStage::Ringing);
  CHECK(call.decided(Decision::TransferRinging));
  moves(call, TransferStage::Answered);
  moves(call, TransferStage::Connected);
  CHECK(call.decided(Decision::TransferDone));
  CHECK(!call.ever<CloseLink>().empty());
  CHECK(call.ever<HangUp>().empty());
  CHECK(call.the<Finish>() == Finish{"", "", "human"});
}

TEST_CASE("while the caller waits for somebody nothing is said, whatever they say") {
  Leaving leaving;
  auto& call = leaving.call;
  const auto asks = call.ever<CreateResponse>().size();
  call.turn("are you still there");
  call.step(TextTyped{"hello?"});
  CHECK(call.ever<CreateResponse>().size() == asks);
  moves(call, TransferStage::Failed, "busy");
  CHECK(call.ever<CreateResponse>().size() == asks + 1);
}

TEST_CASE("if nobody answers, the order is taken back, the model is told, and it tells the caller") {
  Shop shop;
  shop.program.transfers[shop.human()].timeout = 20s;
  Call call{shop.program};
  call.connect();
  call.step(DigitPressed{'0'});
  call.wait(19s);
  CHECK(call.ever<AbandonTransfer>().empty());
  call.wait(1s);
  CHECK(call.ever<AbandonTransfer>().size() == 1);
  CHECK(call.decided(Decision::TransferFailed));
  CHECK(noted(call, "could not be put through to human (no answer)"));
  CHECK(asked_for(call, "Nobody could be reached"));
  call.answers();
  call.turn();
  CHECK(call.asked());
}

TEST_CASE("what follows a failure is the flow's to say") {
  Shop shop;
  const auto human = shop.human();
  shop.program.transfers[human].fails.actions = {say("Everybody is busy."), goto_agent(shop.other)};
  Call call{shop.program};
  call.connect();
  call.step(DigitPressed{'0'});
  moves(call, TransferStage::Failed, "busy");
  call.configured();
  CHECK(call.session.state().agent == shop.other);
}

TEST_CASE("a failure that leads to the agent who has the call leaves it there, and the model goes on") {
  Shop shop;
  shop.agent().greet_return = words("Welcome back.");
  shop.program.transfers[shop.human()].fails.actions = {goto_agent(shop.desk)};
  Call call{shop.program};
  call.connect();
  call.step(DigitPressed{'0'});
  moves(call, TransferStage::Failed, "busy");
  CHECK_FALSE(call.decided(Decision::HandoffStarted));
  CHECK(asked_for(call, "Nobody could be reached"));
}

TEST_CASE("a channel that cannot transfer is told nothing, and the caller is told the truth instead of the line") {
  Shop shop;
  shop.program.transfers[shop.human()].say = words("I'm putting you through.");
  Call call{shop.program};
  call.step(CallerConnected{"+15550100", "call-1", false});
  call.open();
  call.step(DigitPressed{'0'});
  CHECK(call.ever<TransferCall>().empty());
  CHECK(noted(call, "this channel cannot give a call away"));
  CHECK_FALSE(asked_for(call, "I'm putting you through."));
  CHECK(asked_for(call, "Nobody could be reached"));
}

TEST_CASE("a channel that finds out late that it cannot transfer counts as a failure") {
  Leaving leaving;
  auto& call = leaving.call;
  moves(call, TransferStage::Unsupported);
  CHECK(call.decided(Decision::TransferFailed));
}

TEST_CASE("two transfers that stand in for each other are each tried once") {
  Shop shop;
  const auto day = shop.human();
  auto other = shop.program.transfers[day];
  other.name = "night";
  other.fails.actions = {goto_transfer(day)};
  const auto night = shop.program.transfers.add(other);
  shop.program.transfers[day].fails.actions = {goto_transfer(night)};
  Call call{shop.program};
  call.connect();
  call.step(DigitPressed{'0'});
  moves(call, TransferStage::Failed, "busy");
  CHECK(order_of(call).to == night);
  moves(call, TransferStage::Failed, "busy");
  CHECK(call.ever<TransferCall>().size() == 2);
  CHECK(asked_for(call, "Nobody could be reached"));
  call.answers();
  call.wait(1s);  // what sounds right after a key is the key
  call.turn("then try again please");
  call.answers();
  call.step(DigitPressed{'0'});  // the caller has spoken since: both may be tried anew
  CHECK(call.ever<TransferCall>().size() == 3);
}

TEST_CASE("the person of a warm transfer is told what the model wrote, and the caller hears nothing of it") {
  Shop shop;
  shop.human(ir::Transfer::Mode::Warm);
  Call call{shop.program};
  call.connect();
  call.step(DigitPressed{'0'});
  REQUIRE(call.asked());
  CHECK_FALSE(call.ever<CreateResponse>().back().aloud);
  const auto admitted = call.ever<AdmitAudio>().size();
  const auto response = call.starts();
  call.step(SpokenTextArrived{call.epoch, response, ItemId{++call.items}, "A customer has lost a parcel."});
  call.ends(response);
  CHECK(order_of(call).briefing == "A customer has lost a parcel.");
  CHECK(call.ever<AdmitAudio>().size() == admitted);
  moves(call, TransferStage::Answered);
  call.wait(45s);  // the briefing has a time of its own
  CHECK(call.ever<AbandonTransfer>().empty());
  call.wait(15s);
  CHECK(call.ever<AbandonTransfer>().size() == 1);
}

TEST_CASE("without a summary in time the person is told what is known: who calls, what was carried, the last words") {
  Shop shop;
  shop.human(ir::Transfer::Mode::Warm);
  Call call{shop.program};
  call.connect();
  call.turn("my parcel is lost");
  call.answers();
  call.step(DigitPressed{'0'});
  call.wait(5s);
  const auto briefing = order_of(call).briefing;
  CHECK(briefing.find("+15550100") != std::string::npos);
  CHECK(briefing.find("desk") != std::string::npos);
  CHECK(briefing.find("my parcel is lost") != std::string::npos);
}

TEST_CASE("a briefing that the flow words needs no model") {
  Shop shop;
  const auto human = shop.human(ir::Transfer::Mode::Warm);
  shop.program.transfers[human].brief = words("A caller of the shop.");
  Call call{shop.program};
  call.connect();
  call.step(DigitPressed{'0'});
  CHECK(order_of(call).briefing == "A caller of the shop.");
  CHECK_FALSE(call.asked());
}

TEST_CASE("the model may put the caller through, and is told how it ends") {
  Shop shop;
  shop.human();
  Call call{shop.program};
  call.connect();
  call.turn("let me speak to somebody");
  const auto response = call.starts();
  call.calls_tool("handoff_human", Value::Record{}, response);
  call.ends(response);
  CHECK(order_of(call).transfer == TransferId{1});
  moves(call, TransferStage::Failed, "busy");
  CHECK(noted(call, "busy"));
  const auto again = call.starts();
  call.calls_tool("handoff_human", Value::Record{}, again);
  CHECK(call.the<AnswerCall>().output.find("a moment ago") != std::string::npos);
  CHECK(call.ever<TransferCall>().size() == 1);
}

TEST_CASE("tools go on while the caller waits; when they are gone `on_hangup` decides") {
  for (const auto rule : {ir::Policy::OnHangup::Finish, ir::Policy::OnHangup::Cancel}) {
    Shop shop;
    shop.rules().on_hangup = rule;
    shop.human();
    Call call{shop.program};
    call.connect();
    const auto job = call.lookup();
    call.step(DigitPressed{'0'});
    CHECK(call.stage(job) == Job::Stage::Running);
    moves(call, TransferStage::Connected);
    if (rule == ir::Policy::OnHangup::Cancel) {
      CHECK(call.ever<StopTool>().size() == 1);
    } else {
      call.finishes(job);
      CHECK(call.stage(job) == Job::Stage::Kept);
    }
    CHECK(call.ever<Finish>().size() == 1);
  }
}

TEST_CASE("`on_handoff` holds at the beginning of a transfer, too") {
  for (const auto rule : {ir::Policy::OnHandoff::Keep, ir::Policy::OnHandoff::Await, ir::Policy::OnHandoff::Cancel}) {
    Shop shop;
    shop.rules().on_handoff = rule;
    shop.human();
    Call call{shop.program};
    call.connect();
    const auto job = call.lookup();
    call.step(DigitPressed{'0'});
    CHECK((call.stage(job) == Job::Stage::Cancelled) == (rule == ir::Policy::OnHandoff::Cancel));
    CHECK(call.ever<TransferCall>().empty() == (rule == ir::Policy::OnHandoff::Await));
  }
}

TEST_CASE("a result that comes while the caller waits is told if the transfer fails") {
  Shop shop;
  shop.human();
  Call call{shop.program};
  call.connect();
  const auto job = call.lookup();
  call.step(DigitPressed{'0'});
  call.finishes(job);
  CHECK_FALSE(call.asked());
  moves(call, TransferStage::Failed, "busy");
  call.answers();
  call.wait(2s);
  call.answers();
  CHECK(call.stage(job) == Job::Stage::Delivered);
}

TEST_CASE("a caller who hangs up while it rings is not called back") {
  Leaving leaving;
  auto& call = leaving.call;
  call.step(CallerHungUp{});
  CHECK(call.ever<AbandonTransfer>().size() == 1);
  CHECK(call.the<Finish>() == Finish{"", "", ""});
}

TEST_CASE("an answer that comes after the order was taken back changes nothing") {
  Leaving leaving;
  auto& call = leaving.call;
  const auto order = order_of(call).transfer;
  call.wait(30s);
  call.answers();
  call.step(TransferMoved{order, TransferStage::Connected, {}});
  CHECK_FALSE(call.decided(Decision::TransferDone));
  CHECK(call.ever<Finish>().empty());
}

TEST_CASE("a service that is gone for good leaves the way out, and its loss is the call's end only if that fails") {
  for (const bool answers : {true, false}) {
    Shop shop;
    const auto human = shop.human();
    shop.program.transfers[human].say = words("Nobody can say this any more.");
    shop.program.handlers.add(on(ir::EventPattern::Kind::ProviderLost, {goto_transfer(human)}));
    Call call{shop.program};
    call.connect();
    call.step(ServiceFailed{call.epoch, ErrorCode::NoQuota, Command::None, 0, "insufficient_quota", "no quota"});
    REQUIRE(call.ever<TransferCall>().size() == 1);
    if (answers) {
      moves(call, TransferStage::Connected);
      CHECK(call.the<Finish>() == Finish{"", "", "human"});
    } else {
      moves(call, TransferStage::Failed, "busy");
      CHECK(call.ever<HangUp>().size() == 1);
      call.step(CallerHungUp{});
      CHECK(call.the<Finish>().code == "R0118");
    }
  }
}

TEST_CASE("a transfer does not wait for a service that is being looked for") {
  Shop shop;
  shop.program.transfers[shop.human()].say = words("One moment.");
  Call call{shop.program};
  call.connect();
  call.step(LinkLost{call.epoch, "R0108", "gone"});
  call.step(DigitPressed{'0'});
  CHECK(call.ever<TransferCall>().size() == 1);
}

TEST_CASE("with a fallback a connection that is gone is replaced, and what was said goes along") {
  Shop shop;
  const auto spare = shop.program.realtimes.add({.name = "spare", .provider = "openai"});
  ir::Realtime first{.name = "voice", .provider = "openai"};
  first.fallback = spare;
  first.reconnect.tries = 1;
  shop.program.realtime = shop.program.realtimes.add(first);
  Call call{shop.program};
  call.connect();
  call.step(TextTyped{"hello"});
  call.answers();
  call.step(LinkLost{call.epoch, "R0108", "gone"});
  for (int i = 0; i < 2; ++i) call.step(LinkFailed{call.session.state().link.epoch, false, "R0101", "refused"});
  CHECK(call.ever<OpenLink>().back().realtime == spare);
  call.open();
  CHECK(call.session.state().link.up());
  CHECK(noted(call, "") == false);
  bool carried = false;
  for (const auto& message : call.effects<CreateMessage>()) carried = carried || message.text == "hello";
  CHECK(carried);
}

TEST_CASE("an agent with a connection of its own gets the call on it") {
  Shop shop;
  shop.program.realtime = shop.program.realtimes.add({.name = "voice", .provider = "openai"});
  const auto own = shop.program.realtimes.add({.name = "other", .provider = "openai"});
  shop.program.agents[shop.other].realtime = own;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("handoff_other", Value::Record{}, response);
  call.ends(response);
  CHECK(call.ever<OpenLink>().back().realtime == own);
  call.open();
  CHECK(call.session.state().agent == shop.other);
  CHECK(call.decided(Decision::HandoffDone));
  CHECK(call.asked());
}

// ── Nobody but a machine ─────────────────────────────────────────────────────────────────────────────────────

TEST_CASE("after the beep of an answering machine the flow's message is left, and then the call ends") {
  Shop shop;
  ir::Action goodbye;
  goodbye.kind = ir::Action::Kind::EndCall;
  goodbye.line = words("This is Contoso. Please call us back.");
  shop.agent().greet_first = words("Hello, this is Contoso.");
  shop.program.handlers.add(on(ir::EventPattern::Kind::Voicemail, {goodbye}));
  Call call{shop.program};
  call.connect();
  const auto greeting = call.starts();
  call.says(greeting, 1s, "Hello, this is Contoso.");
  call.step(MachineAnswered{false});
  CHECK(call.decided(Decision::VoicemailReached));
  call.flushed(200ms);
  call.ends(greeting, ResponseStatus::Cancelled);
  call.turn("please leave a message after the tone");
  CHECK_FALSE(call.asked());  // nobody talks with a machine
  call.step(MachineAnswered{true});
  CHECK(asked_for(call, "Please call us back."));
  call.answers(2s, "This is Contoso. Please call us back.");
  CHECK(call.ever<HangUp>().size() == 1);
}

TEST_CASE("a machine that never beeps is spoken to in the end") {
  Shop shop;
  shop.program.handlers.add(on(ir::EventPattern::Kind::Voicemail, {say("Please call back.")}));
  Call call{shop.program};
  call.connect();
  call.step(MachineAnswered{false});
  call.wait(30s);
  CHECK(asked_for(call, "Please call back."));
  call.step(MachineAnswered{true});  // too late to count
  CHECK(call.ever<CreateResponse>().size() == 1);
}

TEST_CASE("a flow that says nothing of answering machines goes on") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.step(MachineAnswered{true});
  call.turn();
  CHECK(call.asked());
}
