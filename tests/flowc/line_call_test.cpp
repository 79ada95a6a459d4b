// Calls that stand for a channel of the flow: they sound as its line does, and its keys come in as it says.

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "runtime/audio/resample.h"
#include "runtime/audio/wav.h"
#include "tests/support/places.h"
#include "tests/support/process.h"

using namespace flow;
using namespace std::chrono_literals;

namespace {

const std::string Flowc = test::binary_dir() + "/cli/flowc";

// The code is typed on the keys, and 9 afterwards; each is answered with words.
auto shop(const std::string& line) -> std::string {
  return R"(
flow shop { start desk; max_duration 5m }

agent desk {
  voice        "marin"
  greet first  "Please type your code."
  instructions "You answer the phone of a small shoe shop."
  form login {
    code: string ask "Please type your code." dtmf 4..6 until "#"
  }
  handoff sales if login.done
}

agent sales {
  voice        "marin"
  greet first  "Thank you, that is right."
  instructions "Sell shoes."
  on dtmf "9" { say "We are open from nine to seven." }
}

channel room { microphone }
)" + line + "\n";
}

const std::string Caller = "after 500ms presses \"4711#\"\nwaits_for agent sales within 20s\nafter 1s presses \"9\"\nafter 1s hangs_up\n";

struct Folder {
  std::string path;
  explicit Folder(const std::string& name) : path(test::binary_dir() + "/" + name) { std::filesystem::create_directories(path); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path + "/" + name, std::ios::binary) << text; }
};

auto has(const std::string& text, const std::string& part) -> bool { return text.find(part) != std::string::npos; }

// Of a recording's energy, the share that is gone when it is taken at 8000 samples a second.
auto share_above_4_khz(const std::vector<std::int16_t>& pcm) -> double {
  const auto low = audio::resample(audio::resample(pcm, audio::RateHz, 8'000), 8'000, audio::RateHz);
  double all = 0, above = 0;
  for (std::size_t n = 0; n < std::min(low.size(), pcm.size()); ++n) {
    all += std::pow(pcm[n], 2);
    above += std::pow(pcm[n] - low[n], 2);
  }
  REQUIRE(all > 0);
  return above / all;
}

}  // namespace

TEST_CASE("keys that a script presses are tones on an inband line, and a form and a handler get them; the recording is a telephone's") {
  const Folder folder("line_call_inband");
  folder.write("shop.flow", shop("channel line { phone \"+15550100\"; audio mulaw; dtmf inband }"));
  folder.write("caller.script", Caller);
  test::Process call({Flowc, "run", folder.path + "/shop.flow", "--play", "--audio", "voice", "--record", folder.path + "/call.wav", "--journal", "none"});
  const auto ended = call.end(90s);
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(has(ended.out, "no call comes in by `line` (the phone +15550100) yet; it sounds like a line of mulaw, and keys are heard as tones"));
  CHECK(has(ended.out, "Thank you, that is right."));
  CHECK(has(ended.out, "presses 9"));
  CHECK(has(ended.out, "We are open from nine to seven."));
  const auto recording = audio::read_wav(folder.path + "/call.wav");
  REQUIRE(recording);
  CHECK(share_above_4_khz(*recording) < 0.001);
}

TEST_CASE("by a line without keys none comes in, and whoever pressed reads it; the sound is left as it is") {
  const Folder folder("line_call_none");
  folder.write("shop.flow", shop("channel line { phone \"+15550100\"; dtmf none }"));
  folder.write("caller.script", "after 500ms presses \"4\"\nafter 1s hangs_up\n");
  test::Process call({Flowc, "run", folder.path + "/shop.flow", "--play", "--audio", "voice", "--record", folder.path + "/call.wav", "--journal", "none"});
  const auto ended = call.end(90s);
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(has(ended.out, "the key 4 does not come in: `line` has `dtmf none`"));
  CHECK_FALSE(has(ended.out, "presses 4"));
  const auto recording = audio::read_wav(folder.path + "/call.wav");
  REQUIRE(recording);
  CHECK(share_above_4_khz(*recording) > 0.001);
}

TEST_CASE("a channel that the flow does not have is refused, with those that it has") {
  const Folder folder("line_call_unknown");
  folder.write("shop.flow", shop(""));
  test::Process call({Flowc, "run", folder.path + "/shop.flow", "--channel", "line"});
  const auto ended = call.end(20s);
  CHECK(ended.code == 1);
  CHECK(has(ended.err, "R0522"));
  CHECK(has(ended.err, "`room` is a microphone"));
}
