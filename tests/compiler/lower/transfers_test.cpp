// Ways out, ways in, and the connections between.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/support/lower.h"

namespace flow::lower {
namespace {

using namespace std::chrono_literals;
using test::codes;
using test::flow_with;
using test::lowered;
using test::said;
using Codes = std::multiset<std::string>;
using Mode = ir::Transfer::Mode;

auto program(const Compiled& compiled) -> ir::Program {
  INFO(said(compiled));
  REQUIRE(compiled.program);
  return *compiled.program;
}
auto transfer(const std::string& clauses) -> ir::Transfer {
  const auto p = program(flow_with("transfer human { " + clauses + " }\nhandoff human on dtmf \"0\"\n"));
  return p.transfers[p.transfers.id_at(0)];
}
auto to(const std::string& place) -> Codes { return codes(flow_with("transfer human { to " + place + " }\nhandoff human on dtmf \"0\"\n")); }

TEST_CASE("a transfer has a destination, a mode, its lines, a deadline and what follows") {
  const auto plain = transfer("to phone(\"+15550100\")");
  CHECK(plain.to == ir::Transfer::To::Phone);
  CHECK(plain.address == "+15550100");
  CHECK(plain.mode == Mode::Cold);
  CHECK(plain.timeout == 30s);
  CHECK(plain.fails.actions.empty());
  const auto full = transfer("to queue(\"claims\"); mode warm; say \"One moment.\"; brief model \"be short\"; timeout 1m; fails { say \"Nobody.\"; end_call }");
  CHECK(full.to == ir::Transfer::To::Queue);
  CHECK(full.mode == Mode::Warm);
  CHECK(full.say);
  CHECK(full.brief->kind == ir::Line::Kind::Hint);
  CHECK(full.timeout == 60s);
  CHECK(full.fails.actions.size() == 2);
}

TEST_CASE("a destination is written as telephone systems take it") {
  for (const auto* place : {"phone(\"+15550100\")", "phone(\"+4930123456\")", "sip(\"sip:desk@example.com\")", "sip(\"sips:a.b@10.0.0.1:5061;transport=tls\")", "queue(\"claims.day-1\")"}) {
    INFO(place);
    CHECK(to(place).empty());
  }
  for (const auto* place : {"phone(\"0555 0100\")", "phone(\"+1 555 0100\")", "phone(\"+0155501000\")", "phone(\"+12345678901234567\")", "phone(\"+155\")", "sip(\"desk@example.com\")",
                            "sip(\"sip:example.com\")", "sip(\"sip:@example.com\")", "sip(\"sip:a@b@c\")", "sip(\"sip:a b@c\")", "queue(\"\")", "queue(\"two words\")"}) {
    INFO(place);
    CHECK(to(place) == Codes{"F0750"});
  }
  CHECK(to("\"+15550100\"") == Codes{"F0702"});
}

TEST_CASE("a transfer is a target wherever a handoff may stand") {
  const auto p = program(flow_with(R"(
agent desk { instructions "x"; handoff human when "they ask"; on no_match { handoff human } }
transfer human { to phone("+15550100"); fails handoff night }
transfer night { to phone("+15550101"); fails handoff desk }
on provider_lost { handoff human }
)"));
  const Id<ir::Transfer> human{0}, night{1};
  CHECK(p.handoffs[Id<ir::Handoff>{0}].target == ir::Target{ir::Target::Kind::Transfer, {}, human});
  CHECK(p.handoffs[Id<ir::Handoff>{0}].function == "handoff_human");
  CHECK(p.handlers.size() == 2);
  CHECK(p.transfers[human].fails.actions[0].target == ir::Target{ir::Target::Kind::Transfer, {}, night});
  CHECK(p.transfers[night].fails.actions[0].target == ir::Target{ir::Target::Kind::Agent, p.start, {}});
}

TEST_CASE("an agent and a transfer cannot have one name, and lines read the state alone") {
  CHECK(codes(flow_with("transfer desk { to phone(\"+15550100\") }")).count("F0302") == 1);
  CHECK(codes(flow_with("transfer human { to phone(\"+15550100\"); say \"{nobody}\" }\nhandoff human on dtmf \"0\"")) == Codes{"F0304"});
  CHECK(codes(flow_with("state { name: string? }\non dtmf \"1\" { set name = \"x\" }\ntransfer human { to phone(\"+15550100\"); say \"{name}\" }\nhandoff human on dtmf \"0\"")) == Codes{"F0402"});
}

TEST_CASE("only who answers a warm transfer is told anything") {
  for (const auto* mode : {"cold", "blind"}) CHECK(codes(flow_with("transfer human { to phone(\"+15550100\"); mode " + std::string(mode) + "; brief \"x\" }\nhandoff human on dtmf \"0\"")) == Codes{"F0751"});
}

TEST_CASE("a channel is one place") {
  const auto p = program(flow_with("channel line { phone \"+15550190\"; active no }\nchannel room { microphone \"usb\"; headset yes }\nchannel page { browser \"/call\" }"));
  REQUIRE(p.channels.size() == 3);
  const auto& line = p.channels[Id<ir::Channel>{0}];
  CHECK(line.kind == ir::Channel::Kind::Phone);
  CHECK_FALSE(line.active);
  const auto& room = p.channels[Id<ir::Channel>{1}];
  CHECK((room.address == "usb" && room.headset && room.active));
  CHECK(codes(flow_with("channel line { active yes }")) == Codes{"F0752"});
  CHECK(codes(flow_with("channel line { microphone; browser \"/call\" }")) == Codes{"F0753"});
  CHECK(codes(flow_with("channel line { phone \"112\" }")) == Codes{"F0750"});
}

TEST_CASE("a channel says how it sounds and how keys come in; a microphone has no choice of lines") {
  const auto p = program(flow_with("channel line { phone \"+15550190\"; audio alaw; dtmf inband }\nchannel page { browser \"/call\"; dtmf none }\nchannel room { microphone; audio pcm16; dtmf events }"));
  const auto& line = p.channels[Id<ir::Channel>{0}];
  CHECK((line.audio == ir::AudioFormat::Alaw && line.keys == ir::Channel::Keys::Inband));
  const auto& page = p.channels[Id<ir::Channel>{1}];
  CHECK((!page.audio && page.keys == ir::Channel::Keys::None));
  const auto& room = p.channels[Id<ir::Channel>{2}];
  CHECK((room.audio == ir::AudioFormat::Pcm16 && room.keys == ir::Channel::Keys::Events));
  for (const auto* line_only : {"audio mulaw", "audio alaw", "dtmf inband"}) CHECK(codes(flow_with("channel room { microphone; " + std::string(line_only) + " }")) == Codes{"F0755"});
  CHECK(program(flow_with("channel room { microphone; dtmf none }")).channels[Id<ir::Channel>{0}].keys == ir::Channel::Keys::None);
}

TEST_CASE("what an agent does not say it has from its parents, then from the flow's defaults") {
  const auto p = program(lowered(R"(
flow shop { start desk; defaults { voice "cedar"; speed 1.2; greet first "Hello."; barge_in { after 300ms } } }
agent desk { instructions "x"; handoff night after 1m }
agent night : late { instructions "y"; handoff desk after 1m }
agent late { voice "marin"; instructions "z"; handoff desk after 1m }
)"));
  const auto& desk = p.agents[p.start];
  CHECK(desk.voice == "cedar");
  CHECK(desk.speed == 1.2);
  CHECK(desk.barge_in.after == 300ms);
  CHECK(desk.greet_first);
  const auto night = std::ranges::find(p.agents, "night", &ir::Agent::name);
  CHECK(night->voice == "marin");
  CHECK(night->speed == 1.2);
}

TEST_CASE("a connection says how often it is opened again, and who stands in") {
  const auto p = program(lowered(R"(
flow shop { start desk; realtime voice }
realtime voice { provider openai; url env("URL"); audio_in mulaw; audio_out alaw; fallback spare }
realtime spare { provider openai; reconnect 7 every 100ms..3s }
realtime last { provider openai; reconnect none }
agent desk { instructions "x"; realtime last }
)"));
  const auto& voice = p.realtimes[p.realtime];
  CHECK(voice.url_env == "URL");
  CHECK(voice.audio_in == ir::AudioFormat::Mulaw);
  CHECK(voice.audio_out == ir::AudioFormat::Alaw);
  CHECK(voice.reconnect.tries == 2);
  const auto& spare = p.realtimes[voice.fallback];
  CHECK(spare.name == "spare");
  CHECK(spare.reconnect == ir::Reconnect{7, 100ms, 3s});
  const auto& last = p.realtimes[p.agents[p.start].realtime];
  CHECK(last.name == "last");
  CHECK(last.reconnect.tries == 0);
  CHECK(codes(lowered("flow shop { start desk }\nrealtime a { provider openai; fallback b }\nrealtime b { provider openai; fallback a }\nagent desk { instructions \"x\" }\n")) == Codes{"F0754"});
}

TEST_CASE("the escalation of the library leads to the human of the file that imports it") {
  const auto p = program(flow_with("import std.escalation\nimport std.patterns\ntransfer human { to phone(\"+15550100\") }"));
  const auto leads = [](const ir::Handoff& edge) { return edge.target.kind == ir::Target::Kind::Transfer && edge.trigger.kind == ir::Trigger::Kind::Event; };
  CHECK(std::ranges::count_if(p.handoffs, leads) == 2);
  const auto gone = std::ranges::find(p.handlers, ir::EventPattern::Kind::ProviderLost, [](const ir::Handler& h) { return h.on.kind; });
  CHECK(gone->actions[0].target.kind == ir::Target::Kind::Transfer);  // before that of std.patterns
  CHECK(codes(flow_with("import std.escalation")).count("F0301") > 0);
  const auto with_agent = program(flow_with("import std.escalation\nagent human { instructions \"You are a person.\" }"));
  CHECK(with_agent.transfers.empty());
}

TEST_CASE("two flows that are compiled together have each their own human") {
  const auto flow = [](const std::string& number) { return "flow shop { start desk }\nimport std.escalation\nagent desk { instructions \"x\" }\ntransfer human { to phone(\"" + number + "\") }\n"; };
  const auto both = compile_files({"a.flow", "b.flow"}, test::reading({{"a.flow", flow("+15550100")}, {"b.flow", flow("+15550101")}}));
  REQUIRE(both.programs.size() == 2);
  for (const auto& p : both.programs) {
    REQUIRE(p.transfers.size() == 1);
    CHECK(p.handoffs.size() == 2);
  }
  CHECK(both.programs[0].transfers[Id<ir::Transfer>{0}].address != both.programs[1].transfers[Id<ir::Transfer>{0}].address);
}

TEST_CASE("steps of a test speak of transfers") {
  const auto compiled = flow_with(R"(
transfer human { to phone("+15550100") }
handoff human on dtmf "0"
test "a call" {
  caller   presses "0"
  transfer human fails "busy" after 2s
  transfer human answers after 3s
  expect   transfer human done
  expect   transfer human failed before transfer human done
  caller   voicemail for 2s
}
)");
  INFO(said(compiled));
  REQUIRE(compiled.program);
  const auto& steps = compiled.tests.tests.at(0).steps;
  REQUIRE(steps.size() == 6);
  using Kind = ir::TestStep::Kind;
  CHECK(steps[1].kind == Kind::TransferFails);
  CHECK(steps[1].words == "busy");
  CHECK(steps[2].kind == Kind::TransferAnswers);
  CHECK(steps[2].after == 3s);
  CHECK(steps[3].expectation.what.moved == ir::TransferNews::Done);
  CHECK(steps[5].kind == Kind::Voicemail);
  CHECK(codes(flow_with("test \"x\" { transfer nobody answers }")) == Codes{"F0301"});
}

}  // namespace
}  // namespace flow::lower
