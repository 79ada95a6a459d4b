#pragma once
// A service that turns words into sound, for lines that must be said exactly as they are written.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/tools/access.h"

namespace flow::tools {

// POSTs `{"text": WORDS}` to the service's address and hands over what comes: 24 kHz mono, 16 bits, little-endian, in
// pieces that may end between two bytes of a sample. Voice and model are in the address, as ElevenLabs has them:
// `/v1/text-to-speech/VOICE/stream?output_format=pcm_24000`. `done` is called once, on the loop, never inside: an answer that
// is no such sound is R0230. Dropping what comes back gives the rest up.
auto speak(Access& access, const Settings& settings, const ir::Service& service, const std::string& words, std::function<void(std::string_view piece)> on_piece,
           std::function<void(Result<void>)> done) -> std::shared_ptr<void>;

}  // namespace flow::tools
