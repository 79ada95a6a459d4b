#include "runtime/wire/openai/audio.h"

#include <catch2/catch_test_macros.hpp>

#include "runtime/wire/base64.h"
#include "runtime/wire/openai/codec.h"
#include "tests/runtime/wire/openai/samples.h"

namespace flow::wire::openai {
namespace {

constexpr AudioDelta Expected{
    .event_id = "e", .response_id = "r", .item_id = "i", .output_index = 2, .content_index = 10, .audio = "AAAB"};

TEST_CASE("an audio delta is found whatever the order and spacing of its members") {
  for (
      const auto* frame :
      {R"({"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":2,"content_index":10,"delta":"AAAB"})",
       R"({"delta":"AAAB","content_index":10,"output_index":2,"item_id":"i","response_id":"r","event_id":"e","type":"response.output_audio.delta"})",
       " {\n\t\"type\" : \"response.output_audio.delta\" , "
       "\"event_id\":\"e\",\"response_id\":\"r\",\r\n\"item_id\":\"i\",\"output_index\": 2 "
       ",\"content_index\":10,\"delta\":\"AAAB\" } \n",
       R"({"type":"response.output_audio.delta","event_id":"e","obfuscation":"xyz","response_id":"r","item_id":"i","output_index":2,"content_index":10,"delta":"AAAB"})"}) {
    CAPTURE(frame);
    CHECK(scan_audio_delta(frame) == Expected);
  }
}

TEST_CASE("the scan agrees with the decoder wherever it does not decline") {
  std::size_t found = 0;
  for (const auto* file : {"server.jsonl", "client.jsonl"}) {
    for (const auto& line : sample_lines(file)) {
      if (const auto scanned = scan_audio_delta(line)) {
        const auto event = decode_server(line).value();
        const auto& delta = std::get<server::AudioDelta>(event.what);
        CHECK(*scanned == AudioDelta{event.event_id, delta.at.item.response_id, delta.at.item.item_id,
                                     delta.at.item.output_index, delta.at.content_index, delta.delta});
        ++found;
      }
      if (const auto scanned = scan_append(line)) {
        const auto event = decode_client(line).value();
        CHECK(*scanned == AppendedAudio{event.event_id, std::get<client::AppendAudio>(event.what).audio});
        ++found;
      }
    }
  }
  CHECK(found == 2);
}

TEST_CASE("anything unusual is left to the decoder") {
  for (
      const auto* frame :
      {"", "{", "{}", "[]", "null", R"({"type":"response.output_audio.delta"})",
       R"({"type":"response.output_audio.delta","response_id":"r","item_id":"i","output_index":0,"content_index":0})",
       R"({"type":"response.output_audio.delta","response_id":"r","item_id":"i","output_index":0,"delta":"AAAB"})",
       R"({"type":"response.output_audio.delta","item_id":"i","output_index":0,"content_index":0,"delta":"AAAB"})",
       R"({"type":"response.output_audio.delta","response_id":"r\u0031","item_id":"i","output_index":0,"content_index":0,"delta":"AAAB"})",
       R"({"type":"response.output_audio.delta","response_id":"r","item_id":"i","output_index":"0","content_index":0,"delta":"AAAB"})",
       R"({"type":"response.output_audio.delta","response_id":"r","item_id":"i","output_index":-1,"content_index":0,"delta":"AAAB"})",
       R"({"type":"response.output_audio.delta","response_id":"r","item_id":"i","output_index":00,"content_index":0,"delta":"AAAB"})",
       R"({"type":"response.output_audio.delta","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":5})",
       R"({"type":"response.output_audio.delta","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"AAAB"}})",
       R"({"type":"response.output_audio.delta","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"AAAB",})",
       R"({"type":"response.output_audio.delta","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"AAAB)",
       R"({"type":"response.output_audio.delta","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"AAAB","more":[1]})",
       R"({"type":"response.output_audio.done","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"AAAB"})"}) {
    CAPTURE(frame);
    CHECK_FALSE(scan_audio_delta(frame));
  }
  for (const auto* frame :
       {R"({"type":"input_audio_buffer.append"})", R"({"type":"input_audio_buffer.append","audio":5})",
        R"({"type":"input_audio_buffer.append","audio":"AAAA","speed":2})",
        R"({"type":"input_audio_buffer.append","audio":"AAAA","event_id":"a\"b"})",
        R"({"type":"input_audio_buffer.append","audio":"AAAA"}x)"}) {
    CAPTURE(frame);
    CHECK_FALSE(scan_append(frame));
  }
}

TEST_CASE("an empty stretch of audio is audio") {
  CHECK(scan_append(R"({"type":"input_audio_buffer.append","audio":""})") == AppendedAudio{"", ""});
}

TEST_CASE("appended audio is what the decoder of a service reads") {
  std::vector<std::int16_t> pcm;
  std::string frame = "left from before";
  for (int n = 0; n < 40; ++n) {
    encode_append(pcm, frame);
    const auto event = decode_client(frame);
    REQUIRE(event);
    std::vector<std::int16_t> back;
    REQUIRE(base64_decode(std::get<client::AppendAudio>(event->what).audio, back));
    REQUIRE(back == pcm);
    REQUIRE(scan_append(frame)->audio == std::get<client::AppendAudio>(event->what).audio);
    pcm.push_back(static_cast<std::int16_t>(n * 1'777 - 30'000));
  }
}

TEST_CASE("an encoded audio delta is what the decoder of a client reads") {
  const std::vector<std::int16_t> pcm{1, -2, 300};
  std::string frame;
  encode_audio_delta({.event_id = "ev",
                      .response_id = "resp_1",
                      .item_id = "item_1",
                      .output_index = 1,
                      .content_index = 0,
                      .audio = {}},
                     pcm, frame);
  const auto scanned = scan_audio_delta(frame);
  REQUIRE(scanned);
  std::vector<std::int16_t> back;
  REQUIRE(base64_decode(scanned->audio, back));
  CHECK(back == pcm);
  const auto event = decode_server(frame).value();
  CHECK(event.event_id == "ev");
  CHECK((std::get<server::AudioDelta>(event.what).at == server::PartPlace{{"resp_1", "item_1", 1}, 0}));
}

}  // namespace
}  // namespace flow::wire::openai
