#include "runtime/store/lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/store/pack.h"
#include "runtime/store/text.h"
#include "runtime/wire/base64.h"

namespace flow::store {
namespace {

// One stretch of silence that a line may claim: an hour. More is damage, and would be memory.
constexpr std::int64_t SilenceMax = std::int64_t{3'600'000} * core::SamplesPerMs;

auto read_event_line(Reader& in, std::string_view line) -> std::optional<Line> {
  std::int64_t at = 0;
  in.read_whole(at);
  in.expect(R"(,"e":)");
  if (in.failed() || at < 0) return std::nullopt;
  return EventLine{{core::Millis{at}}, line.substr(in.at(), line.size() - in.at() - 1)};
}

auto read_audio_line(Reader& in, std::string_view line, Track track) -> std::optional<Line> {
  AudioLine audio{.track = track};
  in.read_whole(audio.at.count);
  in.expect(",");
  if (in.take("\"")) {
    // Base64 needs no escapes: the text ends where the line does.
    if (in.failed() || !line.ends_with("\"]}") || line.size() < in.at() + 3) return std::nullopt;
    audio.base64 = line.substr(in.at(), line.size() - in.at() - 3);
    return audio;
  }
  in.read_whole(audio.silence.count);
  in.expect("]}");
  if (in.failed() || !in.at_end() || audio.silence.count < 0 || audio.silence.count > SilenceMax) return std::nullopt;
  return audio;
}

auto read_latency_line(Reader& in) -> std::optional<Line> {
  std::int64_t sound_in = 0, sound_out = 0;
  in.read_whole(sound_in);
  in.expect(",");
  in.read_whole(sound_out);
  in.expect("]}");
  if (in.failed() || !in.at_end()) return std::nullopt;
  return LatencyLine{{core::Millis{sound_in}, core::Millis{sound_out}}};
}

}  // namespace

void write_header_line(const Header& header, std::string& out) {
  out += fmt::format(R"({{"flowjournal":{},"program":)", JournalVersion);
  write_text(header.program_hash, out);
  out += R"(,"started":)";
  write_text(header.started, out);
  out += R"(,"ir":)";
  write_text(header.program_text, out);
  out += "}\n";
}

void write_event_line(core::Instant at, const core::Event& event, std::string& out) {
  out += R"({"t":)";
  write_whole(at.since_start.count(), out);
  out += R"(,"e":)";
  pack(event, out);
  out += "}\n";
}

void write_effects_line(const core::EffectList& effects, std::string& out) {
  out += R"({"f":)";
  pack(effects, out);
  out += "}\n";
}

void write_audio_line(Track track, core::Samples at, std::span<const std::int16_t> pcm, std::string& out) {
  out += track == Track::Caller ? R"({"c":[)" : R"({"a":[)";
  write_whole(at.count, out);
  out += ',';
  if (std::ranges::all_of(pcm, [](std::int16_t sample) { return sample == 0; })) {
    write_whole(static_cast<std::int64_t>(pcm.size()), out);
  } else {
    out += '"';
    wire::base64_encode(pcm, out);
    out += '"';
  }
  out += "]}\n";
}

void write_latency_line(audio::Latency latency, std::string& out) {
  out += fmt::format("{{\"d\":[{},{}]}}\n", latency.in.count(), latency.out.count());
}

void write_lost_line(core::Samples lost, std::string& out) { out += fmt::format("{{\"lost\":{}}}\n", lost.count); }

auto read_line(std::string_view line) -> std::optional<Line> {
  if (!line.ends_with('}')) return std::nullopt;
  Reader in(line);
  if (in.take(R"({"t":)")) return read_event_line(in, line);
  if (in.take(R"({"f":)")) return EffectsLine{line.substr(in.at(), line.size() - in.at() - 1)};
  if (in.take(R"({"c":[)")) return read_audio_line(in, line, Track::Caller);
  if (in.take(R"({"a":[)")) return read_audio_line(in, line, Track::Agent);
  if (in.take(R"({"d":[)")) return read_latency_line(in);
  LostLine lost;
  in.expect(R"({"lost":)");
  in.read_whole(lost.samples.count);
  in.expect("}");
  if (in.failed() || !in.at_end()) return std::nullopt;
  return lost;
}

auto read_header_line(std::string_view line) -> Result<Header> {
  Reader in(line);
  int version = 0;
  Header header;
  in.expect(R"({"flowjournal":)");
  in.read_whole(version);
  if (in.failed()) return failure("R0402", "this is not a journal of a call", "`flowc run --journal OUT` writes one");
  if (version != JournalVersion) return failure("R0402", fmt::format("the journal has format {}, this program reads {}", version, JournalVersion));
  in.expect(R"(,"program":)");
  in.read(header.program_hash);
  in.expect(R"(,"started":)");
  in.read(header.started);
  in.expect(R"(,"ir":)");
  in.read(header.program_text);
  in.expect("}");
  if (in.failed() || !in.at_end()) return failure("R0402", fmt::format("the first line of the journal is damaged at byte {}", in.at()));
  return header;
}

auto read_audio(const AudioLine& line, std::vector<std::int16_t>& pcm) -> bool {
  if (!line.base64.empty()) return wire::base64_decode(line.base64, pcm);
  pcm.assign(static_cast<std::size_t>(line.silence.count), 0);
  return true;
}

}  // namespace flow::store
