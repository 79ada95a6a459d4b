// Calls that comparable systems lost: each race has its test.

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

namespace {

struct Interrupting : Shop {
  Interrupting() { rules().deliver = ir::Policy::Deliver::Interrupt; }
};

// The agent is in the middle of an answer while `look` runs in the background.
struct MidAnswer {
  Interrupting shop;
  Call call{shop.program};
  JobId job;
  ResponseId talk;
  ItemId item;
  MidAnswer() {
    call.connect();
    job = call.lookup();
    call.turn("small talk");
    talk = call.starts();
    item = call.says(talk, 4000ms);
  }
};

}  // namespace

TEST_CASE("two results with a barge-in between: both are told, none twice") {
  MidAnswer m;
  auto& call = m.call;
  call.finishes(m.job, "first");
  call.flushed(500ms);
  call.ends(m.talk, ResponseStatus::Cancelled);
  const auto telling = call.starts();
  call.says(telling, 2000ms);
  const auto item = call.speaks();  // barge-in while it is told
  call.flushed(200ms);
  call.ends(telling, ResponseStatus::Cancelled);
  CHECK(call.decided(Decision::ToolInterrupted));
  call.wait(1200ms);
  call.falls_silent(item, "and another one");
  call.answers();
  CHECK(call.stage(m.job) == Job::Stage::Delivered);
}

TEST_CASE("a result while another is being told waits for it instead of cutting it") {
  MidAnswer m;
  auto& call = m.call;
  call.turn("another one");  // cuts the small talk
  call.flushed(500ms);
  call.ends(m.talk, ResponseStatus::Cancelled);
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "shoes"}}, response);
  call.ends(response);
  call.wait(400ms);
  call.answers(500ms, "One moment.");
  const JobId second{call.session.state().last_job};
  call.finishes(m.job, "first");
  call.step(ToolFinished{m.job, 1, "first"});
  const auto telling = call.starts();
  call.says(telling, 2000ms);
  call.step(ToolFinished{second, 1, "second"});
  CHECK(call.effects<FlushPlayout>().empty());
  call.ends(telling);
  call.drains();
  CHECK(call.stage(m.job) == Job::Stage::Delivered);
  call.answers();
  CHECK(call.stage(second) == Job::Stage::Delivered);
}

TEST_CASE("a late delta after a cancel is not played, not counted and not truncated again") {
  MidAnswer m;
  m.call.speaks();
  m.call.flushed(300ms);
  m.call.step(AudioArrived{m.call.epoch, m.talk, m.item, to_samples(100ms)});
  m.call.ends(m.talk, ResponseStatus::Cancelled);
  CHECK(m.call.ever<TruncateItem>().size() == 1);
}

TEST_CASE("an old cancel's error during a new create is ignored") {
  MidAnswer m;
  m.call.step(TextTyped{"stop"});
  m.call.flushed(300ms);
  m.call.ends(m.talk, ResponseStatus::Cancelled);
  REQUIRE(m.call.asked());
  m.call.step(ServiceFailed{m.call.epoch, ErrorCode::NothingToCancel, Command::Cancel, m.talk.n, "", ""});
  CHECK(m.call.asked());
}

TEST_CASE("parallel calls, one failing and one slow: all answers, then one create") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  call.calls_tool("look", Value::Record{{"query", "b"}}, response);
  call.ends(response);
  call.step(ToolFailed{JobId{1}, 1, "R0201", "broken", false});
  CHECK(call.effects<AnswerCall>().size() == 1);
  CHECK(call.effects<CreateResponse>().empty());  // the slow one has no answer yet
  call.wait(400ms);
  CHECK(call.ever<AnswerCall>().size() == 2);
  CHECK(call.session.state().ask.slot == Ask::Slot::Creating);
}

TEST_CASE("a handoff batched with another call: the tool runs, both are answered, then the agent changes") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  call.calls_tool("handoff_other", Value::Record{}, response);
  CHECK(call.ever<StartTool>().size() == 1);
  CHECK(call.ever<Configure>().size() == 1);
  call.ends(response);
  CHECK(call.ever<AnswerCall>().size() == 2);
  CHECK(call.ever<Configure>().back().agent == shop.other);
  CHECK(call.effects<CreateResponse>().empty());  // not before the service knows the new agent
  call.configured();
  CHECK(call.the<CreateResponse>().instructions.find("Hello from the other one") != std::string::npos);
}

TEST_CASE("an interim word that does not sound yet is not said any more when its result hands the call over") {
  for (const bool sounds : {false, true}) {
    Shop shop;
    auto& p = shop.program;
    const auto yes = p.exprs.add({.op = ir::Expr::Op::Literal, .literal = true});
    const auto flag = p.exprs.add({.op = ir::Expr::Op::State, .state = shop.flag});
    p.tools[shop.look].sets.emplace_back(shop.flag, yes);
    ir::Handoff edge;
    edge.target = {ir::Target::Kind::Agent, shop.other};
    edge.trigger.kind = ir::Trigger::Kind::Becomes;
    edge.guard = flag;
    p.handoffs.add(edge);
    shop.rules().mode = ir::Policy::Mode::Blocking;
    Call call{shop.program};
    call.connect();
    call.turn();
    const auto response = call.starts();
    call.calls_tool("look", Value::Record{{"query", "orders"}}, response);
    call.ends(response);
    call.wait(400ms);
    REQUIRE(call.asked());
    const auto ack = call.starts();
    if (sounds) call.says(ack, 2000ms, "One moment.");
    call.finishes(JobId{call.session.state().last_job});
    CHECK(call.effects<CancelResponse>().empty() == sounds);
  }
}

TEST_CASE("a second handoff while one is under way is refused, and its call is answered") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("handoff_other", Value::Record{}, response);
  call.calls_tool("handoff_other", Value::Record{}, response);
  CHECK(call.the<AnswerCall>().output.find("error") != std::string::npos);
}

TEST_CASE("a handoff while the caller speaks: the new agent answers that turn instead of greeting") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("handoff_other", Value::Record{}, response);
  const auto item = call.speaks();
  call.ends(response, ResponseStatus::Cancelled);
  CHECK(call.ever<Configure>().back().agent == shop.other);
  call.configured();
  CHECK(call.effects<CreateResponse>().empty());
  call.wait(1500ms);
  call.falls_silent(item);
  CHECK(call.ever<CreateResponse>().back().instructions.find("Hello from the other one") == std::string::npos);
  CHECK(call.asked());
}

TEST_CASE("a tool's result may move the call: the edge fires when its guard becomes true") {
  Shop shop;
  const auto guard = shop.program.exprs.add({.op = ir::Expr::Op::State, .literal = {}, .state = shop.flag});
  const auto yes = shop.program.exprs.add({.op = ir::Expr::Op::Literal, .literal = true});
  shop.program.tools[shop.look].sets = {{shop.flag, yes}};
  ir::Handoff edge;
  edge.from = shop.desk;
  edge.target = {ir::Target::Kind::Agent, shop.other};
  edge.trigger.kind = ir::Trigger::Kind::Becomes;
  edge.guard = guard;
  shop.program.handoffs.add(edge);
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  call.finishes(JobId{1});
  CHECK(call.decided(Decision::HandoffStarted));
  call.ends(response);
  call.configured();
  CHECK(call.session.state().agent == shop.other);
}

TEST_CASE("a lost socket while the agent speaks: what came is heard, and the rest is gone on with on the new link") {
  MidAnswer m;
  m.call.step(LinkLost{m.call.epoch, "R0109", "gone"});
  CHECK(m.call.effects<OpenLink>().size() == 1);
  CHECK(m.call.effects<FlushPlayout>().empty());
  m.call.open();
  m.call.drains();
  CHECK(m.call.ever<CreateResponse>().back().instructions.find("Go on from there") != std::string::npos);
  CHECK(m.call.stage(m.job) == Job::Stage::Running);
}

TEST_CASE("a lost socket with a tool running: its late result is told on the new link, and its old call is not answered there") {
  Interrupting shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  call.ends(response);
  call.step(LinkLost{call.epoch, "R0109", "gone"});
  call.open();
  const auto answers_before = call.ever<AnswerCall>().size();
  call.answers();
  call.finishes(JobId{1});
  CHECK(call.ever<AnswerCall>().size() == answers_before);
  call.answers();
  CHECK(call.stage(JobId{1}) == Job::Stage::Delivered);
}

TEST_CASE("a lost socket while a result is told: it is told again, once, and not gone on with besides") {
  Interrupting shop;
  Call call{shop.program};
  call.connect();
  const auto job = call.lookup();
  call.finishes(job);
  call.says(call.starts(), 3000ms);
  call.step(LinkLost{call.epoch, "R0108", "gone"});
  call.open();
  call.drains();
  CHECK(call.ever<CreateResponse>().back().instructions.find("Go on from there") == std::string::npos);
  call.answers();
  CHECK(call.stage(job) == Job::Stage::Delivered);
  call.wait(5s);
  CHECK_FALSE(call.asked());
}

TEST_CASE("the conversation is carried over to a new link: turns, heard words and closed calls, in order") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn("where is my parcel");
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "parcel"}}, response);
  call.finishes(JobId{1}, "on its way");
  call.ends(response);
  call.answers(1000ms, "It is on its way.");
  call.step(LinkLost{call.epoch, "R0109", "gone"});
  call.open();
  const auto messages = call.effects<CreateMessage>();
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].role == Role::Caller);
  CHECK(messages[0].text == "where is my parcel");
  CHECK(messages[1].text == "It is on its way.");
  CHECK(call.effects<RecallFunction>().size() == 1);
  CHECK(call.effects<AnswerCall>().size() == 1);
  CHECK(call.effects<ReplayCallerAudio>().size() == 1);
}

TEST_CASE("what the caller said before the service was there is given to it as soon as it is configured") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  CHECK(call.ever<ReplayCallerAudio>().size() == 1);
}

TEST_CASE("a configuration that the service refuses for another reason than a locked voice ends the call with its code") {
  Shop shop;
  Call call{shop.program};
  call.step(CallerConnected{"", ""});
  call.epoch = call.session.state().link.epoch;
  call.step(LinkOpened{call.epoch, {}, std::nullopt});
  const auto config = call.the<Configure>().config;
  call.step(ServiceFailed{call.epoch, ErrorCode::WrongRequest, Command::Configure, config.n, "invalid_value", "no such voice"});
  call.step(CallerHungUp{});
  CHECK(call.the<Finish>().code == "R0119");
}

TEST_CASE("an empty transcript after a barge-in: the turn is deleted and the agent goes on from there") {
  MidAnswer m;
  const auto item = m.call.speaks();
  m.call.flushed(1500ms);
  m.call.ends(m.talk, ResponseStatus::Cancelled);
  m.call.wait(300ms);
  m.call.falls_silent(item, "");
  CHECK(m.call.ever<DeleteItem>().back().item == item);
  CHECK(m.call.ever<CreateResponse>().back().instructions.find("Go on from there") != std::string::npos);
}

TEST_CASE("a short barge-in whose transcript does not come within 500 ms counts as words") {
  MidAnswer m;
  const auto item = m.call.speaks();
  m.call.flushed(1500ms);
  m.call.ends(m.talk, ResponseStatus::Cancelled);
  m.call.wait(300ms);
  m.call.step(SpeechStopped{m.call.epoch, item});
  m.call.step(TurnCommitted{m.call.epoch, item});
  CHECK_FALSE(m.call.asked());
  m.call.wait(500ms);
  CHECK(m.call.asked());
}

TEST_CASE("a hang-up with a `writes once` in flight: it is not cancelled, and its outcome is kept") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("write", Value::Record{{"query", "a"}}, response);
  CHECK(call.ever<StartTool>().empty());  // the disk first
  call.step(JobStored{JobId{1}});
  CHECK(call.ever<StartTool>().size() == 1);
  call.step(CallerHungUp{});
  CHECK(call.ever<StopTool>().empty());
  CHECK_FALSE(call.session.finished());
  call.finishes(JobId{1});
  CHECK(call.stage(JobId{1}) == Job::Stage::Kept);
  CHECK(call.session.finished());
}

TEST_CASE("a `writes once` past the deadline after the hang-up is unknown, never assumed") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("write", Value::Record{{"query", "a"}}, response);
  call.step(JobStored{JobId{1}});
  call.step(CallerHungUp{});
  call.wait(10s);
  CHECK(call.stage(JobId{1}) == Job::Stage::Unknown);
  CHECK(call.session.finished());
}

TEST_CASE("a write that could not be stored does not start, and whoever asked is told") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("write", Value::Record{{"query", "a"}}, response);
  call.step(ToolFailed{JobId{1}, 0, "R0401", "the disk is full", false});
  CHECK(call.ever<StartTool>().empty());
  CHECK(call.stage(JobId{1}) == Job::Stage::Failed);
  CHECK(call.the<AnswerCall>().output.find("error") != std::string::npos);
}

TEST_CASE("a voice that is locked already: the rest of the configuration is sent again, without it, and the handoff goes on") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("handoff_other", Value::Record{}, response);
  call.ends(response);
  const auto config = call.ever<Configure>().back().config;
  call.step(ServiceFailed{call.epoch, ErrorCode::VoiceLocked, Command::Configure, config.n, "cannot_update_voice", ""});
  CHECK(call.the<Configure>().agent == shop.other);
  CHECK(call.effects<CreateResponse>().empty());
  call.configured();
  CHECK(call.asked());
}

TEST_CASE("a farewell is heard before the line is dropped") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn("goodbye");
  const auto response = call.starts();
  call.calls_tool("end_call", Value::Record{}, response);
  call.ends(response);
  CHECK(call.ever<HangUp>().empty());
  const auto farewell = call.starts();
  call.says(farewell, 1000ms, "Goodbye.");
  call.ends(farewell);
  CHECK(call.ever<HangUp>().empty());
  call.drains();
  CHECK(call.ever<HangUp>().size() == 1);
  call.step(CallerHungUp{});
  CHECK(call.session.finished());
}

TEST_CASE("a farewell cut by a hang-up ends the call all the same") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn("goodbye");
  const auto response = call.starts();
  call.calls_tool("end_call", Value::Record{}, response);
  call.ends(response);
  const auto farewell = call.starts();
  call.says(farewell, 1000ms, "Goodbye.");
  call.step(CallerHungUp{});
  CHECK(call.session.finished());
}

TEST_CASE("a farewell is protected: a caller who speaks over it does not stop it") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn("goodbye");
  const auto response = call.starts();
  call.calls_tool("end_call", Value::Record{}, response);
  call.ends(response);
  call.says(call.starts(), 1000ms, "Goodbye.");
  call.speaks();
  CHECK(call.ever<FlushPlayout>().empty());
}

TEST_CASE("a duplicate call after an interrupted reply joins: the tool does not run twice, the result is told again") {
  Interrupting shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  call.finishes(JobId{1});
  call.ends(response);
  call.answers();
  call.turn("what was that");
  response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  CHECK(call.ever<StartTool>().size() == 1);
  CHECK(call.ever<AnswerCall>().back().output == "\"two boots\"");
  call.ends(response);
  CHECK(call.asked());
}

TEST_CASE("the service's time limit in a reply: the new link is made in the next quiet moment") {
  Shop shop;
  Call call{shop.program};
  call.step(CallerConnected{"", ""});
  call.epoch = call.session.state().link.epoch;
  call.step(LinkOpened{call.epoch, {}, Millis{120'000}});
  call.configured();
  call.wait(59s);
  call.step(TextTyped{"hello"});
  const auto response = call.starts();
  call.says(response, 5000ms);
  call.wait(2s);
  CHECK(call.ever<OpenLink>().size() == 1);
  call.ends(response);
  call.drains();
  CHECK(call.ever<CloseLink>().size() == 1);
  CHECK(call.ever<OpenLink>().size() == 2);
}

TEST_CASE("the service's time limit in a reply that does not end: the new link is made ten seconds before it, and the reply goes on") {
  Shop shop;
  Call call{shop.program};
  call.step(CallerConnected{"", ""});
  call.epoch = call.session.state().link.epoch;
  call.step(LinkOpened{call.epoch, {}, Millis{120'000}});
  call.configured();
  call.wait(59s);
  call.step(TextTyped{"tell me a long story"});
  const auto response = call.starts();
  const auto item = call.says(response, 5000ms);
  for (int i = 0; i < 12; ++i) {
    call.wait(5s);
    if (call.ever<OpenLink>().size() == 1) call.step(AudioArrived{call.epoch, response, item, to_samples(5000ms)});
  }
  CHECK(call.now.since_start <= 120s);
  CHECK(call.ever<OpenLink>().size() == 2);
  CHECK(call.ever<FlushPlayout>().empty());
  call.open();
  call.drains();
  CHECK(call.ever<CreateResponse>().back().instructions.find("Go on from there") != std::string::npos);
}

TEST_CASE("a greeting against an early caller: the caller is answered, the greeting is not said over them") {
  Shop shop;
  shop.agent().greet_first = words("Welcome to the shop.");
  Call call{shop.program};
  call.connect();
  REQUIRE(call.asked());
  const auto ask = call.ask();
  const auto item = call.speaks();
  call.step(ResponseStarted{call.epoch, ResponseId{1}, ask});
  CHECK(call.the<CancelResponse>().response == ResponseId{1});
  call.ends(ResponseId{1}, ResponseStatus::Cancelled);
  call.responses = 1;
  call.wait(1500ms);
  call.falls_silent(item);
  CHECK(call.asked());
}

TEST_CASE("marks after a clear are ignored") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.step(TextTyped{"hello"});
  const auto response = call.starts();
  call.says(response, 3000ms);
  call.ends(response);
  const auto mark = call.ever<SetMark>().back().mark;
  call.speaks();
  call.flushed(100ms);
  call.step(MarkReached{mark});
  CHECK_FALSE(call.session.state().voice.near_end);
}

TEST_CASE("a tool that finishes before its call's response has ended is answered at once, and told after it") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  call.finishes(JobId{1});
  CHECK(call.effects<AnswerCall>().size() == 1);
  CHECK(call.effects<CreateResponse>().empty());
  call.ends(response);
  CHECK(call.effects<CreateResponse>().size() == 1);
}

TEST_CASE("a late completion of a job that timed out is dropped") {
  Shop shop;
  shop.rules().timeout = 2s;
  Call call{shop.program};
  call.connect();
  const auto job = call.lookup();
  call.wait(2s);
  CHECK(call.stage(job) == Job::Stage::TimedOut);
  CHECK(call.ever<StopTool>().size() == 1);
  call.finishes(job, "too late");
  CHECK(call.decided(Decision::ToolLate));
  for (const auto& message : call.ever<CreateMessage>()) CHECK(message.text.find("too late") == std::string::npos);
}

TEST_CASE("a call interrupted at its start is still answered") {
  Shop shop;
  Call call{shop.program};
  call.connect();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  call.speaks();  // ten milliseconds after the start
  call.ends(response, ResponseStatus::Cancelled);
  CHECK(call.ever<StopTool>().empty());
  call.wait(400ms);
  CHECK(call.ever<AnswerCall>().size() == 1);
}
