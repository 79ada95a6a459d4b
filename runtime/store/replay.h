#pragma once
// A call once more, from its journal: the same events into the same program, and whether the same effects come out.
// No network, no audio device, no Lua: their answers are events, and events are in the journal.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/base/result.h"
#include "runtime/core/effect.h"
#include "runtime/core/event.h"
#include "runtime/store/journal.h"

namespace flow::store {

struct Difference {
  std::size_t event = 0;           // the first event is 1
  core::Instant at;
  std::string event_text;          // packed
  std::string recorded, replayed;  // packed effects, whole
  auto operator==(const Difference&) const -> bool = default;
};

struct Replayed {
  std::size_t events = 0;          // of the journal
  std::size_t effects_equal = 0;   // events that led to the same effects, byte for byte
  std::optional<Difference> first_difference;  // nothing was replayed after it
  core::Millis duration{0};        // of the call, to its last event
  core::Samples lost;              // samples that the journal could not keep
  bool whole = true;               // false: the end is missing, as after a power cut or a kill
};

// Takes an event at a time of the call and appends the effects: Session::step, or a test's own.
using Step = std::function<void(const core::Event&, core::Instant, core::EffectList&)>;

// What was heard, in the order in which it was recorded.
using Hear = std::function<void(Track, core::Samples at, std::span<const std::int16_t>)>;
// What devices add from here on.
using Delayed = std::function<void(audio::Latency)>;

// All of these take the text of a journal. R0402: it is none, or a line of it is damaged, with the line's number; a torn
// end is no error.
auto read_header(std::string_view journal) -> Result<Header>;
auto replay(std::string_view journal, const Step& step) -> Result<Replayed>;
// With the sound between the events, as it came; after a difference there is neither.
auto replay(std::string_view journal, const Step& step, const Hear& hear, const Delayed& delayed) -> Result<Replayed>;
// The same with the program in the journal, on a session of its own.
auto replay_call(std::string_view journal) -> Result<Replayed>;

// The sound alone.
auto replay_audio(std::string_view journal, const Hear& hear) -> Result<void>;
// Writes the call's recording again, through the same recorder: the same bytes as the one made live, unless the journal
// lost samples. Blocks. Also R0306.
auto render_recording(std::string_view journal, const std::string& wav_path) -> Result<void>;

}  // namespace flow::store
