// The async-interrupt policy, clause by clause, on a call.

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

namespace {

using P = ir::Policy;

struct Desk {
  Shop shop;
  std::optional<Call> line;
  explicit Desk(P::Deliver deliver = P::Deliver::Interrupt) { shop.rules().deliver = deliver; }
  auto rules() -> P& { return shop.rules(); }
  auto call() -> Call& {
    if (!line) {
      line.emplace(shop.program);
      line->connect();
    }
    return *line;
  }
  // The agent speaks while the lookup runs.
  auto talk() -> ResponseId {
    call().turn("small talk");
    const auto response = call().starts();
    call().says(response, 4000ms);
    return response;
  }
  auto last_task() -> std::string { return call().ever<CreateResponse>().back().instructions; }
  auto asks(const std::string& words) -> bool { return last_task().find(words) != std::string::npos; }
};

}  // namespace

TEST_CASE("deliver when_idle: told after the grace time of quiet, not before") {
  Desk d{P::Deliver::WhenIdle};
  auto& call = d.call();
  const auto job = call.lookup();
  call.wait(2s);
  const auto talk = d.talk();
  call.finishes(job);
  call.ends(talk);
  CHECK_FALSE(call.asked());
  call.drains();
  call.wait(699ms);
  CHECK_FALSE(call.asked());
  call.wait(1ms);
  CHECK(call.asked());
}

TEST_CASE("deliver when_idle: quiet that was long enough before the result counts") {
  Desk d{P::Deliver::WhenIdle};
  auto& call = d.call();
  const auto job = call.lookup();
  call.wait(2s);
  call.finishes(job);
  CHECK(call.asked());
}

TEST_CASE("deliver at_pause: the agent is cut at the next pause between words") {
  Desk d{P::Deliver::AtPause};
  auto& call = d.call();
  const auto job = call.lookup();
  const auto talk = d.talk();
  call.finishes(job);
  CHECK(call.the<WatchPauses>().on);
  CHECK(call.effects<FlushPlayout>().empty());
  call.step(PauseReached{call.played + to_samples(1500ms)});
  CHECK(call.effects<FlushPlayout>().size() == 1);
  call.flushed(1500ms);
  call.ends(talk, ResponseStatus::Cancelled);
  CHECK(call.asked());
}

TEST_CASE("deliver with_next_turn: nobody is asked to speak, the next reply carries it") {
  Desk d{P::Deliver::WithNextTurn};
  auto& call = d.call();
  const auto job = call.lookup();
  call.wait(5s);
  call.finishes(job);
  CHECK(call.effects<CreateMessage>().size() == 1);
  CHECK_FALSE(call.asked());
  call.turn("anything new");
  CHECK(call.asked());
  call.answers();
  CHECK(call.stage(job) == Job::Stage::Delivered);
}

TEST_CASE("deliver silent: into the conversation, and that is all") {
  Desk d{P::Deliver::Silent};
  auto& call = d.call();
  const auto job = call.lookup();
  call.finishes(job);
  CHECK(call.effects<CreateMessage>().size() == 1);
  CHECK(call.stage(job) == Job::Stage::Delivered);
  CHECK_FALSE(call.asked());
}

TEST_CASE("deliver skip_if_busy: skipped while somebody speaks, and still to be fetched") {
  Desk d{P::Deliver::SkipIfBusy};
  auto& call = d.call();
  const auto job = call.lookup();
  const auto talk = d.talk();
  call.finishes(job);
  CHECK(call.stage(job) == Job::Stage::Skipped);
  call.ends(talk);
  call.drains();
  call.turn("what was the result");
  const auto response = call.starts();
  call.calls_tool("read_result", Value::Record{{"number", std::int64_t{job.n}}}, response);
  CHECK(call.the<AnswerCall>().output == "\"two boots\"");
}

TEST_CASE("escalate: a gate that stays shut opens wider after the declared time") {
  Desk d{P::Deliver::WhenIdle};
  d.rules().escalate_to = P::Deliver::Interrupt;
  d.rules().escalate_after = 8s;
  auto& call = d.call();
  const auto job = call.lookup();
  d.talk();
  call.finishes(job);
  for (int i = 0; i < 3; ++i) {  // the model talks on and on
    call.wait(2s);
    call.step(AudioArrived{call.epoch, ResponseId{call.responses}, ItemId{call.items}, to_samples(1000ms)});
  }
  CHECK(call.ever<FlushPlayout>().empty());
  call.wait(2s);
  CHECK(call.ever<FlushPlayout>().size() == 1);
}

TEST_CASE("while_caller_speaks override: told over the caller, and only then") {
  Desk d;
  d.rules().while_caller_speaks = P::CallerSpeaks::Override;
  auto& call = d.call();
  const auto job = call.lookup();
  call.speaks();
  call.finishes(job);
  CHECK(call.effects<CreateResponse>().size() == 1);
}

TEST_CASE("while_caller_speaks override after 5 s: held so long") {
  Desk d;
  d.rules().while_caller_speaks = P::CallerSpeaks::OverrideAfter;
  d.rules().override_after = 5s;
  auto& call = d.call();
  const auto job = call.lookup();
  call.speaks();
  call.finishes(job);
  call.wait(4'999ms);
  CHECK_FALSE(call.asked());
  call.wait(1ms);
  CHECK(call.asked());
}

TEST_CASE("announce: the result's response begins with it") {
  Desk d;
  d.rules().announce = text("I have the result now.");
  auto& call = d.call();
  call.finishes(call.lookup());
  CHECK(d.asks("I have the result now."));
}

TEST_CASE("read on_request: only the announcement is asked for") {
  Desk d;
  d.rules().announce = text("Your plan is ready.");
  d.rules().read = P::Read::OnRequest;
  auto& call = d.call();
  call.finishes(call.lookup());
  CHECK(d.asks("Say only that"));
}

TEST_CASE("read summary over N words: a longer result is summarised, a shorter one is not") {
  for (const auto& [words, summarised] : {std::pair{"one two three four", true}, std::pair{"one two", false}}) {
    Desk d;
    d.rules().read = P::Read::SummaryOver;
    d.rules().read_words = 3;
    auto& call = d.call();
    call.finishes(call.lookup(), words);
    CHECK(d.asks("Summarise") == summarised);
  }
}

TEST_CASE("coalesce: results that become ready within the window share one response") {
  Desk d;
  d.rules().coalesce_window = 300ms;
  auto& call = d.call();
  const auto first = call.lookup("a");
  const auto second = call.lookup("b");
  call.step(ToolFinished{first, 1, "boots"});
  CHECK_FALSE(call.asked());
  call.wait(200ms);
  call.step(ToolFinished{second, 1, "shoes"});
  CHECK(call.effects<CreateResponse>().size() == 1);
  CHECK(call.effects<CreateMessage>().size() == 2);
  call.answers();
  CHECK(call.stage(first) == Job::Stage::Delivered);
  CHECK(call.stage(second) == Job::Stage::Delivered);
}

TEST_CASE("coalesce: a result that waits for others beyond its grace waits for one timer, not for now again and again") {
  Desk d{P::Deliver::WhenIdle};
  d.rules().coalesce_window = 2s;
  auto& call = d.call();
  const auto first = call.lookup("a");
  call.lookup("b");
  call.wait(3s);  // the ack is over, and it is quiet
  call.step(ToolFinished{first, 1, "boots"});
  CHECK_FALSE(call.asked());
  const auto before = call.ever<SetTimer>().size();
  call.wait(1900ms);
  CHECK_FALSE(call.asked());
  CHECK(call.ever<SetTimer>().size() <= before + 3);
  call.wait(200ms);
  CHECK(call.asked());
}

TEST_CASE("coalesce: a result that nothing else could join is told at once") {
  Desk d;
  d.rules().coalesce_window = 300ms;
  auto& call = d.call();
  call.finishes(call.lookup());
  CHECK(call.asked());
}

TEST_CASE("coalesce: at most so many results in one response") {
  Desk d;
  d.rules().coalesce_max = 1;
  auto& call = d.call();
  const auto first = call.lookup("a");
  const auto second = call.lookup("b");
  const auto item = call.speaks();
  call.step(ToolFinished{first, 1, "boots"});
  call.step(ToolFinished{second, 1, "shoes"});
  call.wait(1200ms);
  call.falls_silent(item);
  call.answers();
  CHECK(call.stage(first) == Job::Stage::Delivered);
  CHECK(call.stage(second) == Job::Stage::Ready);
  call.answers();
  CHECK(call.stage(second) == Job::Stage::Delivered);
}

TEST_CASE("supersedes by ARGS: a newer result of the same drops the older, untold one") {
  Desk d;
  d.rules().supersedes = true;
  d.rules().supersedes_by = {"query"};
  d.rules().duplicates = P::Duplicates::Allow;
  auto& call = d.call();
  const auto first = call.lookup("a");
  const auto second = call.lookup("a");
  const auto item = call.speaks();
  call.step(ToolFinished{first, 1, "old"});
  call.step(ToolFinished{second, 1, "new"});
  CHECK(call.stage(first) == Job::Stage::Skipped);
  call.wait(1200ms);
  call.falls_silent(item);
  call.answers();
  CHECK(call.stage(second) == Job::Stage::Delivered);
}

TEST_CASE("heard: a result of which enough was played is delivered even though its end was cut") {
  Desk d;
  auto& call = d.call();
  const auto job = call.lookup();
  call.finishes(job);
  const auto response = call.starts();
  call.says(response, 1000ms);
  call.ends(response);
  call.speaks();
  call.flushed(800ms);
  CHECK(call.stage(job) == Job::Stage::Delivered);
}

TEST_CASE("if_interrupted retry 2, then offer: told again twice, then offered once, and kept") {
  Desk d;
  auto& call = d.call();
  const auto job = call.lookup();
  call.finishes(job);
  for (int i = 0; i < 3; ++i) {
    const auto response = call.starts();
    call.says(response, 2000ms);
    const auto item = call.speaks();
    call.flushed(100ms);
    call.ends(response, ResponseStatus::Cancelled);
    call.wait(1200ms);
    call.falls_silent(item);
  }
  CHECK(call.stage(job) == Job::Stage::Kept);
  CHECK(d.asks("Offer in one short sentence"));
}

TEST_CASE("if_interrupted drop: not told again") {
  Desk d;
  d.rules().if_interrupted = P::IfInterrupted::Drop;
  auto& call = d.call();
  const auto job = call.lookup();
  call.finishes(job);
  const auto response = call.starts();
  call.says(response, 2000ms);
  call.speaks();
  call.flushed(100ms);
  CHECK(call.stage(job) == Job::Stage::Skipped);
}

TEST_CASE("duplicates join: a call like one that runs does not start it again") {
  Desk d;
  auto& call = d.call();
  call.lookup("a");
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  CHECK(call.effects<StartTool>().empty());
  CHECK(call.the<AnswerCall>().output.find("running") != std::string::npos);
}

TEST_CASE("duplicates: the window starts on success and ends") {
  Desk d;
  d.rules().duplicates_within = 60s;
  auto& call = d.call();
  const auto job = call.lookup("a");
  call.finishes(job);
  call.answers();
  call.wait(61s);
  call.lookup("a");
  CHECK(call.ever<StartTool>().size() == 2);
}

TEST_CASE("duplicates reject, replace, confirm and allow") {
  const auto again = [](P::Duplicates rule) {
    Desk d;
    d.rules().duplicates = rule;
    auto& call = d.call();
    call.lookup("a");
    call.turn();
    const auto response = call.starts();
    call.calls_tool("look", Value::Record{{"query", "a"}}, response);
    return std::tuple{call.ever<StartTool>().size(), call.ever<StopTool>().size()};
  };
  CHECK(again(P::Duplicates::Reject) == std::tuple{1U, 0U});
  CHECK(again(P::Duplicates::Replace) == std::tuple{2U, 1U});
  CHECK(again(P::Duplicates::Confirm) == std::tuple{1U, 0U});
  CHECK(again(P::Duplicates::Allow) == std::tuple{2U, 0U});
}

TEST_CASE("concurrency: one more than allowed is refused, and the declared line is said") {
  Desk d;
  d.rules().concurrency = 1;
  d.rules().concurrency_else.actions = {say("One at a time, please.")};
  auto& call = d.call();
  call.lookup("a");
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "b"}}, response);
  CHECK(call.effects<StartTool>().empty());
  CHECK(call.the<AnswerCall>().output.find("error") == std::string::npos);
  call.ends(response);
  CHECK(d.asks("One at a time, please."));
}

TEST_CASE("timeout with a line: the work is stopped, the line is said, the wording to the model is neutral") {
  Desk d;
  d.rules().timeout = 30s;
  d.rules().timeout_else.actions = {say("The system does not answer today.")};
  auto& call = d.call();
  const auto job = call.lookup();
  call.wait(30s);
  CHECK(call.stage(job) == Job::Stage::TimedOut);
  CHECK(d.asks("The system does not answer today."));
}

TEST_CASE("retry: a failure on the network is tried again, with a growing wait; another failure is not") {
  Desk d;
  d.rules().retries = 2;
  auto& call = d.call();
  const auto job = call.lookup();
  call.step(ToolFailed{job, 1, "R0206", "unreachable", true});
  CHECK(call.decided(Decision::ToolRetried));
  call.wait(1s);
  CHECK(call.ever<StartTool>().back().attempt == 2);
  call.step(ToolFailed{job, 2, "R0201", "a bug", false});
  CHECK(call.stage(job) == Job::Stage::Failed);
}

TEST_CASE("fails with an action: the action runs, once") {
  Desk d;
  d.rules().fails_to_handler = false;
  d.rules().fails.actions = {say("That did not work.")};
  auto& call = d.call();
  const auto job = call.lookup();
  call.step(ToolFailed{job, 1, "R0201", "broken", false});
  CHECK(d.asks("That did not work."));
}

TEST_CASE("expires: a result nobody could be told in time is not told later") {
  Desk d;
  d.rules().expires = 10s;
  d.rules().expires_else.actions = {say("The result is out of date.")};
  auto& call = d.call();
  const auto job = call.lookup();
  const auto item = call.speaks();
  call.finishes(job);
  call.wait(10s);
  CHECK(call.stage(job) == Job::Stage::Expired);
  call.falls_silent(item);
  CHECK(d.asks("The result is out of date."));
}

TEST_CASE("on_handoff keep: the next agent tells it") {
  Desk d;
  auto& call = d.call();
  const auto job = call.lookup();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("handoff_other", Value::Record{}, response);
  call.ends(response);
  call.configured();
  call.answers(500ms, "Hello from the other one.");
  call.finishes(job);
  CHECK(call.session.state().agent == d.shop.other);
  call.answers();
  CHECK(call.stage(job) == Job::Stage::Delivered);
}

TEST_CASE("on_handoff cancel: the work is stopped; await: the handoff waits for it") {
  for (const auto rule : {P::OnHandoff::Cancel, P::OnHandoff::Await}) {
    Desk d;
    d.rules().on_handoff = rule;
    auto& call = d.call();
    const auto job = call.lookup();
    call.turn();
    const auto response = call.starts();
    call.calls_tool("handoff_other", Value::Record{}, response);
    call.ends(response);
    if (rule == P::OnHandoff::Cancel) {
      CHECK(call.stage(job) == Job::Stage::Cancelled);
      CHECK(call.session.state().agent == d.shop.other);
    } else {
      CHECK(call.session.state().agent == d.shop.desk);
      call.finishes(job);
      CHECK(call.session.state().agent == d.shop.other);
    }
  }
}

TEST_CASE("on_hangup cancel and finish") {
  for (const auto rule : {P::OnHangup::Cancel, P::OnHangup::Finish}) {
    Desk d;
    d.rules().on_hangup = rule;
    auto& call = d.call();
    const auto job = call.lookup();
    call.step(CallerHungUp{});
    if (rule == P::OnHangup::Cancel) {
      CHECK(call.stage(job) == Job::Stage::Cancelled);
      CHECK(call.session.finished());
    } else {
      CHECK_FALSE(call.session.finished());
      call.finishes(job);
      CHECK(call.stage(job) == Job::Stage::Kept);
      CHECK(call.session.finished());
    }
  }
}

TEST_CASE("mode blocking: the ack is said, the call stays open, and the result is its answer") {
  Desk d;
  d.rules().mode = P::Mode::Blocking;
  auto& call = d.call();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  call.ends(response);
  call.wait(400ms);
  CHECK(call.ever<AnswerCall>().empty());
  call.answers(500ms, "One moment.");
  call.turn("are you there");
  CHECK_FALSE(call.asked());  // the model waits
  call.finishes(JobId{1});
  CHECK(call.ever<AnswerCall>().size() == 1);
  CHECK(call.asked());
}

TEST_CASE("mode blocking: an ack that the model words is said while the tool works, not after it") {
  Desk d;
  d.rules().mode = P::Mode::Blocking;
  d.rules().ack = words("Ask for a moment of patience.");
  d.rules().ack->kind = ir::Line::Kind::Hint;
  auto& call = d.call();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  call.ends(response);
  CHECK_FALSE(call.asked());
  call.wait(400ms);
  CHECK(call.asked());
  CHECK(d.asks("Ask for a moment of patience."));
  CHECK(call.ever<AnswerCall>().empty());
  call.answers(500ms, "One moment, please.");
  call.finishes(JobId{1});
  CHECK(call.ever<AnswerCall>().size() == 1);
  CHECK(call.asked());
}

TEST_CASE("progress every 10 s: said while nobody speaks, and never over anybody") {
  Desk d;
  d.rules().progress = P::Progress::Every;
  d.rules().progress_every = 10s;
  d.rules().progress_line = words("Still looking.");
  auto& call = d.call();
  call.lookup();
  call.wait(9'600ms);
  CHECK(d.asks("Still looking."));
  call.answers(500ms, "Still looking.");
  call.speaks();
  const auto before = call.ever<CreateResponse>().size();
  call.wait(10s);
  CHECK(call.ever<CreateResponse>().size() == before);
}

TEST_CASE("confirm: the tool runs only after the caller has spoken in between") {
  Desk d;
  d.shop.program.tools[d.shop.look].confirm = text("Shall I look?");
  auto& call = d.call();
  call.turn();
  auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  CHECK(call.the<AnswerCall>().output.find("Shall I look?") != std::string::npos);
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);  // the model does not wait for a yes
  CHECK(call.ever<StartTool>().empty());
  call.ends(response);
  call.answers();
  call.turn("yes please");
  response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  CHECK(call.ever<StartTool>().size() == 1);
}

TEST_CASE("a tool whose guard does not hold is not offered, and refused if it is called all the same") {
  Desk d;
  d.shop.program.tools[d.shop.look].available_if = d.shop.program.exprs.add({.op = ir::Expr::Op::State, .literal = {}, .state = d.shop.flag});
  auto& call = d.call();
  const auto configured = call.ever<Configure>().back();
  for (const auto& function : configured.functions) CHECK(function.name != "look");
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  CHECK(call.ever<StartTool>().empty());
  CHECK(call.the<AnswerCall>().output.find("error") != std::string::npos);
}

TEST_CASE("wrong arguments are answered with a sentence, and the tool does not run") {
  Desk d;
  auto& call = d.call();
  call.turn();
  const auto response = call.starts();
  call.calls_tool("look", Value::Record{{"query", std::int64_t{7}}}, response);
  CHECK(call.ever<StartTool>().empty());
  CHECK(call.the<AnswerCall>().output.find("error") != std::string::npos);
  call.ends(response);
  CHECK(call.asked());
}

TEST_CASE("no spoken ack if the response spoke before its calls") {
  Desk d;
  auto& call = d.call();
  call.turn();
  const auto response = call.starts();
  call.says(response, 800ms, "Let me look.");
  call.calls_tool("look", Value::Record{{"query", "a"}}, response);
  call.ends(response);
  call.drains();
  const auto before = call.ever<CreateResponse>().size();
  call.wait(1s);
  CHECK(call.ever<AnswerCall>().size() == 1);
  CHECK(call.ever<CreateResponse>().size() == before);
}
