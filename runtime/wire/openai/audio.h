#pragma once
// The two events that are nearly all of the traffic, without a tree and without allocating.
//
// The scans know one flat object of plain texts and whole numbers, its members in any order. Whatever else a frame may
// be (an escape in a text, something nested, a fault) is left to the decoders of codec.h, so a scan may always say no.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace flow::wire::openai {

// Views into the frame. The audio is base64 that nobody has checked yet.
struct AudioDelta {  // response.output_audio.delta
  std::string_view event_id, response_id, item_id;
  std::int64_t output_index = 0, content_index = 0;
  std::string_view audio;
  auto operator==(const AudioDelta&) const -> bool = default;
};
auto scan_audio_delta(std::string_view frame) -> std::optional<AudioDelta>;

struct AppendedAudio {        // input_audio_buffer.append
  std::string_view event_id;  // empty: none
  std::string_view audio;
  auto operator==(const AppendedAudio&) const -> bool = default;
};
auto scan_append(std::string_view frame) -> std::optional<AppendedAudio>;

// One stretch of the caller's audio as a client's event.
//
//   pcm      [n] samples, mono, 24 kHz, native byte order; any n up to 15 MiB, usually 480 (20 ms)
//   out      overwritten: 4 * ceil(2n / 3) characters of base64 and some fifty more; with its capacity kept nothing is
//            allocated
//   thread   any; touches nothing shared
//   source   OpenAI Realtime, client event input_audio_buffer.append
void encode_append(std::span<const std::int16_t> pcm, std::string& out);
// The same of bytes that are coded already, such as G.711.
void encode_append(std::span<const std::uint8_t> bytes, std::string& out);

// The same for the service's side. `at.audio` is not looked at; its ids must need no escape.
void encode_audio_delta(const AudioDelta& at, std::span<const std::int16_t> pcm, std::string& out);

}  // namespace flow::wire::openai
