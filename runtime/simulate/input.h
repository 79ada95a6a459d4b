#pragma once
// The caller's audio as the service keeps it: the input buffer, and where in it somebody begins and ends to speak.
//
// Positions are milliseconds of all audio ever written in this session. Nothing here knows a clock: a client that sends
// no audio makes no time pass, as with the real service.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "runtime/audio/pcm.h"
#include "runtime/audio/processing/voice_activity.h"
#include "runtime/audio/resample.h"
#include "runtime/wire/openai/session.h"

namespace flow::simulate {

// How the end of a turn is found. None at all: the client commits.
struct TurnRules {
  bool semantic = false;
  double threshold = 0.5;
  std::int64_t prefix_ms = 300;
  std::int64_t silence_ms = 500;        // of server_vad
  wire::openai::Eagerness eagerness = wire::openai::Eagerness::Auto;
  bool create_response = true;
  bool interrupt_response = true;
  std::optional<std::int64_t> idle_timeout_ms;
  auto operator==(const TurnRules&) const -> bool = default;
};

struct SpeechBegan {
  std::int64_t start_ms = 0;            // with the prefix
};
struct SpeechEnded {
  std::int64_t end_ms = 0;              // with the silence
  std::vector<std::int16_t> pcm;        // the whole turn, 24 kHz
};
using Heard = std::variant<SpeechBegan, SpeechEnded>;

class Input {
 public:
  static constexpr std::int64_t CommitMinMs = 100;

  // From now on; a change of the rules forgets a speech that is under way.
  void use(const std::optional<TurnRules>& rules);
  void use(const wire::openai::AudioFormat& format);

  // Appends bytes of the present format and tells what was heard in them, in order. `unfinished`: what was said so far
  // does not sound like all of it, so semantic turn detection waits longer. False: half a sample.
  auto append(const std::vector<std::uint8_t>& bytes, bool unfinished, std::vector<Heard>& out) -> bool;

  // All since the last commit or clear; empties the buffer.
  auto take() -> std::vector<std::int16_t>;
  void clear();

  // The turn that is being spoken, as far as it was listened to. Until `append`.
  auto turn() const -> audio::Pcm { return audio::Pcm(kept_).first(static_cast<std::size_t>(heard_to_ - kept_from_)); }

  auto speaking() const -> bool { return speaking_; }
  auto buffered_ms() const -> std::int64_t { return buffered_samples_ / core::SamplesPerMs; }
  auto written_ms() const -> std::int64_t { return written_samples_ / core::SamplesPerMs; }

 private:
  auto decode(const std::vector<std::uint8_t>& bytes) -> std::vector<std::int16_t>;
  void listen(bool unfinished, std::vector<Heard>& out);
  void hear_frame(bool voiced, bool unfinished, std::vector<Heard>& out);
  void begin(std::vector<Heard>& out);
  void end(std::vector<Heard>& out);
  void forget_before(std::int64_t sample);
  auto silence_needed_ms(bool unfinished) const -> std::int64_t;

  std::optional<TurnRules> rules_;
  wire::openai::AudioFormat format_ = wire::openai::Pcm{24'000};
  std::unique_ptr<audio::Resampler> from_8k_;

  std::vector<std::int16_t> kept_;       // [kept_from_, kept_from_ + size) of all decoded samples
  std::int64_t kept_from_ = 0;
  std::int64_t written_samples_ = 0;     // by what the client sent, at 24 kHz
  std::int64_t buffered_samples_ = 0;    // of these, since the last commit or clear
  std::int64_t floor_ = 0;               // the last turn's end: the next one's prefix does not reach before it

  std::optional<audio::VoiceActivity> vad_;
  std::int64_t heard_to_ = 0;            // samples that went through the VAD
  std::int64_t voiced_frames_ = 0;       // in a row
  std::int64_t silent_frames_ = 0;       // in a row, while speaking
  bool speaking_ = false;
};

}  // namespace flow::simulate
