#include "cli/command_line.h"

#include <catch2/catch_test_macros.hpp>

using namespace flow::cli;
using namespace std::chrono_literals;

namespace {

template <class Wanted>
auto read(std::vector<std::string> args) -> Wanted {
  auto line = read_command_line(std::move(args));
  if (!line) FAIL(line.error());
  REQUIRE(std::holds_alternative<Wanted>(line->command));
  return std::get<Wanted>(line->command);
}

auto refusal(std::vector<std::string> args) -> std::string {
  auto line = read_command_line(std::move(args));
  REQUIRE_FALSE(line.has_value());
  return line.error();
}

auto says(const std::string& text, const std::string& words) -> bool {
  INFO(text);
  CHECK(text.find(words) != text.npos);
  return text.find(words) != text.npos;
}

}  // namespace

TEST_CASE("run takes the options that scripts rely on") {
  const auto run = read<Run>({"run", "a.flow", "--realtime", "openai", "--url", "ws://h", "--play", "c.script", "--audio", "wav:in.wav", "--record", "o.wav",
                              "--journal", "o.journal", "--wire", "w.jsonl", "--trace", "t.jsonl", "--for", "90s"});
  CHECK(run.flow == "a.flow");
  CHECK(run.realtime == "openai");
  CHECK(run.url == "ws://h");
  CHECK(run.play);
  CHECK(run.script == "c.script");
  CHECK(run.audio == "wav:in.wav");
  CHECK(run.record == "o.wav");
  CHECK(run.journal == "o.journal");
  CHECK(run.wire == "w.jsonl");
  CHECK(run.trace == "t.jsonl");
  CHECK(run.length == 90s);
}

TEST_CASE("a caller who speaks may name microphone and speaker") {
  const auto run = read<Run>({"run", "a.flow", "--audio", "device", "--input", "2", "--output", "head", "--verbose"});
  CHECK(run.audio == "device");
  CHECK(run.input == "2");
  CHECK(run.output == "head");
  CHECK(run.verbose);
  CHECK_FALSE(run.headset);
  CHECK(read<Run>({"run", "a.flow", "--audio", "device", "--headset"}).headset);
  CHECK(read<Devices>({"devices", "--json"}).json);
}

TEST_CASE("a call may stand for one of the flow's channels") {
  CHECK(read<Run>({"run", "a.flow", "--channel", "line"}).channel == "line");
  CHECK(read<Run>({"run", "a.flow"}).channel.empty());
}

TEST_CASE("the option --play may stand alone, before the flow or after it") {
  for (const auto& args : {std::vector<std::string>{"run", "a.flow", "--play"}, {"run", "--play", "a.flow"}, {"run", "--play", "--for", "1s", "a.flow"}}) {
    const auto run = read<Run>(args);
    CHECK(run.flow == "a.flow");
    CHECK(run.play);
    CHECK(run.script.empty());
  }
  CHECK_FALSE(read<Run>({"run", "a.flow"}).play);
}

TEST_CASE("simulate, check, ir, explain, replay and trace take theirs") {
  const auto simulate = read<Simulate>({"simulate", "--listen", "127.0.0.1:0", "--wire", "w.jsonl", "--seed", "7"});
  CHECK(simulate.listen == "127.0.0.1:0");
  CHECK(simulate.seed == 7);
  CHECK(simulate.ears == "recognise");
  CHECK(read<Simulate>({"simulate", "--ears", "none"}).ears == "none");
  const auto strict = read<Simulate>({"simulate", "--key", "THE_KEY", "--latency", "1s", "--lifetime", "2m"});
  CHECK(strict.key == "THE_KEY");
  CHECK(strict.latency == 1s);
  CHECK(strict.lifetime == 2min);
  const auto check = read<Check>({"check", "a.flow", "b.flow", "--format", "json"});
  CHECK(check.paths == std::vector<std::string>{"a.flow", "b.flow"});
  CHECK(check.form == Check::Form::Json);
  CHECK(read<Ir>({"ir", "a.flow"}).flow == "a.flow");
  CHECK(read<Explain>({"explain", "F0301"}).code == "F0301");
  CHECK(read<Replay>({"replay", "a.journal", "--record", "b.wav"}).record == "b.wav");
  const auto trace = read<Trace>({"trace", "a.journal", "--picture", "b.svg", "--json"});
  CHECK(trace.journal == "a.journal");
  CHECK(trace.picture == "b.svg");
  CHECK(trace.json);
}

TEST_CASE("the options --no-color and --quiet may stand before the command or after it") {
  for (const auto& args : {std::vector<std::string>{"--no-color", "--quiet", "check", "a.flow"}, {"check", "a.flow", "--quiet", "--no-color"}}) {
    const auto line = read_command_line(args);
    REQUIRE(line);
    CHECK_FALSE(line->colour);
    CHECK(line->quiet);
  }
}

TEST_CASE("help and version are text to print, with examples") {
  says(read<Show>({"--version"}).text, "flowc 0.");
  says(read<Show>({"--help"}).text, "Examples:");
  for (const auto& command : commands()) says(read<Show>({command, "--help"}).text, "flowc " + command);
}

TEST_CASE("a command that does not exist is refused with the nearest that does") {
  says(refusal({"rnu", "a.flow"}), "no command `rnu`; did you mean `run`?");
  says(refusal({"frobnicate"}), "no command `frobnicate`\n");
}

TEST_CASE("an option that does not exist is refused with the nearest that does") {
  says(refusal({"run", "a.flow", "--recrod", "x.wav"}), "no option --recrod; did you mean `--record`?");
  says(refusal({"check", "a.flow", "--fromat=json"}), "did you mean `--format`?");
}

TEST_CASE("what is missing or in another form is said in words") {
  says(refusal({"run"}), "FLOW");
  says(refusal({"fmt"}), "FILES");
  says(refusal({"run", "a.flow", "--for", "90"}), "90s, 2m or 500ms");
  says(refusal({"run", "a.flow", "--audio", "mic"}), "none, voice, device or wav:FILE");
  says(refusal({"check", "a.flow", "--format", "xml"}), "--format");
  says(refusal({"replay", "a.journal", "b.journal"}), "`b.journal` is one too many");
  says(refusal({"trace", "a.journal", "--picture", "b.png"}), "write OUT.svg");
  says(refusal({"simulate", "--seed", "x"}), "--seed");
  says(refusal({"simulate", "--lifetime", "60"}), "--lifetime");
  says(refusal({}), "Examples:");
}

TEST_CASE("durations are a number and a unit") {
  CHECK(read_duration("500ms") == 500ms);
  CHECK(read_duration("2m") == 2min);
  CHECK(read_duration("1h") == 1h);
  for (const auto* wrong : {"", "s", "0s", "-1s", "1.5s", "10", "10 s", "99999999999s", "1d"}) {
    INFO(wrong);
    CHECK_FALSE(read_duration(wrong));
  }
}

TEST_CASE("check takes how much its warnings weigh, by code and all together") {
  const auto check = read<Check>({"check", "--deny", "warnings", "--warn", "f0501,F0805", "--allow", "F1002", "flows", "--format", "sarif", "--watch"});
  CHECK(check.levels.deny_warnings);
  REQUIRE(check.levels.choices.size() == 3);
  CHECK(check.levels.choices[0].code == "F0501");
  CHECK(check.levels.choices[0].level == flow::diag::Level::Warn);
  CHECK(check.levels.choices[2].level == flow::diag::Level::Allow);
  CHECK(check.paths == std::vector<std::string>{"flows"});
  CHECK(check.form == Check::Form::Sarif);
  CHECK(check.watch);
  says(refusal({"check", "a.flow", "--allow", "F0301"}), "F0301 is an error and stays one");
  says(refusal({"check", "a.flow", "--allow", "F0510"}), "there is no warning F0510; did you mean F0501?");
}

TEST_CASE("test takes several flows, a filter, and forms of its results") {
  const auto test = read<Test>({"test", "a.flow", "b.flow", "--filter", "boots", "--json", "--junit", "out.xml", "--coverage", "lcov:out.info", "--fail-under", "90"});
  CHECK(test.flows == std::vector<std::string>{"a.flow", "b.flow"});
  CHECK(test.filter == "boots");
  CHECK(test.json);
  CHECK(test.junit == "out.xml");
  CHECK(test.coverage == "lcov:out.info");
  CHECK(test.fail_under == 90);
}

TEST_CASE("coverage is a table unless a file is named") {
  CHECK(read<Test>({"test", "a.flow", "--coverage"}).coverage == "text");
  CHECK_FALSE(read<Test>({"test", "a.flow"}).coverage_wanted());
  CHECK(says(refusal({"test", "a.flow", "--coverage", "pdf:x"}), "no form of coverage"));
  CHECK(says(refusal({"test", "a.flow", "--fail-under", "101"}), "101"));
}
