#include <fmt/format.h>

#include <chrono>

#include "cli/call_files.h"
#include "cli/commands.h"
#include "compiler/ir/text.h"
#include "runtime/core/session.h"
#include "runtime/store/replay.h"
#include "runtime/telemetry/figures.h"
#include "runtime/telemetry/timeline.h"

namespace flow::cli {
namespace {

auto program_of(const std::string& journal) -> Result<ir::Program> {
  const auto header = store::read_header(journal);
  if (!header) return tl::unexpected(header.error());
  auto program = ir::read_text(header->program_text);
  if (!program) return failure("R0402", "the program in the journal cannot be read", "was it written by another version of flowc?");
  return std::move(*program);
}

void print_outcome(const store::Replayed& replayed, std::chrono::duration<double> took, const Console& console) {
  const auto times = static_cast<double>(replayed.duration.count()) / 1000 / std::max(took.count(), 1e-6);
  console.print(fmt::format("{} events replayed in {:.1f} ms, {:.0f} times as fast as the call; the same effects {} times{}\n", replayed.events,
                            took.count() * 1000, times, replayed.effects_equal, replayed.whole ? "" : "; its end is missing"));
}

auto differs(const store::Difference& d) -> Error {
  return {"R0403", fmt::format("event {} ({} ms) led to something else than in the call\n  event     {}\n  recorded  {}\n  replayed  {}", d.event,
                               d.at.since_start.count(), d.event_text, d.recorded, d.replayed),
          "this flowc decides otherwise than the one that held the call"};
}

}  // namespace

auto perform(const Replay& replay, const Console& console) -> int {
  const auto refuse = [&](const Error& error) {
    console.fail(error);
    return 1;
  };
  const auto journal = read_file(replay.journal);
  if (!journal) return refuse(journal.error());
  const auto program = program_of(*journal);
  if (!program) return refuse(program.error());

  core::Session session(*program);
  telemetry::Timeline timeline(*program, {.colour = console.colour, .width = console.width});
  telemetry::Figures figures(*program);
  std::string page;
  const auto begin = std::chrono::steady_clock::now();
  const auto replayed = store::replay(*journal, [&](const core::Event& event, core::Instant at, core::EffectList& effects) {
    page += timeline.on(event, at);
    figures.on(event, at);
    session.step(event, at, effects);
    for (const auto& effect : effects) {
      page += timeline.on(effect, at);
      figures.on(effect, at);
    }
  });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  if (!replayed) return refuse(replayed.error());
  if (!console.quiet) {
    console.print(page + "\n" + figures.text());
    print_outcome(*replayed, took, console);
  }
  if (!replay.record.empty()) {
    if (const auto rendered = store::render_recording(*journal, replay.record); !rendered) return refuse(rendered.error());
  }
  if (replayed->first_difference) return refuse(differs(*replayed->first_difference));
  return 0;
}

}  // namespace flow::cli
