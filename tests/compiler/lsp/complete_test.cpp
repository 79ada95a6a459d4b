// What is offered where a cursor stands.

#include <catch2/catch_test_macros.hpp>

#include "compiler/check/clauses.h"
#include "compiler/lsp/snippets.h"
#include "tests/support/editor.h"

using namespace flow;
using test::Editor;
using test::shop;

namespace {

using Labels = std::vector<std::string>;

// Into the program of a small shop, at its end.
auto offered(const std::string& marked) -> Labels {
  Editor editor;
  return editor.labels(shop(marked));
}
auto has(const Labels& all, const std::string& label) -> bool { return std::ranges::find(all, label) != all.end(); }
auto has_all(const Labels& all, const Labels& some) -> bool {
  return std::ranges::all_of(some, [&](const std::string& each) { return has(all, each); });
}

}  // namespace

TEST_CASE("where nothing stands, every declaration can begin") {
  const auto all = offered("§");
  for (const auto& each : lsp::Snippets) CHECK(has(all, std::string{each.word}));
  CHECK(offered("ag§") == all);
}

TEST_CASE("a block offers every clause of the table that this version runs") {
  const std::pair<check::Where, const char*> blocks[] = {{check::Where::Flow, "flow x { § }"},      {check::Where::Agent, "agent x {\n  §\n}\n"},
                                                         {check::Where::Policy, "policy x {\n  §"}, {check::Where::Tool, "tool x() -> int reads {\n  §\n}"},
                                                         {check::Where::Realtime, "realtime x { §"}, {check::Where::TurnDetection, "agent x { turn_detection server_vad { § } }"},
                                                         {check::Where::Handoff, "agent x { handoff desk when \"y\" { §"}, {check::Where::Action, "on hangup { §"}};
  for (const auto& [where, text] : blocks) {
    INFO(text);
    const auto all = offered(text);
    for (const auto& info : check::clauses::all()) {
      if (info.where == where && info.runs) CHECK(has(all, std::string{info.name}));
      if (info.where == where && !info.runs) CHECK_FALSE(has(all, std::string{info.name}));
    }
  }
}

TEST_CASE("a block of a clause offers what the table says of it, whatever clauses there come to be") {
  const std::pair<check::Where, const char*> declarations[] = {{check::Where::Flow, "flow x"},           {check::Where::Agent, "agent x"},       {check::Where::Policy, "policy x"},
                                                               {check::Where::Tool, "tool x() -> int reads"}, {check::Where::Realtime, "realtime x"}, {check::Where::Service, "service x"},
                                                               {check::Where::Transfer, "transfer x"},   {check::Where::Channel, "channel x"}};
  int blocks = 0;
  for (const auto& [where, head] : declarations) {
    for (const auto& clause : check::clauses::all()) {
      if (clause.where != where || clause.block == check::Where::Nowhere) continue;
      const auto text = std::string{head} + " {\n  " + std::string{clause.name} + " { § }\n}\n";
      INFO(text);
      const auto all = offered(text);
      for (const auto& inner : check::clauses::all()) {
        if (inner.where == clause.block && inner.runs) CHECK(has(all, std::string{inner.name}));
      }
      ++blocks;
    }
  }
  CHECK(blocks > 5);
}

TEST_CASE("values of a clause are what its shape lets follow") {
  CHECK(offered("policy x { deliver § }") == Labels{"when_idle", "at_pause", "interrupt", "with_next_turn", "silent", "skip_if_busy"});
  CHECK(offered("policy x { deliver int§ }") == offered("policy x { deliver § }"));
  CHECK(has(offered("policy x { deliver when_idle § }"), "500ms"));
  CHECK(has_all(offered("policy x { escalate after 3s to § }"), {"at_pause", "interrupt"}));
  CHECK(offered("policy x { duplicates join § }") == Labels{"within", "by"});
  CHECK(offered("policy x { timeout 5s § }") == Labels{"else"});
  CHECK(has_all(offered("policy x { timeout 5s else § }"), {"say", "end_call", "handoff"}));
  CHECK(has_all(offered("agent x { greet first § }"), {"\"…\"", "model", "protected"}));
  CHECK(has(offered("realtime x { key § }"), "secret"));
}

TEST_CASE("names of the right kind are offered, and those of imported files") {
  CHECK(has_all(offered("flow other { start § }"), {"desk", "back_office"}));
  CHECK(has(offered("agent x { tools § }"), "find"));
  CHECK(has(offered("agent x { tools find, § }"), "find"));
  CHECK_FALSE(has(offered("agent x { tools § }"), "desk"));
  CHECK(has_all(offered("agent x { handoff § }"), {"desk", "back"}));
  CHECK(has_all(offered("tool t() -> int reads { policy § }"), {"quick", "background"}));
  CHECK(has(offered("policy x : § "), "quick"));
  CHECK(has(offered("agent x : §"), "desk"));
  CHECK(has_all(offered("import §"), {"std.policies", "std.patterns"}));
  Editor editor;
  CHECK(has(editor.labels("import std.policies\ntool t() -> int reads { policy § }"), "blocking"));
  CHECK(has(editor.labels("import std.policies\ntool t() -> int reads { policy policies.§ }"), "blocking"));
}

TEST_CASE("types are offered where a type stands, and values behind an =") {
  CHECK(has_all(offered("type T { x: § }"), {"string", "duration", "Order", "Topic"}));
  CHECK(has_all(offered("tool t(a: int, b: §"), {"string", "Order"}));
  CHECK(has(offered("tool t(a: int) -> §"), "Order"));
  CHECK(has_all(offered("tool t(a: int) -> int §"), {"pure", "reads", "writes once"}));
  CHECK(has_all(offered("state { t: Topic = § }"), {"orders", "returns"}));
  CHECK(has(offered("state { t: Topic? § }"), "pii"));
  if (check::clauses::find(check::Where::State, "persist")->runs) {
    CHECK(has(offered("state { t: Topic? persist § }"), "10s"));
    CHECK(offered("state { t: Topic? persist 30d § }") == Labels{"by"});
    CHECK(has(offered("state { t: Topic? persist 30d by § }"), "call"));
  }
  CHECK(offered("type T { § }").empty());  // a field's name is the author's
}

TEST_CASE("what has a value here is offered in conditions and in the holes of texts") {
  CHECK(has_all(offered("agent x { instructions \"Hello {§} }"), {"topic", "order", "if"}));
  CHECK(has_all(offered("agent x { instructions \"\"\"\n  Hello {§\n"), {"topic", "order"}));
  CHECK(offered("agent x { instructions \"Hello {order.§}\" }") == Labels{"id", "price"});
  CHECK(offered("agent x { instructions \"Hello {call.§}\" }") == Labels{"from", "id"});
  CHECK(has_all(offered("tool t(code: string) -> bool reads { available if § }"), {"code", "topic"}));
  CHECK(has_all(offered("tool t(code: string) -> bool writes once { idempotency_key § }"), {"code"}));
  CHECK(has(offered("agent x { handoff desk if § }"), "topic"));
  CHECK(offered("agent x { instructions \"Hello §\" }").empty());
  CHECK(offered("agent x { } // wh§").empty());
}

TEST_CASE("handlers offer events and actions, and tests their steps") {
  CHECK(has_all(offered("on §"), {"silence", "dtmf", "phrase"}));
  CHECK(has_all(offered("agent x { handoff desk on §"), {"silence", "dtmf"}));
  CHECK(has(offered("on silence 8s §"), "count"));
  CHECK(has(offered("on hangup { set § }"), "topic"));
  CHECK(has_all(offered("test \"t\" { § }"), {"caller", "model", "expect", "check"}));
  CHECK(has_all(offered("test \"t\" { caller § }"), {"says", "interrupts", "hangs_up"}));
  CHECK(has(offered("test \"t\" { tool § }"), "find"));
  CHECK(has_all(offered("test \"t\" { tool find § }"), {"returns", "fails", "never"}));
  CHECK(has(offered("test \"t\" { check § }"), "topic"));
}

TEST_CASE("a form offers its fields: by their names inside, behind its own outside; a handoff offers transfers") {
  const std::string form = "form claim { number: string ask \"Which?\"; date: date; submit find(id: number); ";
  CHECK(has_all(offered("agent x { " + form + "confirm \"Claim {§}?\" } }"), {"number", "date", "topic"}));
  CHECK(has_all(offered("agent x { " + form + "} handoff desk if § }"), {"claim", "topic"}));
  CHECK(has_all(offered("agent x { " + form + "} handoff desk if claim.§ }"), {"number", "date", "done", "result"}));
  CHECK(has(offered("transfer human { to phone(\"+15550100\") }\nagent x { handoff § }"), "human"));
}

TEST_CASE("a clause that may stand once is not offered again") {
  CHECK_FALSE(has(offered("agent x { voice \"marin\"; § }"), "voice"));
  CHECK(has(offered("agent x { voi§ce \"marin\" }"), "voice"));
  CHECK(has(offered("agent x { tools find; § }"), "tools"));  // it may stand more often
  CHECK(has(offered("agent x { barge_in { after 1s }\n  §\n}"), "voice"));
  CHECK_FALSE(has(offered("policy x { timeout 1s else say \"Hm.\"\n § }"), "timeout"));
}

TEST_CASE("a word that was begun is replaced, and nothing beside it") {
  Editor editor;
  const auto at = editor.open("/w/main.flow", "agent x { voi§ce }");
  CHECK(editor.work.completions("/w/main.flow", at).replaces == lsp::Range{{0, 10}, {0, 13}});
}
