#include "compiler/ir/text.h"

#include <catch2/catch_test_macros.hpp>

#include "compiler/ir/hash.h"
#include "compiler/ir/verify.h"
#include "tests/support/random_program.h"

namespace flow::ir {
namespace {

auto smallest() -> Program {
  Program p;
  p.name = "hello";
  p.files = {"hello.flow"};
  p.realtime = p.realtimes.add({.name = "voice", .provider = "simulated"});
  p.start = p.agents.add({.name = "greeter", .instructions = {{.text = "Say hello.\nBe \"kind\"."}}, .declared_at = {FileId{0}, 3, 9}});
  return p;
}

auto errors_of(std::string_view text) -> std::vector<TextError> {
  auto read = read_text(text);
  REQUIRE_FALSE(read);
  return read.error();
}

TEST_CASE("the text of a small program reads like one") {
  CHECK(to_text(smallest()) == R"(flowir 1
name "hello"
edition 2026
locale "en-US"
start #0  // greeter
realtime #0  // voice
max_duration 0ms
dead_air 4000ms
files "hello.flow"

agent 0
  name "greeter"
  instructions
    text |
      |Say hello.
      |Be "kind".
  turn_detection
    kind server_vad
    threshold 0.5
    prefix 300ms
    silence 500ms
    eagerness auto
  barge_in
    after 0ms
    resume 0ms
  max_output_tokens 0
  speed 1.0
  declared_at 0 3 9

realtime 0
  name "voice"
  provider "simulated"
  turn_control own
  audio_in pcm16
  audio_out pcm16
  reconnect
    tries 5
    first 500ms
    last 8000ms
)");
}

TEST_CASE("two thousand odd programs come back from their text as they were") {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    INFO("seed " << seed);
    const auto program = test::RandomProgram{seed}.make();
    REQUIRE(verify(program) == std::vector<std::string>{});
    const auto text = to_text(program);
    const auto again = read_text(text);
    if (!again) FAIL(again.error().front().line << ": " << again.error().front().text);
    REQUIRE(*again == program);
    REQUIRE(to_text(*again) == text);
  }
}

TEST_CASE("the hash stands for what a program does, not for where it was written") {
  const auto program = smallest();
  auto moved = program;
  moved.files = {"other.flow"};
  moved.agents[moved.start].declared_at = {FileId{0}, 30, 90};
  CHECK(content_hash(moved) == content_hash(program));
  CHECK(content_hash(program).size() == 64);
  auto other = program;
  other.agents[other.start].instructions[0].text += " ";
  CHECK(content_hash(other) != content_hash(program));
  auto waits_longer = program;
  waits_longer.dead_air += Millis{1};
  CHECK(content_hash(waits_longer) != content_hash(program));
}

TEST_CASE("another version of the text form is refused on its first line") {
  CHECK(errors_of("flowir 2\n") == std::vector<TextError>{{1, 1, "the first line is `flowir 1`"}});
  CHECK(errors_of("") == std::vector<TextError>{{1, 1, "the first line is `flowir 1`"}});
}

TEST_CASE("an error in the text is told with its line and column") {
  const auto good = to_text(smallest());
  const auto with = [&](std::string_view line, std::string_view instead) {
    auto text = good;
    text.replace(text.find(line), line.size(), instead);
    return errors_of(text).front();
  };
  CHECK(with("dead_air 4000ms", "dead_air 4000") == TextError{8, 10, "a time such as `400ms` goes here"});
  CHECK(with("dead_air 4000ms", "dead_hair 4000ms") == TextError{8, 1, "nothing is called `dead_hair` here"});
  CHECK(with("    eagerness auto", "    eagerness hasty").column == 15);
  CHECK(with("  name \"greeter\"", "  name \"greeter") == TextError{12, 16, "the text is not closed with `\"`"});
  CHECK(with("agent 0", "agent 7") == TextError{11, 1, "row 0 goes here"});
  CHECK(with("start #0", "start #4") == TextError{1, 1, "program: start: there is no row #4"});
  CHECK(with("edition 2026", "edition 2026 2027") == TextError{3, 14, "nothing more goes here"});
  CHECK(with("edition 2026", "edition 2026\nedition 2026") == TextError{4, 1, "`edition` stands here already, on line 3"});
}

TEST_CASE("what is nested without end is refused, not followed") {
  std::string deep = "flowir 1\n";
  for (std::size_t i = 0; i < 5000; ++i) deep += std::string(i * 2, ' ') + "if #0\n";
  CHECK(errors_of(deep).front().text == "nested too deep");
  CHECK(errors_of("flowir 1\nexpr 0 literal " + std::string(100'000, '[') + "\n").front().text == "nested too deep");
}

}  // namespace
}  // namespace flow::ir
