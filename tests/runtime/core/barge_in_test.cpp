// What the caller says over the agent: a murmur, a cough, or words.

#include <algorithm>

#include "tests/support/call.h"

using namespace flow;
using namespace flow::test;

namespace {

// An agent in the middle of an answer of four seconds, of whose flow `barge_in` says what the test says.
struct Talking {
  Shop shop;
  Call call{shop.program};
  ResponseId talk;
  ItemId said;

  explicit Talking(ir::BargeIn rules, bool transcribed = true, bool all_came = false) {
    shop.agent().barge_in = std::move(rules);
    ir::Realtime link;
    link.name = "voice";
    if (transcribed) link.transcription = "whisper-1";
    shop.program.realtime = shop.program.realtimes.add(link);
    call.connect();
    call.step(TextTyped{"tell me everything"});
    talk = call.starts();
    said = call.says(talk, 4000ms);
    if (all_came) call.ends(talk);
  }

  // The voice detection's end of the turn, before anybody knows the words.
  void turn_ends(ItemId item) {
    call.step(SpeechStopped{call.epoch, item});
    call.step(TurnCommitted{call.epoch, item});
  }
  void text(ItemId item, std::string next) { call.step(CallerTextArrived{call.epoch, item, std::move(next)}); }
  void transcript(ItemId item, std::string words) { call.step(CallerTranscribed{call.epoch, item, std::move(words), false}); }

  auto was_cut() const -> bool { return !call.ever<FlushPlayout>().empty(); }
  auto is_paused() const -> bool { return call.ever<PausePlayout>().size() > call.ever<ResumePlayout>().size() && !was_cut(); }
  auto deleted(ItemId item) const -> bool {
    const auto orders = call.ever<DeleteItem>();
    return std::ranges::any_of(orders, [&](const DeleteItem& d) { return d.item == item; });
  }
};

auto by_words(Millis after = 200ms, Millis resume = 1500ms) -> ir::BargeIn { return {after, resume, {"uh-huh", "ok", "mm-hmm"}}; }

}  // namespace

TEST_CASE("an uh-huh does not stop the agent: it is silent for the words, then goes on where it was, and nothing is left of the turn") {
  Talking t{by_words()};
  const auto murmur = t.call.speaks();
  t.call.wait(199ms);
  CHECK_FALSE(t.is_paused());
  t.call.wait(1ms);
  CHECK(t.is_paused());
  t.call.wait(700ms);
  t.turn_ends(murmur);
  CHECK(t.is_paused());
  t.call.wait(300ms);
  t.transcript(murmur, "Uh-huh.");
  CHECK(t.call.effects<ResumePlayout>().size() == 1);
  CHECK(t.call.decided(Decision::AgentResumed));
  CHECK_FALSE(t.was_cut());
  CHECK(t.deleted(murmur));
  t.call.ends(t.talk);
  t.call.wait(500ms);
  t.call.drains();
  t.call.wait(5s);
  CHECK(t.call.ever<TruncateItem>().empty());
  CHECK_FALSE(t.call.asked());
}

TEST_CASE("a murmur within `after` is not even a pause") {
  Talking t{by_words(1500ms)};
  const auto murmur = t.call.speaks();
  t.call.wait(900ms);
  t.turn_ends(murmur);
  t.transcript(murmur, "ok, ok, mm hmm");
  CHECK(t.call.ever<PausePlayout>().empty());
  CHECK_FALSE(t.was_cut());
  CHECK(t.deleted(murmur));
  CHECK_FALSE(t.call.asked());
}

TEST_CASE("how a back-channel is written is the service's business; another word in it is not") {
  const auto stops = [](std::string words) {
    Talking t{by_words()};
    const auto item = t.call.speaks();
    t.call.wait(900ms);
    t.turn_ends(item);
    t.transcript(item, std::move(words));
    return t.was_cut();
  };
  CHECK_FALSE(stops("Uh huh"));
  CHECK_FALSE(stops("MM-HMM... OK!"));
  CHECK_FALSE(stops("uhhuh uh-huh"));
  CHECK_FALSE(stops("…"));
  CHECK(stops("uh"));
  CHECK(stops("ok stop"));
  CHECK(stops("uh-huh, but which one?"));
  CHECK(stops("okay"));
}

TEST_CASE("a back-channel whose beginning was not heard is one; one whose end is missing is not") {
  for (const auto* words : {"huh", "Huh. Ok."}) {
    Talking t{by_words()};
    const auto murmur = t.call.speaks();
    t.call.wait(400ms);
    t.turn_ends(murmur);
    t.transcript(murmur, words);
    CHECK_FALSE(t.was_cut());
    CHECK_FALSE(t.is_paused());
  }
  for (const auto* words : {"Uh", "Ok, huh", "Hu"}) {
    Talking t{by_words()};
    const auto turn = t.call.speaks();
    t.call.wait(400ms);
    t.turn_ends(turn);
    t.transcript(turn, words);
    CHECK(t.was_cut());
  }
}

TEST_CASE("real words stop the agent, and the model is told what was heard") {
  Talking t{by_words()};
  const auto item = t.call.speaks();
  t.call.wait(900ms);
  t.turn_ends(item);
  t.transcript(item, "Stop.");
  REQUIRE(t.was_cut());
  t.call.flushed(1200ms);
  CHECK(t.call.the<TruncateItem>().item == t.said);
  CHECK(t.call.the<TruncateItem>().heard == 1200ms);
  t.call.ends(t.talk, ResponseStatus::Cancelled);
  CHECK(t.call.asked());
  CHECK_FALSE(t.deleted(item));
}

TEST_CASE("half a transcript that holds a word stops the agent at once, and the rest is not waited for") {
  Talking t{by_words()};
  const auto item = t.call.speaks();
  t.call.wait(300ms);
  t.text(item, "Uh");
  t.text(item, "-huh, o");
  CHECK_FALSE(t.was_cut());
  t.text(item, "ther");
  CHECK(t.was_cut());
  t.call.flushed(500ms);
  t.call.ends(t.talk, ResponseStatus::Cancelled);
  t.call.wait(300ms);
  t.turn_ends(item);
  CHECK(t.call.asked());
}

TEST_CASE("half a transcript stops the agent also within `after`, and after the turn was committed") {
  SECTION("within `after`") {
    Talking t{by_words(1500ms)};
    const auto item = t.call.speaks();
    t.call.wait(400ms);
    t.text(item, "wait");
    CHECK(t.was_cut());
  }
  SECTION("after the commit") {
    Talking t{by_words()};
    const auto item = t.call.speaks();
    t.call.wait(800ms);
    t.turn_ends(item);
    t.text(item, "wait");
    CHECK(t.was_cut());
    t.call.flushed(500ms);
    t.call.ends(t.talk, ResponseStatus::Cancelled);
    CHECK(t.call.asked());
  }
}

TEST_CASE("after a cough the agent goes on as soon as it is known to hold no words, at latest after `resume`") {
  SECTION("an empty transcript") {
    Talking t{by_words()};
    const auto cough = t.call.speaks();
    t.call.wait(700ms);
    t.turn_ends(cough);
    t.call.wait(200ms);
    t.transcript(cough, "");
    CHECK(t.call.effects<ResumePlayout>().size() == 1);
    CHECK(t.deleted(cough));
  }
  SECTION("no transcript") {
    Talking t{by_words()};
    const auto cough = t.call.speaks();
    t.call.wait(700ms);
    t.turn_ends(cough);
    t.call.wait(1499ms);
    CHECK(t.is_paused());
    t.call.wait(1ms);
    CHECK(t.call.ever<ResumePlayout>().size() == 1);
    CHECK_FALSE(t.deleted(cough));  // words may yet come
    t.transcript(cough, "");
    CHECK(t.deleted(cough));
    CHECK_FALSE(t.was_cut());
    CHECK_FALSE(t.call.asked());
  }
}

TEST_CASE("words that come after the agent went on stop it after all, and are answered") {
  Talking t{by_words()};
  const auto item = t.call.speaks();
  t.call.wait(700ms);
  t.turn_ends(item);
  t.call.wait(1600ms);
  CHECK(t.call.ever<ResumePlayout>().size() == 1);
  t.transcript(item, "no, the other one");
  CHECK(t.was_cut());
  t.call.flushed(1000ms);
  t.call.ends(t.talk, ResponseStatus::Cancelled);
  CHECK(t.call.asked());
  CHECK_FALSE(t.deleted(item));
}

TEST_CASE("with `resume 0s` nobody goes on by the clock: a transcript that does not come counts as words") {
  Talking t{by_words(200ms, 0ms)};
  const auto item = t.call.speaks();
  t.call.wait(700ms);
  t.turn_ends(item);
  t.call.wait(500ms);
  CHECK(t.was_cut());
}

TEST_CASE("who speaks for longer than a back-channel lasts stops the agent without a transcript") {
  Talking t{by_words()};
  const auto item = t.call.speaks();
  t.call.wait(1499ms);  // a second, and the 500 ms of silence that end a turn
  CHECK(t.is_paused());
  t.call.wait(1ms);
  CHECK(t.was_cut());
  t.call.flushed(200ms);
  t.call.ends(t.talk, ResponseStatus::Cancelled);
  t.call.wait(1s);
  t.turn_ends(item);
  CHECK(t.call.asked());  // and it is answered without one
}

TEST_CASE("an ok over the agent's last words is an answer to them") {
  Talking t{by_words(), true, true};
  t.call.step(MarkReached{t.call.session.state().near_end_mark});
  const auto item = t.call.speaks();
  t.call.wait(200ms);
  CHECK(t.is_paused());
  t.call.wait(600ms);
  t.turn_ends(item);
  t.transcript(item, "ok");
  CHECK_FALSE(t.was_cut());
  CHECK_FALSE(t.deleted(item));
  CHECK(t.call.ever<ResumePlayout>().size() == 1);
  CHECK(t.call.asked());
}

TEST_CASE("what began over the agent and outlasted it is an answer") {
  Talking t{by_words(1500ms), true, true};
  const auto item = t.call.speaks();
  t.call.drains();
  t.call.wait(900ms);
  t.turn_ends(item);
  CHECK(t.call.asked());
}

TEST_CASE("a pause that lasts longer than what is left to be said does not cut it") {
  Talking t{by_words(200ms, 8000ms), true, true};
  const auto cough = t.call.speaks();
  t.call.wait(700ms);
  t.turn_ends(cough);
  t.call.wait(7900ms);
  CHECK(t.is_paused());
  t.call.wait(200ms);
  CHECK(t.call.ever<ResumePlayout>().size() == 1);
  CHECK_FALSE(t.was_cut());
}

TEST_CASE("a second cough while the first is judged: the agent waits for both, and goes on") {
  Talking t{by_words()};
  const auto first = t.call.speaks();
  t.call.wait(700ms);
  t.turn_ends(first);
  const auto second = t.call.speaks();
  t.transcript(first, "");
  CHECK(t.is_paused());
  t.call.wait(700ms);
  t.turn_ends(second);
  t.transcript(second, "");
  CHECK(t.call.ever<ResumePlayout>().size() == 1);
  CHECK_FALSE(t.was_cut());
  CHECK(t.deleted(first));
  CHECK(t.deleted(second));
}

TEST_CASE("words before a cough are not lost with it") {
  Talking t{by_words()};
  const auto first = t.call.speaks();
  t.call.wait(700ms);
  t.turn_ends(first);
  const auto second = t.call.speaks();
  t.call.wait(700ms);
  t.turn_ends(second);
  t.transcript(second, "");
  t.transcript(first, "stop");
  CHECK(t.was_cut());
  t.call.flushed(500ms);
  t.call.ends(t.talk, ResponseStatus::Cancelled);
  CHECK(t.call.asked());
}

TEST_CASE("without words to judge by, `after` is all that counts") {
  const ir::BargeIn rules{400ms, 1500ms, {"uh-huh"}};
  SECTION("shorter is no interruption") {
    Talking t{rules, false};
    const auto item = t.call.speaks();
    t.call.wait(300ms);
    t.turn_ends(item);
    CHECK(t.call.ever<PausePlayout>().empty());
    CHECK_FALSE(t.was_cut());
    CHECK(t.deleted(item));
  }
  SECTION("longer is one, and no transcript is waited for") {
    Talking t{rules, false};
    const auto item = t.call.speaks();
    t.call.wait(400ms);
    REQUIRE(t.was_cut());
    t.call.flushed(400ms);
    t.call.ends(t.talk, ResponseStatus::Cancelled);
    t.call.wait(200ms);
    t.turn_ends(item);
    CHECK(t.call.asked());
  }
}

TEST_CASE("without `resume` and back-channels the agent is stopped and not paused") {
  Talking t{{200ms, 0ms, {}}};
  t.call.speaks();
  t.call.wait(199ms);
  CHECK_FALSE(t.was_cut());
  t.call.wait(1ms);
  CHECK(t.was_cut());
  CHECK(t.call.ever<PausePlayout>().empty());
}

TEST_CASE("a link that is lost while the agent waits for words lets it go on") {
  Talking t{by_words()};
  t.call.speaks();
  t.call.wait(300ms);
  CHECK(t.is_paused());
  t.call.step(LinkLost{t.call.epoch, "R0109", "gone"});
  CHECK(t.call.effects<ResumePlayout>().size() == 1);
}

TEST_CASE("a back-channel is no consent: what was asked is asked on") {
  Talking t{by_words()};
  const auto turns = t.call.session.state().caller.turns;
  const auto item = t.call.speaks();
  t.call.wait(900ms);
  t.turn_ends(item);
  t.transcript(item, "ok");
  CHECK(t.call.session.state().caller.turns == turns);
}
