// Whole calls by voice: what is said is heard, by whoever listens.

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "runtime/simulate/decoder.h"
#include "runtime/simulate/voice.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/pulse.h"

using namespace flow;
using namespace std::chrono_literals;

namespace {

const std::string Flowc = test::binary_dir() + "/cli/flowc";

const std::string Shop = R"(
flow shop { start desk; max_duration 5m }

/// Tell when the shop is open.
tool opening_hours() -> string pure {
  lua      "shop.lua"
  examples "when are you open", "what are your opening hours"
}

agent desk {
  voice        "marin"
  greet first  "Good morning."
  barge_in     { after 200ms; resume 1500ms; backchannels "uh-huh", "okay" }
  instructions "You answer the phone of a small shoe shop."
  tools        opening_hours
}

realtime voice { provider openai; model "gpt-realtime"; key secret("OPENAI_API_KEY"); transcription "whisper-1" }
)";
const std::string Hours = "From Monday to Saturday we are open from nine in the morning to seven in the evening.";

// A folder with the flow above, a caller's script and their Lua.
struct Folder {
  std::string path;
  explicit Folder(const std::string& name) : path(test::binary_dir() + "/" + name) {
    std::filesystem::create_directories(path);
    write("shop.flow", Shop);
    write("shop.lua", "function opening_hours() return '" + Hours + "' end\n");
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path + "/" + name, std::ios::binary) << text; }
};

auto bytes_of(const std::string& path) -> std::string {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// `silence`, then the words, as a sound card takes them: 24 kHz, 16 bits, mono.
auto spoken(const std::string& words, std::chrono::milliseconds silence) -> std::string {
  std::vector<std::int16_t> pcm(static_cast<std::size_t>(silence.count() * 24));
  simulate::Voice voice;
  const auto& speech = voice.speak(words, {.voice = "caller"});
  pcm.insert(pcm.end(), speech.pcm.begin(), speech.pcm.end());
  pcm.resize(pcm.size() + 24'000);
  return {reinterpret_cast<const char*>(pcm.data()), pcm.size() * sizeof(std::int16_t)};
}

// What a stranger hears in a recording, who knows what a shop may talk about.
auto understood(const std::string& bytes) -> std::string {
  std::vector<std::int16_t> pcm(bytes.size() / sizeof(std::int16_t));
  std::memcpy(pcm.data(), bytes.data(), pcm.size() * sizeof(std::int16_t));
  auto decoder = simulate::load_decoder(simulate::speech_model_folder());
  REQUIRE(decoder);
  (*decoder)->begin("Good morning. We are open from nine to seven.\nFrom Monday to Saturday.\nIn the morning and in the evening.\n");
  (*decoder)->hear(pcm);
  return (*decoder)->end().text;
}

auto has(const std::string& text, const std::string& part) -> bool { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a question spoken into the microphone is understood, and the answer is heard from the speaker in the right words") {
  if (!test::Pulse::is_installed()) SKIP("PulseAudio is not installed");
  const Folder folder("spoken_device_call");
  test::Pulse pulse;
  pulse.add_speaker("desk");
  pulse.add_speaker("cable");
  pulse.add_microphone("mouth", "cable");
  pulse.make_default("desk", "mouth");
  folder.write("question.raw", spoken("When are you open?", 3s));

  const auto heard = folder.path + "/heard.raw";
  test::Process listener({"parec", "-d", "desk.monitor", "--raw", "--format=s16le", "--rate=24000", "--channels=1", heard});
  test::Process talk({Flowc, "run", folder.path + "/shop.flow", "--audio", "device", "--headset", "--record", "none", "--journal", "none", "--for", "16s"});
  REQUIRE(talk.prints("connected", 20s));
  test::Process caller({"paplay", "-d", "cable", "--raw", "--format=s16le", "--rate=24000", "--channels=1", folder.path + "/question.raw"});
  const auto ended = talk.end(40s);
  listener.end(0s);
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(has(ended.out, "are you open"));
  CHECK(has(ended.out, "opening_hours"));

  const auto words = understood(bytes_of(heard));
  INFO("heard from the speaker: " << words);
  CHECK(has(words, "morning"));
  CHECK(has(words, "monday to saturday"));
  CHECK(has(words, "open from nine"));
  CHECK(has(words, "evening"));
}

TEST_CASE("a murmur does not stop the agent, words do, and what the model is told it said is what was heard") {
  const Folder folder("spoken_interruptions");
  folder.write("caller.script",
               "after 500ms says \"When are you open?\"\n"
               "after 1s murmurs \"uh-huh\"\n"
               "after 3500ms interrupts \"Stop, that is enough, thank you.\"\n"
               "after 2s hangs_up\n");
  const auto wire = folder.path + "/wire.jsonl";
  test::Process talk({Flowc, "run", folder.path + "/shop.flow", "--play", folder.path + "/caller.script", "--audio", "voice", "--record", "none", "--journal", "none", "--wire", wire});
  const auto ended = talk.end(60s);
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  const auto answer = ended.out.find("From Monday");
  REQUIRE(answer != std::string::npos);
  const auto cut = ended.out.find("cut after", answer);
  REQUIRE(cut != std::string::npos);
  CHECK(has(ended.out.substr(cut, 80), "From Monday to Saturday"));  // so the murmur in its second word was none
  CHECK_FALSE(has(ended.out.substr(cut, 160), "seven in the evening"));
  CHECK(has(bytes_of(wire), "conversation.item.truncate"));
}
