#pragma once
// A call on virtual time, moved by hand: what happens, and what the session orders.

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "runtime/core/session.h"
#include "runtime/core/state.h"
#include "runtime/explore/laws.h"
#include "tests/support/programs.h"

namespace flow::test {

using namespace core;

class Call {
 public:
  explicit Call(const ir::Program& program) : session(program), laws(program) {}

  Session session;
  Instant now;
  EffectList last;     // of the last step
  EffectList all;      // of the call

  auto step(Event event) -> const EffectList& {
    last.clear();
    session.step(event, now, last);
    all.insert(all.end(), last.begin(), last.end());
    INFO("after " << event.index() << " at " << now.since_start.count() << " ms");
    CHECK(session.broken_invariant() == "");
    CHECK(laws.check(event, last, session) == "");
    return last;
  }

  // Time passes: every timer that is due fires, in order.
  void wait(Millis time) {
    const auto until = now + time;
    while (const auto next = laws.next_timer()) {
      if (next->at > until) break;
      now = std::max(now, next->at);
      step(TimerFired{next->id});
    }
    now = until;
  }

  // The effects of one kind in the last step.
  template <class T>
  auto effects() const -> std::vector<T> { return of<T>(last); }
  template <class T>
  auto ever() const -> std::vector<T> { return of<T>(all); }
  template <class T>
  auto the() const -> T {
    const auto found = effects<T>();
    REQUIRE(found.size() == 1);
    return found.front();
  }
  auto decided(Decision what) const -> bool {
    for (const auto& d : of<Decided>(all)) {
      if (d.what == what) return true;
    }
    return false;
  }

  // ── What usually happens ──
  Epoch epoch{1};
  std::uint32_t responses = 0, items = 0, calls = 0;
  Samples played;

  void connect(Capabilities can = {}) {
    step(CallerConnected{"+15550100", "call-1", true});
    open(can);
  }
  void open(Capabilities can = {}) {
    epoch = session.state().link.epoch;
    step(LinkOpened{epoch, can, std::nullopt});
    configured();
  }
  void configured() { step(Configured{epoch, session.state().link.configured->config}); }
  // The caller speaks a whole turn.
  auto turn(std::string said = "hello there", Millis length = 1200ms) -> ItemId {
    const auto item = speaks();
    wait(length);
    falls_silent(item, std::move(said));
    return item;
  }
  auto speaks() -> ItemId {
    const ItemId item{++items};
    step(SpeechStarted{epoch, item});
    return item;
  }
  void falls_silent(ItemId item, std::string said = "hello there") {
    step(SpeechStopped{epoch, item});
    step(TurnCommitted{epoch, item});
    const auto effects_of_commit = last;
    step(CallerTranscribed{epoch, item, std::move(said), false});
    last.insert(last.begin(), effects_of_commit.begin(), effects_of_commit.end());
  }
  auto ask() const -> AskId { return session.state().ask.id; }
  auto asked() const -> bool { return session.state().ask.slot == Ask::Slot::Creating; }
  // The model begins the response that was asked for.
  auto starts() -> ResponseId {
    REQUIRE(asked());
    const ResponseId response{++responses};
    step(ResponseStarted{epoch, response, ask()});
    return response;
  }
  auto says(ResponseId response, Millis length, std::string said = "some words of the agent") -> ItemId {
    const ItemId item{++items};
    step(ItemAdded{epoch, response, item, ItemKind::AgentSpeech});
    step(SpokenTextArrived{epoch, response, item, std::move(said)});
    step(AudioArrived{epoch, response, item, to_samples(length)});
    return item;
  }
  void ends(ResponseId response, ResponseStatus status = ResponseStatus::Completed) { step(ResponseEnded{epoch, response, status, false, {}, {}}); }
  void drains() {
    played = session.state().playout.end();
    step(PlayoutDrained{played});
  }
  void flushed(Millis heard) {
    played = played + to_samples(heard);
    step(PlayoutFlushed{session.state().flush, played});
  }
  // One whole spoken answer, heard to its end.
  auto answers(Millis length = 1000ms, std::string said = "some words of the agent") -> ResponseId {
    const auto response = starts();
    says(response, length, std::move(said));
    ends(response);
    drains();
    return response;
  }
  // The model calls functions and says nothing else.
  auto calls_tool(std::string name, Value arguments, ResponseId response) -> FunctionCallId {
    const ItemId item{++items};
    const FunctionCallId call{++calls};
    step(ItemAdded{epoch, response, item, ItemKind::FunctionCall});
    step(FunctionCalled{epoch, response, item, call, std::move(name), std::move(arguments)});
    const auto effects_of_call = last;
    step(ItemEnded{epoch, response, item, ItemKind::FunctionCall, true});
    last.insert(last.begin(), effects_of_call.begin(), effects_of_call.end());
    return call;
  }
  // A turn whose answer is one call of `look`, which is then running in the background, acked and told so.
  auto lookup(std::string query = "orders") -> JobId {
    turn();
    const auto response = starts();
    calls_tool("look", Value::Record{{"query", query}}, response);
    ends(response);
    const JobId job{session.state().last_job};
    wait(400ms);
    answers(600ms, "One moment.");
    return job;
  }
  void finishes(JobId job, Value result = "two boots") { step(ToolFinished{job, session.state().jobs.back().attempt, std::move(result)}); }
  auto stage(JobId id) const -> Job::Stage {
    for (const auto& j : session.state().jobs) {
      if (j.id == id) return j.stage;
    }
    FAIL("no such job");
    return Job::Stage::Unknown;
  }

 private:
  template <class T>
  static auto of(const EffectList& list) -> std::vector<T> {
    std::vector<T> found;
    for (const auto& effect : list) {
      if (const auto* e = std::get_if<T>(&effect)) found.push_back(*e);
    }
    return found;
  }

  explore::Laws laws;
};

}  // namespace flow::test
