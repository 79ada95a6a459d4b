#include "cli/retell.h"

#include <fmt/format.h>

#include "cli/call_files.h"
#include "compiler/ir/text.h"
#include "runtime/core/session.h"

namespace flow::cli {

auto read_call(const std::string& path) -> Result<RecordedCall> {
  auto journal = read_file(path);
  if (!journal) return tl::unexpected(journal.error());
  const auto header = store::read_header(*journal);
  if (!header) return tl::unexpected(header.error());
  auto program = ir::read_text(header->program_text);
  if (!program) return failure("R0402", "the program in the journal cannot be read", "was it written by another version of flowc?");
  return RecordedCall{std::move(*journal), header->started, std::move(*program)};
}

auto retell(const RecordedCall& call, std::span<edge::Observer* const> observers, const store::Hear& hear) -> Result<Retold> {
  core::Session session(call.program);
  telemetry::Delays delays;
  const auto show = [&](const auto& to) {
    for (auto* observer : observers) to(*observer);
  };
  const auto show_delay = [&](const std::optional<telemetry::Delay>& delay) {
    if (delay) show([&](edge::Observer& observer) { observer.delayed(*delay); });
  };
  const auto begin = std::chrono::steady_clock::now();
  auto replayed = store::replay(
      call.journal,
      [&](const core::Event& event, core::Instant at, core::EffectList& effects) {
        session.step(event, at, effects);
        show([&](edge::Observer& observer) { observer.happened(event, at); });
        show_delay(delays.on(event, at));
        for (const auto& effect : effects) {
          show([&](edge::Observer& observer) { observer.ordered(effect, at); });
          show_delay(delays.on(effect, at));
        }
      },
      [&](store::Track track, core::Samples at, audio::Pcm pcm) {
        if (hear) hear(track, at, pcm);
        show_delay(track == store::Track::Caller ? delays.caller(at, pcm) : delays.agent(at, pcm));
      },
      [&](audio::Latency latency) { delays.latency(latency); });
  if (!replayed) return tl::unexpected(replayed.error());
  return Retold{std::move(*replayed), std::chrono::steady_clock::now() - begin};
}

auto told_otherwise(const store::Replayed& replayed) -> std::optional<Error> {
  if (!replayed.first_difference) return std::nullopt;
  const auto& d = *replayed.first_difference;
  return Error{"R0403", fmt::format("event {} ({} ms) led to something else than in the call\n  event     {}\n  recorded  {}\n  replayed  {}", d.event,
                                    d.at.since_start.count(), d.event_text, d.recorded, d.replayed),
               "this flowc decides otherwise than the one that held the call"};
}

}  // namespace flow::cli
