// flowc itself with virtual devices: what a person would see who speaks with it.

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/pulse.h"

using namespace flow;
using namespace std::chrono_literals;

namespace {

const std::string Flowc = test::binary_dir() + "/cli/flowc";

auto call(std::vector<std::string> options) -> std::vector<std::string> {
  std::vector<std::string> command{Flowc, "run", test::source_dir() + "/examples/01_hello/hello.flow", "--audio", "device", "--record", "none", "--journal", "none"};
  command.insert(command.end(), options.begin(), options.end());
  return command;
}

auto text_of(const std::string& path) -> std::string {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The loudest sample of 16 bits.
auto peak_of(const std::string& bytes) -> int {
  int peak = 0;
  for (std::size_t at = 0; at + 2 <= bytes.size(); at += 2) {
    std::int16_t sample = 0;
    std::memcpy(&sample, bytes.data() + at, 2);
    peak = std::max(peak, std::abs(static_cast<int>(sample)));
  }
  return peak;
}

}  // namespace

#define NEEDS_PULSE() \
  if (!flow::test::Pulse::is_installed()) SKIP("PulseAudio is not installed")

TEST_CASE("the agent is heard from the speaker, and no library prints anything") {
  NEEDS_PULSE();
  test::Pulse pulse;
  pulse.add_speaker("desk");
  pulse.add_speaker("cable");
  pulse.add_microphone("mouth", "cable");
  pulse.make_default("desk", "mouth");
  const auto heard = pulse.folder() + "/heard.raw";
  test::Process listener({"parec", "-d", "desk.monitor", "--raw", "--format=s16le", "--rate=24000", "--channels=1", heard});
  test::Process talk(call({"--for", "4s"}));
  const auto ended = talk.end(30s);
  CHECK(ended.code == 0);
  CHECK(ended.err == "");
  CHECK(ended.out.find("you speak into mouth and hear desk") != std::string::npos);
  CHECK(ended.out.find("gaps in what you heard") != std::string::npos);
  listener.end(0s);
  CHECK(peak_of(text_of(heard)) > 2'000);
}

TEST_CASE("without a sound server no call begins, and the message is all that is printed") {
  ::setenv("PULSE_SERVER", "unix:/nowhere/native", 1);
  const auto ended = test::Process(call({})).end(30s);
  CHECK(ended.code == 1);
  CHECK(ended.out == "");
  CHECK(ended.err.starts_with("flowc: R0310 there is no microphone and no speaker"));
  CHECK(std::ranges::count(ended.err, '\n') == 3);
}

TEST_CASE("a device that is not there is named, with where to look") {
  NEEDS_PULSE();
  test::Pulse pulse;
  pulse.add_speaker("desk");
  const auto ended = test::Process(call({"--input", "guitar"})).end(30s);
  CHECK(ended.code == 1);
  CHECK(ended.err.starts_with("flowc: R0311 no microphone has `guitar` in its name\n  `flowc devices` lists what there is\n"));
}

TEST_CASE("a call whose devices are gone ends in order, with the reason") {
  NEEDS_PULSE();
  test::Pulse pulse;
  const auto module = pulse.add_speaker("desk");
  test::Process talk(call({"--for", "60s"}));
  REQUIRE(talk.prints("connected", 20s));
  pulse.unload(module);
  CHECK(talk.prints("looking for another", 20s));
  const auto ended = talk.end(30s);
  CHECK(ended.code == 1);
  CHECK(ended.err.find("R0314") != std::string::npos);
  CHECK(ended.out.find("the call is over") != std::string::npos);
}

TEST_CASE("the list of devices is for people and for programs") {
  NEEDS_PULSE();
  test::Pulse pulse;
  pulse.add_speaker("hifi", 44'100, 2);
  const auto people = test::Process({Flowc, "devices"}).end(20s);
  CHECK(people.code == 0);
  CHECK(people.out.find("default    44100  pulse   hifi") != std::string::npos);
  const auto programs = test::Process({Flowc, "devices", "--json"}).end(20s);
  CHECK(programs.out.find(R"("name":"hifi","inputs":0,"outputs":2,"default_input":false,"default_output":true,"rate_hz":44100)") != std::string::npos);
  CHECK(programs.err == "");
}
