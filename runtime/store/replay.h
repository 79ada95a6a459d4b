#pragma once
// A call once more, from its journal: the same events into the same program, and whether the same effects come out.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"
#include "runtime/core/effect.h"
#include "runtime/core/event.h"
#include "runtime/store/journal.h"

namespace flow::store {

struct Difference {
  std::size_t event = 0;        // the first event is 1
  core::Instant at;
  std::string event_text;       // packed
  std::string recorded, replayed;  // packed effects, whole
  auto operator==(const Difference&) const -> bool = default;
};

struct Replayed {
  std::size_t events = 0;
  std::size_t effects_equal = 0;             // lists of effects that were the same, byte for byte
  std::optional<Difference> first_difference;
  core::Millis duration{0};                  // of the call
  bool whole = true;                         // false: the file ends in the middle of a line, as after a power cut
};

// Takes an event at a time of the call and appends the effects: Session::step, or a test's own.
using Step = std::function<void(const core::Event&, core::Instant, core::EffectList&)>;

// The text of a journal. R0402: not a journal, or one line of it is damaged; a torn last line is no error.
auto read_header(std::string_view journal) -> Result<Header>;
auto replay(std::string_view journal, const Step& step) -> Result<Replayed>;
// The recorded samples in the order they were written.
using Hear = std::function<void(Track, core::Samples at, std::span<const std::int16_t>)>;
auto replay_audio(std::string_view journal, const Hear& hear) -> Result<void>;

}  // namespace flow::store
