#pragma once
// The other service that the simulated one stands in for: words in, sound out, as ElevenLabs has it over HTTP,
// `POST /v1/text-to-speech/VOICE/stream?output_format=pcm_24000`. Source: the notes on providers of a cascade, section 4.

#include <optional>
#include <string>

#include "runtime/net/endpoint.h"
#include "runtime/simulate/options.h"
#include "runtime/simulate/voice.h"

namespace flow::simulate {

struct ReadAloud {
  int status = 200;
  std::string type = "application/json";
  std::string body;  // the samples, or what is wrong as JSON
};

// Nothing: the request is for somebody else. PCM at 24 kHz is all that there is.
auto read_aloud(const std::string& method, const std::string& target, const net::Headers& headers, const std::string& body, Voice& voice, const Options& options) -> std::optional<ReadAloud>;

}  // namespace flow::simulate
