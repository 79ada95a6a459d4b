// Every step of a test does what it says, and fails where it cannot.

#include "compiler/ir/test.h"
#include "runtime/core/machine.h"
#include "tests/runtime/rehearse/playing.h"

using namespace flow::test;

namespace {
// A lookup that runs: asked for, called, acked.
const std::string Looked = "caller says \"What did I order?\" ; model calls look(query: \"boots\") ; ";
}  // namespace

// The longest speech that a test may have is one that a call does not take for over.
static_assert(flow::ir::LongestSpeech <= flow::core::SpeechMax);

TEST_CASE("a caller who says something is answered") {
  passes("caller says \"Are you open?\" ; model says \"Yes, until eight.\" ; expect said \"until eight\"");
  passes("caller says \"Are you open?\" ; expect said \"I can help you with that\"");
  fails("caller says \"Are you open?\" ; expect said \"until eight\"", "this did not happen");
}

TEST_CASE("the caller's words take their time unless `for` says another") {
  passes("caller says \"one two three four five\" ; expect call lasts under 20s");
  fails("caller says \"one\" for 30s ; expect call lasts under 20s", "the call lasted");
}

TEST_CASE("a caller who interrupts stops the agent") {
  passes("caller says \"Tell me all.\" ; model says \"There is very much that I could tell you about all of it.\" ; caller interrupts \"Never mind that.\"\n"
         "expect not said \"about all of it\"");
  fails("provider refuses ; caller interrupts \"Stop that now.\"", "the call is over");
}

TEST_CASE("a cough does not stop the agent for good") {
  passes("caller says \"Tell me.\" ; model says \"There is very much that I could tell you.\" ; caller coughs after 1s ; expect said \"very much that I could tell you\"");
}

TEST_CASE("a caller who waits is asked whether they are there") {
  passes("caller waits 8s ; expect said \"Are you still there?\"");
  fails("caller waits 7s ; expect said \"Are you still there?\"", "this did not happen");
}

TEST_CASE("a key that an edge waits for moves the call") {
  passes("caller presses \"0\" ; expect agent other");
  fails("caller presses \"1\" ; expect agent other", "this did not happen");
}

TEST_CASE("a typed turn is answered") { passes("caller types \"Are you open?\" ; model says \"Yes.\" ; expect said \"yes\""); }

TEST_CASE("a caller who hangs up is gone") {
  passes("caller hangs_up ; expect call ended");
  fails("caller hangs_up ; caller says \"Hello?\"", "the call is over");
}

TEST_CASE("the model calls what the agent offers, and nothing else") {
  passes(Looked + "tool look returns [\"boots\"] ; expect look called once ; expect look(query: \"boots\") called ; expect look(limit: 5) called");
  fails("caller presses \"0\" ; caller says \"Bye.\" ; model calls bye()", "does not offer `bye`");
}

TEST_CASE("a model that is not asked cannot speak") { fails("caller hangs_up ; model says \"Hello?\"", "the call is over"); }

TEST_CASE("the model hands the call over along an edge that it may take") {
  passes("caller says \"The other one.\" ; model hands_off other(reason: \"why not\") ; expect agent other ; expect said \"This is the other desk\"");
  passes("caller presses \"0\" ; caller says \"Go back.\" ; model hands_off back ; expect agent desk");
  fails("caller says \"Go back.\" ; model hands_off back", "does not let the model take this edge");
}

TEST_CASE("a model that says nothing or fails is asked once more") {
  passes("caller says \"Hello?\" ; model says nothing ; model says \"Here I am.\" ; expect said \"here I am\"");
  passes("caller says \"Hello?\" ; model fails ; model says \"Here I am.\" ; expect said \"here I am\"");
}

TEST_CASE("a tool returns what the test says, when it says it") {
  passes(Looked + "tool look returns [\"boots\"] after 3s ; expect look ready within 1ms ; expect look delivered within 10s ; expect said \"boots\"");
  fails(Looked + "tool look returns [\"boots\"] after 3s ; expect look ready before look acked", "the other way round");
}

TEST_CASE("a tool fails, and is tried again if it was the network") {
  passes(Looked + "tool look fails network ; tool look returns [\"boots\"] ; expect look retried ; expect look delivered");
  passes(Looked + "tool look fails \"no stock file\" after 1s ; expect look failed ; expect not look retried");
}

TEST_CASE("a tool tells how far it is") { passes(Looked + "tool look progresses \"half\" after 2s ; tool look returns [\"boots\"] after 4s ; expect look progressed"); }

TEST_CASE("a tool that never returns times out") {
  passes(Looked + "tool look never returns ; expect look timed_out within 25s ; expect said \"not today\" within 30s");
}

TEST_CASE("a result that comes after the deadline is late") { passes(Looked + "tool look returns [\"boots\"] after 25s ; expect look timed_out ; expect look late"); }

TEST_CASE("a tool of which nothing is said makes the test fail") { fails(Looked + "expect look called", "does not say what it returns"); }

TEST_CASE("a result without a run makes the test fail") {
  fails("caller says \"Hello.\" ; tool look returns [\"boots\"]", "no run of `look` is on");
  fails("caller says \"Hello.\" ; tool look returns [\"boots\"] after 1s", "no run of `look` is on");
}

TEST_CASE("a call goes on after the connection was lost") {
  passes("caller says \"Are you open?\" ; provider drops after 100ms ; expect said \"I can help you\"");
  passes("provider refuses 2 times ; caller says \"Are you open?\" ; model says \"Yes.\" ; expect said \"yes\"");
  passes("provider leaves within 30s ; caller says \"Are you open?\" ; model says \"Yes.\" ; expect said \"yes\"");
}

TEST_CASE("a turn over the agent is answered although the connection is lost before its words are known") {
  passes("caller says \"And something else.\" after 221ms ; provider drops after 1.7s ; caller waits 7s ; expect said \"I can help you\"");
}

TEST_CASE("a reply that tells a result and is cut before a word of it was heard tells it once") {
  passes(R"(
    caller says "Look, please." ; model calls look(query: "x")
    tool look returns ["one"] ; caller says "And what else?" after 210ms
    expect said "one" ; expect not said "I have it now. one. I have it now")");
}

TEST_CASE("a call that joins a result takes it over from the reply that was to tell it") {
  passes(R"(
    caller says "Look, please." ; model calls look(query: "x")
    tool look returns ["one"] ; caller says "Look again." after 210ms ; model calls look(query: "x")
    expect look joined ; expect look delivered ; expect not said "one. I have it now")");
}

TEST_CASE("a result is told by the new agent when the old one, asked to tell it, puts the caller through instead") {
  passes(R"(
    caller says "Look, please." ; model calls look(query: "x")
    tool look returns ["one"] after 101ms ; caller says "Put me through." after 102ms
    model hands_off other(reason: "x") ; caller waits 7s
    expect agent other ; expect look delivered)");
}

TEST_CASE("a reply whose connection is lost while it is made is made again on the next one") {
  passes("caller says \"Are you open?\" for 1s ; model says \"We are open from eight to eight on every day of the week.\" for 8s ; provider drops after 150ms ; expect said \"are open from eight\"");
}

TEST_CASE("without a service the call ends") { passes("provider refuses ; expect call ended within 60s"); }

TEST_CASE("a caller who holds a key to speak is answered, too") {
  auto flow = Shop;
  flow.insert(flow.find("agent desk {") + 12, "\n  turn_detection manual");
  const auto result = compiled(flow + "test \"t\" { caller says \"Are you open?\" ; model says \"Yes.\" ; expect said \"yes\" ; expect no overlap }\n");
  const auto played = flow::rehearse::rehearse(result.tests.program, result.tests.tests.at(0));
  for (const auto& failure : played.failures) UNSCOPED_INFO(failure.text);
  CHECK(played.passed());
}

TEST_CASE("a result that waits for the end of a sentence is told there, to its end, and no deadline passes early") {
  auto flow = Shop;
  flow.replace(flow.find("deliver  interrupt"), 18, "deliver  at_pause");
  const auto result = compiled(flow + "test \"t\" { " + Looked + "tool look returns [\"boots\"] after 5s ; caller says \"When do you close?\" after 2s\n"
                                      "model says \"We close at six. On Saturdays we close at two.\"\n"
                                      "expect look delivered within 10s ; expect look interrupted 0 times ; expect said \"close at six\" ; expect not said \"close at two\" }\n");
  const auto played = flow::rehearse::rehearse(result.tests.program, result.tests.tests.at(0));
  for (const auto& failure : played.failures) UNSCOPED_INFO(failure.text);
  CHECK(played.passed());
}

TEST_CASE("what an earlier call left is told in this one, when it is ready") {
  passes("earlier plan(topic: \"shoes\") returned \"Sell shoes.\" ; caller says \"Hello.\" ; expect plan(topic: \"shoes\") delivered");
  passes("earlier plan(topic: \"shoes\") ; caller says \"Hello.\" ; tool plan returns \"Sell shoes.\" ; expect plan delivered");
  fails("earlier plan(topic: \"shoes\") ; caller says \"Hello.\"", "`plan` runs, and the test does not say what it returns");
}

TEST_CASE("only work that outlives a call is left by one, and before the next begins") {
  fails("earlier look(query: \"boots\") ; caller says \"Hello.\"", "`look` does not outlive a call");
  fails("caller says \"Hello.\" ; earlier plan(topic: \"shoes\")", "earlier calls are over before this one begins");
}
