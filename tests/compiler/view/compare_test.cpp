#include "compiler/view/compare.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/lower.h"

using namespace flow;

namespace {

auto program_of(const std::string& source) -> ir::Program {
  auto compiled = test::lowered(source);
  INFO(source << "\n" << test::said(compiled));
  REQUIRE(compiled.program);
  return *std::move(compiled.program);
}

auto replaced(std::string text, const std::string& what, const std::string& with) -> std::string {
  REQUIRE(text.find(what) != text.npos);
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += with.size()) text.replace(at, what.size(), with);
  return text;
}

const std::string Bank = R"(flow bank { start desk }
enum Mood { calm, angry }
type Customer { name: string, phone: phone? }
state { customer: Customer?; verified: bool = false; mood: Mood = calm }
policy quick { timeout 8s; deliver interrupt }
/// Check who is calling.
tool verify(code: string) -> bool reads { builtin stay_silent; policy quick; sets verified = true }
/// Give money back.
tool refund(id: string) -> string writes once { builtin stay_silent; idempotency_key id; available if verified; confirm "Refund {id}?" }
agent desk {
  voice "marin"
  greet first "Hello."
  instructions "Be kind and brief."
  tools verify, refund
  handoff boss when "they are angry" { say "One moment." }
}
agent boss { instructions "Listen."; handoff back after 5m }
handoff desk on dtmf "0"
on silence 8s { say "Hello?" }
)";

// The sentences, one a line.
auto changes(const std::string& after, const std::string& before = Bank) -> std::string {
  std::string out;
  for (const auto& change : view::compare(program_of(before), program_of(after))) out += change.text + "\n";
  return out;
}
auto changes_with(const std::string& what, const std::string& with) -> std::string { return changes(replaced(Bank, what, with)); }

}  // namespace

TEST_CASE("a flow behaves like itself, whatever its layout, order and comments") {
  CHECK(changes(Bank) == "");
  CHECK(changes("// Other.\n\n" + replaced(replaced(Bank, "\n  ", "\n      "), "timeout 8s; deliver interrupt", "deliver interrupt ; timeout 8000ms")) == "");
  CHECK(changes(replaced(Bank, "enum Mood { calm, angry }\n", "") + "enum Mood { calm, angry }\n") == "");
}

TEST_CASE("a name alone makes no difference") {
  CHECK(changes_with("desk", "reception") == "");
  CHECK(changes_with("verified", "is_verified") == "");
  CHECK(changes_with("quick", "fast") == "");
  CHECK(changes_with("Mood", "Temper") == "");
  CHECK(changes_with("Customer", "Person") == "");
  CHECK(changes_with("verify", "check_code") == "");
  CHECK(changes_with("bank", "money") == "");
}

TEST_CASE("a policy's cell is told by the tools that have it") {
  CHECK(changes_with("timeout 8s", "timeout 20s") == "`verify`: timeout `8s` → `20s`\n");
  CHECK(changes_with("deliver interrupt", "deliver at_pause; heard 90%") == "`verify`: deliver `interrupt` → `at_pause`\n`verify`: heard `80%` → `90%`\n");
}

TEST_CASE("a guard that is gone makes a tool reachable without another") {
  CHECK(changes_with(" available if verified;", "") == "`refund` is reachable without `verify`\ntool `refund`: available `if verified` → nothing\n");
  CHECK(changes(Bank, replaced(Bank, " available if verified;", "")) == "`refund` is reachable only after `verify`\ntool `refund`: available nothing → `if verified`\n");
}

TEST_CASE("another way to set what a guard reads makes a tool reachable, too") {
  CHECK(changes_with("on silence 8s { say \"Hello?\" }", "on silence 8s { set verified = true; say \"Hello?\" }") ==
        "`refund` is reachable without `verify`\n`on silence`: `8s: say \"Hello?\"` → `8s: set verified = true; say \"Hello?\"`\n");
}

TEST_CASE("an agent to which nothing leads any more is told") {
  CHECK(changes_with("handoff boss when \"they are angry\" { say \"One moment.\" }", "") == "agent `boss` can no longer be reached\nhandoff `desk → boss when \"they are angry\"` is gone\n");
}

TEST_CASE("prompts are told by their words") {
  CHECK(changes_with("Be kind and brief.", "Be kind and brief, and never promise anything.") == "what `desk` is told: +4 words\n");
  CHECK(changes_with("Be kind and brief.", "Be very brief.") == "what `desk` is told: −1 words\n");
  CHECK(changes_with("Be kind and brief.", "Be kind and slow.") == "what `desk` is told: 4 words as before\n");
}

TEST_CASE("what is new and what is gone is told by name") {
  CHECK(changes_with("agent boss {", "agent clerk { instructions \"Write.\" }\nhandoff clerk on dtmf \"9\"\nagent boss {") == "agent `clerk` is new\nhandoff `every agent → clerk on dtmf \"9\"` is new\n");
  CHECK(changes_with("handoff desk on dtmf \"0\"\n", "") == "handoff `every agent → desk on dtmf \"0\"` is gone\n");
  CHECK(changes_with("tools verify, refund", "tools verify") == "tool `refund` can no longer be reached\nagent `desk`: tool `refund` is gone\n");
  CHECK(changes_with("enum Mood { calm, angry }", "enum Mood { calm, angry, sad }") == "enum `Mood`: values `calm, angry` → `calm, angry, sad`\n");
}

TEST_CASE("one field that differs is one sentence") {
  const std::pair<const char*, const char*> edits[] = {
      {"voice \"marin\"", "voice \"cedar\""},
      {"greet first \"Hello.\"", "greet first \"Hi.\""},
      {"{ say \"One moment.\" }", "{ say \"Wait.\" }"},
      {"{ say \"One moment.\" }", "{ say \"One moment.\"; history last 6 }"},
      {"{ say \"One moment.\" }", "{ say \"One moment.\"; switch when_idle }"},
      {"{ say \"One moment.\" }", "{ say \"One moment.\"; carry why: string }"},
      {"/// Give money back.", "/// Give the money back."},
      {"refund(id: string)", "refund(id: string \"which\", why: string = \"none\")"},
      {"writes once", "writes"},
      {"confirm \"Refund {id}?\"", "confirm \"Really {id}?\""},
      {"sets verified = true", "sets verified = true; examples \"I am Ann\""},
      {"silence 8s", "silence 20s"},
      {"mood: Mood = calm", "mood: Mood = angry"},
      {"phone: phone?", "phone: string?"},
      {"start desk", "start desk; locale \"de-DE\""},
      {"start desk", "start desk; max_duration 5m"},
      {"start desk", "start desk; instructions \"Be honest.\""},
      {"instructions \"Listen.\"", "instructions \"Listen.\"; speed 1.2"},
      {"instructions \"Listen.\"", "instructions \"Listen.\"; barge_in { after 300ms }"},
      {"instructions \"Listen.\"", "instructions \"Listen.\"; turn_detection semantic_vad"},
  };
  for (const auto& [what, with] : edits) {
    const auto said = changes_with(what, with);
    INFO(what << " → " << with << "\n" << said);
    CHECK(std::count(said.begin(), said.end(), '\n') == 1);
  }
}

TEST_CASE("the answer is a list for people, and a comment for a review") {
  const auto all = view::compare(program_of(Bank), program_of(replaced(Bank, " available if verified;", "")));
  CHECK(view::changes_as_text(all, false) == "What can be reached\n  ~ `refund` is reachable without `verify`\n\nTools\n  ~ tool `refund`: available `if verified` → nothing\n");
  CHECK(view::changes_as_markdown(all, "a.flow", "b.flow") ==
        "### `a.flow` → `b.flow`\n\n**What can be reached**\n\n- ⚠ `refund` is reachable without `verify`\n\n**Tools**\n\n- tool `refund`: available `if verified` → nothing\n");
  CHECK(view::changes_as_text({}, false) == "they behave alike\n");
}

TEST_CASE("who does a tool's work, where, and what is kept are behaviour") {
  const std::string shop =
      "flow shop { start desk }\nservice shop { url env(\"SHOP_API\"); auth bearer secret(\"TOKEN\") }\nstate { name: string? persist 30d by call.from }\n"
      "/// Look.\ntool look(id: string) -> string? reads { http shop GET \"/orders/{id}\" }\nagent desk { instructions \"Help.\"; tools look }\n";
  CHECK(changes(shop, shop) == "");
  CHECK(changes(replaced(shop, "/orders/", "/v2/orders/"), shop) == "tool `look`: work `http shop GET \"/orders/{id}\"` → `http shop GET \"/v2/orders/{id}\"`\n");
  CHECK(changes(replaced(shop, "bearer secret(\"TOKEN\")", "header \"X-Key\" secret(\"TOKEN\")"), shop) ==
        "service `shop`: auth `bearer secret(\"TOKEN\")` → `header \"X-Key\" secret(\"TOKEN\")`\n");
  CHECK(changes(replaced(shop, "env(\"SHOP_API\")", "\"https://shop.example\""), shop) == "service `shop`: place `url env(\"SHOP_API\")` → `url \"https://shop.example\"`\n");
  CHECK(changes(replaced(shop, "30d", "60d"), shop).find("state `name`: kept ") == 0);
}

TEST_CASE("another number, and another answer to its silence, are changes of a transfer") {
  const std::string shop =
      "flow shop { start desk }\nagent desk { instructions \"Help.\" }\ntransfer human { to phone(\"+15550100\"); fails { say \"Nobody.\" } }\n"
      "handoff human on dtmf \"0\"\nchannel line { phone \"+15550190\" }\n";
  const auto text = view::changes_as_text(view::compare(program_of(shop), program_of(replaced(replaced(shop, "+15550100", "+15550101"), "Nobody.", "Later."))), false);
  CHECK(text.find("transfer `human`: to `phone +15550100` → `phone +15550101`") != std::string::npos);
  CHECK(text.find("transfer `human`: fails") != std::string::npos);
  const auto closed = view::changes_as_text(view::compare(program_of(shop), program_of(replaced(shop, "\"+15550190\"", "\"+15550190\"; active no"))), false);
  CHECK(closed.find("channel `line`: active `yes` → `no`") != std::string::npos);
}
