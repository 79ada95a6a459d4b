// The sound of telephones on the wire.

#include <cmath>

#include "runtime/audio/level.h"
#include "runtime/wire/base64.h"
#include "runtime/wire/openai/audio.h"
#include "runtime/wire/openai/telephone.h"
#include "tests/runtime/wire/openai/link_test.h"

namespace flow::wire::openai {
namespace {

constexpr std::size_t Second = 24'000;

// 400 Hz, well inside what a telephone lets through.
auto tone(std::size_t samples) -> std::vector<std::int16_t> {
  std::vector<std::int16_t> pcm(samples);
  for (std::size_t i = 0; i < samples; ++i) pcm[i] = static_cast<std::int16_t>(8'000 * std::sin(2 * 3.14159265358979 * 400 * static_cast<double>(i) / Second));
  return pcm;
}

auto by_phone(ir::AudioFormat format) -> ir::Program {
  auto program = desk();
  auto& realtime = program.realtimes[program.realtime];
  realtime.audio_in = realtime.audio_out = format;
  return program;
}

TEST_CASE("a second of voice is eight thousand bytes, and comes back as loud as it went") {
  for (const auto format : {ir::AudioFormat::Mulaw, ir::AudioFormat::Alaw}) {
    auto there = telephone_of(format), back = telephone_of(format);
    REQUIRE((there && back));
    const auto pcm = tone(Second);
    std::vector<std::int16_t> heard;
    std::size_t bytes = 0;
    for (std::size_t at = 0; at < pcm.size(); at += 480) {
      const auto wire = there->to_wire(std::span(pcm).subspan(at, 480));
      bytes += wire.size();
      back->from_wire(wire, heard);
    }
    CHECK(bytes > 7'900);
    CHECK(bytes <= 8'000);
    CHECK(heard.size() > 23'700);
    CHECK(std::abs(audio::level(heard).rms_dbfs - audio::level(pcm).rms_dbfs) < 0.5);
  }
  CHECK_FALSE(telephone_of(ir::AudioFormat::Pcm16));
}

TEST_CASE("a link by telephone says so, and speaks and hears so") {
  const auto program = by_phone(ir::AudioFormat::Mulaw);
  const auto dialect = make_dialect({.program = &program, .realtime = program.realtime, .epoch = E1, .after = {}, .unix_now = 0});
  std::vector<std::string> frames;
  dialect->send(core::Configure{.epoch = E1, .config = core::ConfigId{1}, .agent = Desk, .instructions = {}, .functions = {}, .turn_detection = {}, .first = true}, frames);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].find("audio/pcmu") != std::string::npos);
  CHECK(frames[0].find("audio/pcm\"") == std::string::npos);

  std::string frame;
  dialect->append(tone(480), frame);
  const auto sent = scan_append(frame);
  REQUIRE(sent);
  std::vector<std::uint8_t> bytes;
  REQUIRE(base64_decode(sent->audio, bytes));
  CHECK(bytes.size() <= 160);

  std::string codes;
  base64_encode(std::vector<std::uint8_t>(160, 0xff), codes);  // silence
  Ear ear;
  std::vector<core::Event> events;
  dialect->receive(R"({"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":")" + codes + "\"}", ear, events);
  CHECK(ear.heard.size() > 300);
  CHECK(ear.heard.size() <= 480);
}

}  // namespace
}  // namespace flow::wire::openai
