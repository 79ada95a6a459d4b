#include "runtime/store/replay.h"

#include <fmt/format.h>

#include "compiler/base/match.h"
#include "compiler/ir/hash.h"
#include "compiler/ir/text.h"
#include "runtime/core/session.h"
#include "runtime/store/lines.h"
#include "runtime/store/pack.h"

namespace flow::store {
namespace {

// The lines of a journal behind its header, one after the other.
class Walk {
 public:
  explicit Walk(std::string_view journal) : rest_(journal) { next_text(); }

  // The next line that is whole; none at the end, or at damage.
  auto next() -> std::optional<Line> {
    const auto text = next_text();
    if (!text) return std::nullopt;
    auto line = read_line(*text);
    if (!line) damaged_ = true;
    return line;
  }
  auto torn() const -> bool { return torn_; }
  auto damaged() const -> bool { return damaged_; }
  auto damage() const -> tl::unexpected<Error> { return failure("R0402", fmt::format("line {} of the journal is damaged", number_)); }

 private:
  auto next_text() -> std::optional<std::string_view> {
    if (rest_.empty()) return std::nullopt;
    const auto end = rest_.find('\n');
    torn_ = end == rest_.npos;
    if (torn_) return std::nullopt;
    const auto text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    number_ += 1;
    return text;
  }

  std::string_view rest_;
  std::size_t number_ = 0;
  bool torn_ = false, damaged_ = false;
};

// Steps through the events and compares, until the first difference.
class Comparison {
 public:
  Comparison(const Step& step, Replayed& replayed) : step_(step), replayed_(replayed) {}

  auto event(const EventLine& line) -> bool {
    replayed_.events += 1;
    replayed_.duration = line.at.since_start;
    line_ = line;
    expects_ = true;
    effects_.clear();
    if (replayed_.first_difference) return true;
    const auto event = unpack_event(line.event);
    if (!event) return false;
    step_(*event, line.at, effects_);
    return true;
  }

  auto effects(const EffectsLine& recorded) -> bool {
    if (!std::exchange(expects_, false)) return false;
    if (replayed_.first_difference) return true;
    packed_.clear();
    pack(effects_, packed_);
    if (packed_ == recorded.effects) {
      replayed_.effects_equal += 1;
    } else {
      replayed_.first_difference = Difference{replayed_.events, line_.at, std::string(line_.event), std::string(recorded.effects), packed_};
    }
    return true;
  }

  auto expects_effects() const -> bool { return expects_; }

 private:
  const Step& step_;
  Replayed& replayed_;
  EventLine line_;
  core::EffectList effects_;
  std::string packed_;
  bool expects_ = false;  // an event was taken, and what it led to comes next
};

}  // namespace

auto read_header(std::string_view journal) -> Result<Header> { return read_header_line(journal.substr(0, journal.find('\n'))); }

auto replay(std::string_view journal, const Step& step) -> Result<Replayed> { return replay(journal, step, {}, {}); }

auto replay(std::string_view journal, const Step& step, const Hear& hear, const Delayed& delayed) -> Result<Replayed> {
  if (const auto header = read_header(journal); !header) return tl::unexpected{header.error()};
  Replayed replayed;
  Comparison comparison(step, replayed);
  Walk walk(journal);
  std::vector<std::int16_t> pcm;
  while (const auto line = walk.next()) {
    const bool good = match(
        *line, [&](const EventLine& event) { return !comparison.expects_effects() && comparison.event(event); },
        [&](const EffectsLine& effects) { return comparison.effects(effects); },
        [&](const AudioLine& audio) {
          if (!hear || replayed.first_difference) return true;
          if (!read_audio(audio, pcm)) return false;
          hear(audio.track, audio.at, pcm);
          return true;
        },
        [&](const LatencyLine& told) {
          if (delayed && !replayed.first_difference) delayed(told.latency);
          return true;
        },
        [&](const LostLine& lost) {
          replayed.lost = replayed.lost + lost.samples;
          return true;
        });
    if (!good) return walk.damage();
  }
  if (walk.damaged()) return walk.damage();
  replayed.whole = !walk.torn() && !comparison.expects_effects();
  return replayed;
}

auto replay_call(std::string_view journal) -> Result<Replayed> {
  const auto header = read_header(journal);
  if (!header) return tl::unexpected{header.error()};
  const auto program = ir::read_text(header->program_text);
  if (!program) return failure("R0402", "the program in the journal cannot be read", "was the journal written by another version of this program?");
  if (ir::content_hash(*program) != header->program_hash) return failure("R0402", "the program in the journal is not the one that its hash names");
  core::Session session(*program);
  return replay(journal, [&](const core::Event& event, core::Instant now, core::EffectList& out) { session.step(event, now, out); });
}

auto replay_audio(std::string_view journal, const Hear& hear) -> Result<void> {
  if (const auto header = read_header(journal); !header) return tl::unexpected{header.error()};
  Walk walk(journal);
  std::vector<std::int16_t> pcm;
  while (const auto line = walk.next()) {
    const auto* audio = std::get_if<AudioLine>(&*line);
    if (!audio) continue;
    if (!read_audio(*audio, pcm)) return walk.damage();
    hear(audio->track, audio->at, pcm);
  }
  if (walk.damaged()) return walk.damage();
  return {};
}

}  // namespace flow::store
