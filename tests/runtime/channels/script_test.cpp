#include "runtime/channels/script.h"

#include <catch2/catch_test_macros.hpp>

namespace flow::channels {
namespace {

using core::Millis;

auto steps(std::string_view text) -> std::vector<Step> {
  const auto script = read_script(text, "a.script");
  if (!script) FAIL(script.error().text);
  return script->steps;
}

auto wrong(std::string_view text) -> std::string {
  const auto script = read_script(text, "a.script");
  REQUIRE_FALSE(script);
  CHECK(script.error().code == "R0308");
  return script.error().text;
}

}  // namespace

TEST_CASE("every kind of step is read") {
  CHECK(steps(R"(# a caller
at 1.5s says "What did I order last week?"
after 2s says "Nice weather."   # small talk

  after 3s interrupts "Wait."
after 800ms presses "0*#"
waits_for tool lookup.orders delivered within 20s
waits_for agent Billing within 1.5m
after 0s hangs_up
)") == std::vector<Step>{
           {From::CallStart, Millis{1500}, Says{"What did I order last week?"}, 2},
           {From::ReplyEnd, Millis{2000}, Says{"Nice weather."}, 3},
           {From::ReplyStart, Millis{3000}, Says{"Wait."}, 5},
           {From::ReplyEnd, Millis{800}, Presses{"0*#"}, 6},
           {From::CallStart, Millis{0}, WaitsForTool{"lookup.orders", Millis{20'000}}, 7},
           {From::CallStart, Millis{0}, WaitsForAgent{"Billing", Millis{90'000}}, 8},
           {From::ReplyEnd, Millis{0}, HangsUp{}, 9},
       });
}

TEST_CASE("murmurs and coughs count from the reply's beginning, or from the call's") {
  CHECK(steps("after 1s murmurs \"uh-huh\"\nafter 2s coughs\nat 3s coughs") == std::vector<Step>{
                                                                                {From::ReplyStart, Millis{1000}, Murmurs{"uh-huh"}, 1},
                                                                                {From::ReplyStart, Millis{2000}, Coughs{}, 2},
                                                                                {From::CallStart, Millis{3000}, Coughs{}, 3},
                                                                            });
}

TEST_CASE("how the caller sounds stands before the first step") {
  const auto script = read_script("# who\nvoice cedar\nspeed 0.9\nnoise 12.5dB   # a street\nline phone\n\nat 1s coughs", "a.script");
  REQUIRE(script);
  CHECK(script->sound == CallerSound{"cedar", 0.9, 12.5, true});
  CHECK(script->steps.size() == 1);
  CHECK(read_script("at 1s coughs", "a.script")->sound == CallerSound{});
}

TEST_CASE("quotes, backslashes, hashes and any language can be said") {
  CHECK(steps(R"(at 1s says "Say \"#1\" \\ grüß Gott")") ==
        std::vector<Step>{{From::CallStart, Millis{1000}, Says{"Say \"#1\" \\ grüß Gott"}, 1}});
}

TEST_CASE("line ends of either kind are read, and a missing last one") {
  CHECK(steps("at 1s says \"a\"\r\nat 2s says \"b\"").size() == 2);
}

TEST_CASE("a fault is shown at its line and column") {
  CHECK(wrong("at 1s says \"a\"\nsays \"b\"") == "a.script:2:1: a step begins with `at`, `after` or `waits_for`");
  CHECK(wrong("at soon says \"a\"") == "a.script:1:4: a time is expected here, as `800ms`, `1.5s` or `2m`");
  CHECK(wrong("at 5 says \"a\"").starts_with("a.script:1:4: a time"));
  CHECK(wrong("at -5s says \"a\"").starts_with("a.script:1:4: a time"));
  CHECK(wrong("at 99999m says \"a\"").starts_with("a.script:1:4: a time"));
  CHECK(wrong("at nans says \"a\"").starts_with("a.script:1:4: a time"));
  CHECK(wrong("at 1s shouts \"a\"").starts_with("a.script:1:7: `says`, `interrupts`"));
  CHECK(wrong("after 1s murmurs").starts_with("a.script:1:17: words in quotes"));
  CHECK(wrong("after 1s coughs loudly").starts_with("a.script:1:17: nothing more"));
  CHECK(wrong("noise loud\nat 1s coughs").starts_with("a.script:1:7: how far the noise is below"));
  CHECK(wrong("noise 10\nat 1s coughs").starts_with("a.script:1:7: how far"));
  CHECK(wrong("noise 61dB\nat 1s coughs").starts_with("a.script:1:7: how far"));
  CHECK(wrong("noise -1dB\nat 1s coughs").starts_with("a.script:1:7: how far"));
  CHECK(wrong("speed 2\nat 1s coughs") == "a.script:1:7: a number from 0.25 to 1.5 is expected here");
  CHECK(wrong("voice\nat 1s coughs").starts_with("a.script:1:6: the name of a voice"));
  CHECK(wrong("line radio\nat 1s coughs") == "a.script:1:6: `phone` is expected here");
  CHECK(wrong("line phone now\nat 1s coughs").starts_with("a.script:1:12: nothing more"));
  CHECK(wrong("at 1s coughs\nnoise 10dB") == "a.script:2:1: this stands before the first step: it holds for the whole call");
  CHECK(wrong("at 1s interrupts \"a\"").starts_with("a.script:1:7: `interrupts` counts from"));
  CHECK(wrong("at 1s says hello").starts_with("a.script:1:12: words in quotes"));
  CHECK(wrong("at 1s says \"hello").starts_with("a.script:1:12: the closing quote"));
  CHECK(wrong("at 1s says \"\\").starts_with("a.script:1:12: the closing quote"));
  CHECK(wrong("at 1s says \" \"").starts_with("a.script:1:12: there is nothing"));
  CHECK(wrong("at 1s says \"grüß\" now").starts_with("a.script:1:19: nothing more"));
  CHECK(wrong("after 1s presses \"x\"").starts_with("a.script:1:18: keys of a phone"));
  CHECK(wrong("waits_for rain").starts_with("a.script:1:11: `tool` or `agent`"));
  CHECK(wrong("waits_for tool a-b delivered within 1s").starts_with("a.script:1:16: the name of a tool"));
  CHECK(wrong("waits_for tool a within 1s").starts_with("a.script:1:18: `delivered` is expected"));
  CHECK(wrong("waits_for agent A").starts_with("a.script:1:18: `within` is expected"));
  CHECK(wrong("at 1s hangs_up\nat 2s says \"a\"").starts_with("a.script:2:1: the caller has hung up"));
  CHECK(wrong("at 1s says \"\xFF\"").starts_with("a.script:1:13: this is not UTF-8"));
}

TEST_CASE("a script without steps is none") {
  CHECK(wrong("") == "a.script: the script has no step");
  CHECK(wrong("noise 10dB") == "a.script: the script has no step");
  CHECK(wrong("# nothing\n\n") == "a.script: the script has no step");
}

TEST_CASE("no cut of a good script is read beyond its end") {
  const std::string_view whole =
      "at 1.5s says \"a \\\" b\"\nwaits_for tool x delivered within 2s\nafter 1s presses \"1\"";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::string cut{whole.substr(0, length)};
    const auto script = read_script(cut, "a.script");
    CHECK((script.has_value() || script.error().code == "R0308"));
  }
}

TEST_CASE("what becomes of a caller who is put through stands before the first step") {
  const auto script = read_script("transfer human fails \"busy\" after 2s\ntransfer human answers after 3s\nat 1s voicemail\n", "a.script").value();
  CHECK(script.far_sides == std::vector<FarSide>{{"human", "busy", Millis{2000}}, {"human", "", Millis{3000}}});
  CHECK(script.steps == std::vector<Step>{{From::CallStart, Millis{1000}, IsMachine{}, 3}});
  CHECK(wrong("at 1s hangs_up\ntransfer human answers after 1s").find("hung up above") != std::string::npos);
  CHECK(wrong("at 1s coughs\ntransfer human answers after 1s").find("before the first step") != std::string::npos);
  CHECK(wrong("transfer human vanishes after 1s\nat 1s coughs").find("`answers` or `fails`") != std::string::npos);
}

}  // namespace flow::channels
