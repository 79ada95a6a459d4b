#pragma once
// The lines of a journal. One line is one JSON value; which it is, its first letters tell.
//
//   {"flowjournal":6,"program":"…","started":"…","ir":"…"}   the first
//   {"t":1500,"e":["TimerFired",3]}                           an event, at so many milliseconds of the call
//   {"f":[["SetTimer",4,1500]]}                               what the event before it led to
//   {"c":[480,"base64"]}  {"a":[480,960]}                     the caller's, the agent's sound from sample 480 on:
//                                                             16-bit little-endian PCM, or so many samples of silence
//   {"d":[12,30]}                                             what devices add from here on, in and out, in milliseconds
//   {"lost":960}                                              samples that were not kept: the disk was too slow
//
// Sound stands between the events, in base64, and not in a file of its own: a journal is one file that can be sent to
// somebody, a torn end loses both alike, and the order of everything is the order of the lines. It costs a third more
// bytes (128 KB a second of two voices); silence costs nothing.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/audio/latency.h"
#include "runtime/store/journal.h"

namespace flow::store {

inline constexpr int JournalVersion = 6;

// All append a whole line with its end.
void write_header_line(const Header& header, std::string& out);
void write_event_line(core::Instant at, const core::Event& event, std::string& out);
void write_effects_line(const core::EffectList& effects, std::string& out);
void write_audio_line(Track track, core::Samples at, std::span<const std::int16_t> pcm, std::string& out);
void write_latency_line(audio::Latency latency, std::string& out);
void write_lost_line(core::Samples lost, std::string& out);

struct EventLine {
  core::Instant at;
  std::string_view event;  // packed
};
struct EffectsLine {
  std::string_view effects;  // packed
};
struct AudioLine {
  Track track = Track::Caller;
  core::Samples at;
  std::string_view base64;  // or empty:
  core::Samples silence;
};
struct LatencyLine {
  audio::Latency latency;
};
struct LostLine {
  core::Samples samples;
};
using Line = std::variant<EventLine, EffectsLine, AudioLine, LatencyLine, LostLine>;

// A line without its end, not the first. None: it is damaged. What is packed is looked at by nobody yet.
auto read_line(std::string_view line) -> std::optional<Line>;
auto read_header_line(std::string_view line) -> Result<Header>;
// The samples of a line, over `pcm`; false: it is damaged.
auto read_audio(const AudioLine& line, std::vector<std::int16_t>& pcm) -> bool;

}  // namespace flow::store
