// The flow, its agents and its handoffs.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/support/lower.h"

namespace flow::lower {
namespace {

using test::codes;
using test::flow_with;
using test::lowered;
using test::said;
using Codes = std::multiset<std::string>;

auto program(const Compiled& compiled) -> ir::Program {
  INFO(said(compiled));
  REQUIRE(compiled.program);
  return *compiled.program;
}

auto functions(const Compiled& compiled) -> std::vector<std::string> {
  std::vector<std::string> out;
  const auto p = program(compiled);
  for (const auto& handoff : p.handoffs) out.push_back(handoff.function);
  return out;
}

const std::string Two = "agent desk { instructions \"Help.\"\nhandoff sales when \"they buy\" CARRY }\nagent sales { instructions \"TEXT\"\n MORE }\n";
auto two(std::string carry, std::string text, std::string more = "", const std::string& rest = "") -> Compiled {
  auto source = Two;
  for (const auto& [hole, value] : {std::pair{"CARRY", carry}, {"TEXT", text}, {"MORE", more}}) source.replace(source.find(hole), std::string_view{hole}.size(), value);
  return flow_with(source + rest);
}

TEST_CASE("first in the file wins: edges keep the order of the file, whoever has them") {
  const auto compiled = flow_with(R"(
handoff a on dtmf "1"
agent desk { instructions "x"; handoff b when "b" }
handoff b on dtmf "2"
agent a : desk { handoff desk when "d" }
agent b { instructions "x" }
)");
  std::string order;
  const auto p = program(compiled);
  for (const auto& h : p.handoffs) {
    order += (h.from ? p.agents[h.from].name : "*") + ">" + p.agents[h.target.agent].name + " ";
  }
  CHECK(order == "*>a desk>b *>b a>desk a>b ");
}

TEST_CASE("no two functions that one agent may be offered have one name") {
  const auto compiled = flow_with(R"(
agent desk { instructions "x"; handoff a when "1"; handoff a when "2" }
agent a { instructions "x"; handoff back when "3" }
handoff a when "4"
agent b { instructions "x"; handoff a when "5"; handoff back when "6" }
handoff b on dtmf "1"
)");
  CHECK(functions(compiled) == std::vector<std::string>{"handoff_a", "handoff_a_2", "handoff_back", "handoff_a_3", "handoff_a", "handoff_back", ""});
}

TEST_CASE("what every way in carries is there; what some do not may be none") {
  CHECK(codes(two("{ carry item: string }", "They want {item}.")) == Codes{});
  CHECK(codes(two("", "They want {item}.")) == Codes{"F0304"});
  const std::string other_edge = "handoff sales on dtmf \"1\"";
  CHECK(codes(two("{ carry item: string }", "They want {item}.", "", other_edge)) == Codes{"F0402"});
  CHECK(codes(two("{ carry item: string }", "{if item}They want {item}.{/if}", "", other_edge)) == Codes{});
  CHECK(codes(two("{ carry item: string }", "They want {item}.", "", "on hangup { handoff sales }")) == Codes{"F0402"});
  const std::string comes_back = "agent third { instructions \"x\"; handoff back when \"done\" }";
  CHECK(codes(two("{ carry item: string }", "They want {item}.", "handoff third when \"x\"", comes_back)) == Codes{"F0402"});
  CHECK(codes(two("{ carry item: string? }", "They want {item}.")) == Codes{"F0402"});
}

TEST_CASE("the line before a handoff may say what it carries") {
  CHECK(codes(two("{ carry item: string; say \"I'll ask about {item}.\" }", "x")) == Codes{});
}

TEST_CASE("only the model fills values in, and always with one type") {
  CHECK(codes(flow_with("agent desk { instructions \"x\"; handoff a on dtmf \"1\" { carry n: int } }\nagent a { instructions \"x\" }")) == Codes{"F0506"});
  CHECK(codes(two("{ carry item: string }", "x", "", "handoff sales when \"more\" { carry item: int }")) == Codes{"F0507"});
}

TEST_CASE("a handoff needs a trigger") {
  CHECK(codes(flow_with("agent desk { instructions \"x\"; handoff a }\nagent a { instructions \"x\" }")) == Codes{"F0505"});
}

TEST_CASE("an error is not followed by what it leads to") {
  CHECK(codes(flow_with("agent desk { instructions \"x\"; handoff sals when \"x\" }\nagent sales { instructions \"x\" }")) == Codes{"F0301"});
}

TEST_CASE("a child has its parent's clauses, handoffs and handlers, and its own first") {
  const auto p = program(flow_with(R"(
agent desk { voice "marin"; instructions "Help."; greet first "Hello."; barge_in { after 200ms }; on silence 8s { say "Desk?" } }
agent night : desk { voice "cedar"; greet return "Again." ; on silence 8s { say "Night?" } }
handoff night on dtmf "1"
)"));
  const auto& night = p.agents[Id<ir::Agent>{1}];
  CHECK(night.voice == "cedar");
  CHECK(night.instructions == p.agents[Id<ir::Agent>{0}].instructions);
  CHECK(night.greet_first);
  CHECK(night.greet_return);
  CHECK(night.barge_in.after == ir::Millis{200});
  REQUIRE(p.handlers.size() == 3);
  CHECK(p.handlers[Id<ir::Handler>{1}].actions[0].line->text[0].text == "Night?");
}

TEST_CASE("an agent that inherits from itself is an error") {
  CHECK(codes(flow_with("agent desk : other { instructions \"x\" }\nagent other : desk { instructions \"x\" }\nhandoff other on dtmf \"1\"")) == Codes{"F0306"});
}

TEST_CASE("a file's own handlers win over imported ones, event by event") {
  const auto compiled = lowered(
      "import \"patterns.flow\"\nflow shop { start desk }\nagent desk { instructions \"x\" }\non silence 5s { say \"Mine.\" }\non dtmf \"1\" { say \"One.\" }",
      {{"patterns.flow", "on silence 8s { say \"Theirs.\" }\non no_match { say \"What?\" }\non dtmf \"2\" { say \"Two.\" }"}});
  std::string texts;
  const auto p = program(compiled);
  for (const auto& handler : p.handlers) texts += handler.actions[0].line->text[0].text;
  CHECK(texts == "Mine.One.What?Two.");
}

TEST_CASE("a flow's clauses arrive, and a file without a flow does not run") {
  const auto p = program(lowered("flow shop { start desk; locale \"de-DE\"; max_duration 10m; dead_air 3s; realtime b; instructions \"Be kind.\" }\n"
                                  "realtime a { provider simulated }\nrealtime b { provider openai; model \"m\"; key secret(\"K\"); turn_control server; transcription \"t\" }\n"
                                  "agent desk { instructions file(\"p.md\") }",
                                  {{"p.md", "Help {nobody}.\n"}}));
  CHECK(p.locale == "de-DE");
  CHECK(p.max_duration == ir::Millis{600'000});
  CHECK(p.realtimes[p.realtime].key_secret == "K");
  CHECK(p.realtimes[p.realtime].turn_control == ir::TurnControl::Server);
  CHECK(p.agents[p.start].instructions[0].text == "Help {nobody}.\n");
  CHECK(codes(lowered("agent desk { instructions \"x\" }")) == Codes{"F0502"});
  CHECK(codes(lowered("flow a { start desk }\nflow b { start desk }\nagent desk { instructions \"x\" }")) == Codes{"F0503"});
  CHECK(codes(lowered("flow a { start desk; edition 2027 }\nagent desk { instructions \"x\" }")) == Codes{"F0504"});
}

TEST_CASE("a flow without a connection has the simulated one") {
  const auto p = program(flow_with(""));
  CHECK(p.realtimes[p.realtime].provider == "simulated");
}

TEST_CASE("a prompt file that is missing or no text is an error") {
  const std::string source = "flow shop { start desk }\nagent desk { instructions file(\"p.md\") }";
  CHECK(codes(lowered(source)) == Codes{"F0801"});
  CHECK(codes(lowered(source, {{"p.md", "Gr\xfc\xdf Gott"}})) == Codes{"F0101"});
}

TEST_CASE("a caller may hold a key to speak") {
  const auto p = program(flow_with("agent spare { turn_detection manual; instructions \"x\" }\nhandoff spare when \"asked\""));
  const auto is_manual = [](const ir::Agent& agent) { return agent.turn_detection.kind == ir::TurnDetection::Kind::Manual; };
  CHECK(std::ranges::count_if(p.agents, is_manual) == 1);
}

TEST_CASE("a deployment has an address and a name of its own, and says both") {
  const auto with = [](const std::string& clauses) { return said(lowered("flow shop { start desk }\nagent desk { instructions \"x\" }\nrealtime voice { provider azure_openai" + clauses + " }")); };
  CHECK(with("; url \"wss://north.openai.azure.com\"; model \"mine\"") == "");
  CHECK(with("; model \"mine\"").find("F0708 a realtime connection needs a clause `url`") != std::string::npos);
  CHECK(with("; url env(\"A\")").find("F0708 a realtime connection needs a clause `model`") != std::string::npos);
}

TEST_CASE("an edge counts from the first time on") {
  const auto codes_of = [](const std::string& count) { return codes(flow_with("agent other { instructions \"y\" }\nhandoff other on no_match count " + count)); };
  CHECK(codes_of("1").empty());
  CHECK(codes_of("0") == Codes{"F0413"});
  CHECK(codes_of("2000000") == Codes{"F0413"});
}

TEST_CASE("words that decide are written down, by whom the flow names or as is usual") {
  const auto compiled = [](const std::string& needs, const std::string& transcription) {
    return lowered("flow shop { start desk }\nrealtime voice { provider openai; model \"m\"; " + transcription + " }\nagent desk { instructions \"x\"; " + needs + " }");
  };
  const auto by = [&](const std::string& needs, const std::string& transcription) { return program(compiled(needs, transcription)).realtimes.begin()->transcription; };
  const std::string usual = "gpt-4o-mini-transcribe";
  for (const auto* needs : {"barge_in { resume 1s }", "barge_in { backchannels \"ok\" }", "on phrase \"bye\" { end_call }", "handoff desk on phrase \"again\""}) {
    INFO(needs);
    CHECK(by(needs, "") == usual);
    CHECK(by(needs, "transcription \"mine\"") == "mine");
    CHECK(codes(compiled(needs, "transcription none")) == Codes{"F0716"});
  }
  for (const auto* needs : {"barge_in { after 200ms }", "barge_in { resume 0s }", "on silence 8s { say \"Hello?\" }"}) {
    INFO(needs);
    CHECK(by(needs, "").empty());
    CHECK(codes(compiled(needs, "transcription none")).empty());
  }
}

TEST_CASE("what the runtime cannot do yet is an error, never silently left out") {
  CHECK(codes(flow_with("realtime voice { provider gemini }")) == Codes{"F0901"});
}

}  // namespace
}  // namespace flow::lower
