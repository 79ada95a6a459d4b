// What is asked of a whole program: what leads where, what the standard library promises, and who is asked at all.

#include "compiler/review/review.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "compiler/check/clauses.h"
#include "compiler/diag/render.h"
#include "compiler/ir/providers.h"
#include "tests/support/compile.h"
#include "tests/support/places.h"

using namespace flow;

namespace {

// The codes of a flow around declarations, in the order of the source.
auto codes(const std::string& declarations) -> std::vector<std::string> {
  const auto compiled = test::compile("f.flow", std::map<std::string, std::string>{{"f.flow", "flow f { start desk; max_duration 9m }\n" + declarations}});
  std::vector<std::string> out;
  for (const auto& d : compiled.report.sorted()) out.emplace_back(d.code);
  return out;
}

using Codes = std::vector<std::string>;
const std::string Desk = "agent desk { instructions \"x\" }\n";

}  // namespace

TEST_CASE("agents that nobody hands over to are told of, and those that an action reaches are not") {
  const std::string found = "agent found { instructions \"x\"; handoff desk after 1m }\n";
  CHECK(codes(Desk + "agent lost { instructions \"x\" }") == Codes{"F0501"});
  CHECK(codes(found + "agent desk { instructions \"x\"; handoff found on dtmf \"1\" }").empty());
  CHECK(codes(found + "agent desk { instructions \"x\"; on phrase \"a\" { handoff found } }").empty());
  CHECK(codes(found + "agent desk { instructions \"x\"; tools t; handoff found on dtmf \"1\" }\ntool t() reads { builtin stay_silent }").empty());
  CHECK(codes("agent base { instructions \"x\" }\nagent desk : base { voice \"marin\" }").empty());
}

TEST_CASE("what a tool's deadline leads to is a way") {
  const std::string tool = "/// Look.\ntool t() reads { builtin stay_silent; policy p }\npolicy p { timeout 5s else handoff found }\n";
  const std::string found = "agent found { instructions \"x\"; handoff desk after 1m }\n";
  CHECK(codes(tool + found + "agent desk { instructions \"x\"; tools t; handoff found after 2m }").empty());
  CHECK(codes(tool + found + "agent desk { instructions \"x\"; handoff desk2 after 2m }\nagent desk2 { instructions \"x\"; handoff desk after 1m }") == Codes{"F0501"});
}

TEST_CASE("nothing is said about a program with errors but the errors") {
  CHECK(codes("agent desk { instructions \"x\"; handoff nowhere on dtmf \"1\" }\nagent lost { instructions \"x\" }") == Codes{"F0301"});
}

TEST_CASE("what this version cannot run yet is reviewed all the same") {
  const auto found = codes("realtime voice { provider gemini; model \"m\"; key secret(\"K\") }\nagent desk { instructions \"x\" }\nagent lost { instructions \"x\" }");
  CHECK(std::ranges::count(found, "F0501") == 1);
  CHECK(std::ranges::count(found, "F0901") >= 1);
}

TEST_CASE("a transfer ends a call, and its failure leads on") {
  const auto found = codes(
      "agent desk { instructions \"x\"; handoff human on dtmf \"0\" }\nagent night { instructions \"x\"; handoff desk after 1m }\n"
      "transfer human { to phone(\"+15550100\"); fails handoff night }");
  CHECK(std::ranges::count(found, "F0520") + std::ranges::count(found, "F0501") == 0);
}

TEST_CASE("a form reaches whom its last try hands over to, and sets no trap") {
  const auto found = codes(
      "agent desk { instructions \"x\"; form order { number: string ask \"Which?\"; tries 3 else handoff helper }; handoff helper if order.done }\n"
      "agent helper { instructions \"x\"; handoff desk after 1m }");
  CHECK(std::ranges::count(found, "F0520") + std::ranges::count(found, "F0501") == 0);
}

TEST_CASE("every cell that is taken out of a standard policy is named, once") {
  const auto whole = test::read_file(test::source_dir() + "/stdlib/std/policies.flow");
  const std::string flow = "import std.policies\ntool t() reads { builtin stay_silent }\n";
  const auto kept = test::compile("f.flow", std::map<std::string, std::string>{{"f.flow", flow}, {"stdlib/std/policies.flow", whole}});
  CHECK(kept.report.all().empty());
  int taken = 0;
  for (const auto cell : check::clauses::names(check::Where::Policy)) {
    const std::string line = "\n  " + std::string{cell} + " ";
    for (auto at = whole.find(line); at != whole.npos; at = whole.find(line, at + 1)) {
      const auto without = whole.substr(0, at) + whole.substr(whole.find('\n', at + 1));
      const auto compiled = test::compile("f.flow", std::map<std::string, std::string>{{"f.flow", flow}, {"stdlib/std/policies.flow", without}});
      INFO(diag::render(compiled.report, compiled.sources));
      REQUIRE(compiled.report.all().size() == 1);
      CHECK(compiled.report.all()[0].code == "F0620");
      CHECK(compiled.report.all()[0].args.at(1).text == cell);
      ++taken;
    }
  }
  CHECK(taken == 22 * 5);
}

TEST_CASE("every provider of the language has a record") {
  const auto* info = check::clauses::find(check::Where::Realtime, "provider");
  REQUIRE(info);
  std::string word;
  for (const char c : std::string{info->shape} + " ") {
    if (c == '_' || (c >= 'a' && c <= 'z')) {
      word += c;
    } else {
      if (!word.empty()) CHECK(ir::provider(word));
      word.clear();
    }
  }
  CHECK_FALSE(ir::provider("nobody"));
}

TEST_CASE("what a service has no setting for is told, where it is asked for") {
  const auto of = [](const std::string& agent, const std::string& realtime) {
    return codes("realtime voice { provider openai; model \"gpt-realtime\"; key secret(\"OPENAI_API_KEY\"); " + realtime + " }\nagent desk { instructions \"x\"; " + agent + " }");
  };
  CHECK(std::ranges::count(of("temperature 0.4", ""), "F1104") == 1);
  CHECK(std::ranges::count(of("", "echo_cancellation on"), "F1104") == 1);
  CHECK(std::ranges::count(of("", "echo_cancellation off"), "F1104") == 0);
  CHECK(std::ranges::count(of("speed 1.2", "noise_reduction near_field"), "F1104") == 0);
  CHECK(std::ranges::count(of("temperature 3", ""), "F0413") == 1);
}

TEST_CASE("a budget needs prices in its own currency, room for a conversation, and a word for the caller") {
  const auto codes_of = [](const std::string& budget, const std::string& price, const std::string& handler) {
    const auto compiled = test::compile("f.flow", std::map<std::string, std::string>{{"f.flow", "flow f { start desk; realtime voice; max_duration 9m; budget " + budget + " }\nrealtime voice { provider simulated; " + price + " }\n" + Desk + handler}});
    Codes out;
    for (const auto& d : compiled.report.sorted()) out.emplace_back(d.code);
    return out;
  };
  const std::string price = "price usd { text_in 4; audio_in 32; text_out 16; audio_out 64 }", bye = "on limit { end_call \"Goodbye.\" }";
  CHECK(codes_of("20 usd per day", price, bye).empty());
  CHECK(codes_of("20 usd per month", price, bye).empty());
  CHECK(codes_of("20 usd per day", "", bye) == Codes{"F1105"});
  CHECK(codes_of("20 eur per day", price, bye) == Codes{"F1106"});
  CHECK(codes_of("20 usd per day", price, "") == Codes{"F1107"});
  CHECK(codes_of("0.02 usd per day", price, bye) == Codes{"F1108"});
  CHECK_FALSE(codes_of("0 usd per day", price, bye).empty());
  CHECK_FALSE(codes_of("20 usd per week", price, bye).empty());
}
