// Every expectation can hold and can fail, and says what happened instead.

#include "tests/runtime/rehearse/playing.h"

using namespace flow::test;

namespace {
const std::string Looked = "caller says \"What did I order?\" ; model calls look(query: \"boots\") ; tool look returns [\"boots\"] after 3s ; ";
}  // namespace

TEST_CASE("the test of the language's page passes") {
  passes(Looked + "caller says \"And are the boots\" after 2.9s for 1.3s ; expect look speaking within 500ms ; expect no overlap");
}

TEST_CASE("`within` counts from the end of the steps above") {
  passes(Looked + "expect look ready within 0ms");
  fails(Looked + "caller says \"And are the boots\" after 2.9s for 1.3s ; expect look speaking within 100ms", "too late");
  fails(Looked + "expect look timed_out within 1s", "did not happen in time");
}

TEST_CASE("`not` is about the whole call, or the time that `within` says") {
  passes(Looked + "expect not look failed ; expect not look timed_out within 5s");
  fails(Looked + "expect not look delivered", "this did happen");
  fails(Looked + "expect not look speaking within 5s", "this did happen");
}

TEST_CASE("how often something happens can be expected") {
  passes(Looked + "expect look called once ; expect look delivered 1 times ; expect look failed 0 times");
  fails(Looked + "expect look called 2 times", "1 times, not 2");
}

TEST_CASE("with arguments, only runs with these count") {
  passes(Looked + "expect look(query: \"boots\") delivered ; expect not look(query: \"shoes\") called");
  fails(Looked + "expect look(query: \"shoes\") called", "this did not happen");
}

TEST_CASE("one thing can be expected before another") {
  passes(Looked + "expect look acked before look ready ; expect said \"One moment\" before said \"I have it now\" ; expect agent desk before look called");
  fails(Looked + "expect look delivered before look acked", "the other way round");
  fails(Looked + "expect look failed before look acked", "`look` failed did not happen");
}

TEST_CASE("the end of a call can be expected") {
  passes("caller says \"Bye.\" ; model calls bye() ; expect call ended ; expect call lasts under 20s");
  passes("caller says \"Full stop!\" ; expect said \"Goodbye then.\" ; expect call ended");
  fails("caller says \"Hello.\" ; expect call ended", "this did not happen");
  fails("caller says \"Hello.\" ; expect call lasts under 2s", "the call lasted");
}

TEST_CASE("silence can be limited") {
  passes("caller says \"Hello.\" ; expect no silence over 4s");
  fails("caller waits 7s ; expect no silence over 4s", "nobody was heard for");
}

TEST_CASE("two voices at once are found") {
  passes("caller says \"Hello.\" ; model says \"A long answer that goes on and on and on.\" ; caller interrupts \"Stop that, please.\" ; expect no overlap");
}

TEST_CASE("the state can be looked at") {
  passes("caller says \"Mark it.\" ; model calls mark(on: true) ; tool mark returns true ; check flag ; check not note ; check call.from == \"+15550100\"");
  const auto played = play("caller says \"Mark it.\" ; model calls mark(on: true) ; tool mark returns false ; check flag");
  REQUIRE(played.failures.size() == 1);
  CHECK(played.failures[0].text == "this does not hold");
  CHECK(played.failures[0].instead == std::vector<std::string>{"`flag` is false"});
}

TEST_CASE("a failed expectation says what happened instead") {
  const auto played = play(Looked + "expect look failed");
  REQUIRE(played.failures.size() == 1);
  const auto& lines = played.failures[0].instead;
  REQUIRE(lines.size() >= 4);
  CHECK(lines[0].find("called with {\"query\":\"boots\",\"limit\":5}") != std::string::npos);
  CHECK(lines.back().find("delivered") != std::string::npos);
}

TEST_CASE("the same test gives the same call, byte for byte") {
  const auto one = play(Looked + "provider drops after 2s ; expect look delivered");
  const auto other = play(Looked + "provider drops after 2s ; expect look delivered");
  REQUIRE(one.moments.size() == other.moments.size());
  for (std::size_t i = 0; i < one.moments.size(); ++i) {
    CHECK(one.moments[i].at == other.moments[i].at);
    REQUIRE(one.moments[i].what == other.moments[i].what);
  }
}
