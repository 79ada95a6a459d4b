#include <fmt/format.h>

#include <array>

#include "cli/commands.h"
#include "cli/onlookers.h"
#include "cli/retell.h"

namespace flow::cli {
namespace {

void print_outcome(const Retold& retold, const Console& console) {
  const auto& [replayed, took] = retold;
  const auto times = static_cast<double>(replayed.duration.count()) / 1000 / std::max(took.count(), 1e-6);
  console.print(fmt::format("{} events replayed in {:.1f} ms, {:.0f} times as fast as the call; the same effects {} times{}\n", replayed.events,
                            took.count() * 1000, times, replayed.effects_equal, replayed.whole ? "" : "; its end is missing"));
}

}  // namespace

auto perform(const Replay& replay, const Console& console) -> int {
  const auto refuse = [&](const Error& error) {
    console.fail(error);
    return 1;
  };
  const auto call = read_call(replay.journal);
  if (!call) return refuse(call.error());

  PageOnlooker page(call->program, console);
  FiguresOnlooker figures(call->program);
  const auto retold = retell(*call, std::array<edge::Observer*, 2>{&page, &figures});
  if (!retold) return refuse(retold.error());
  if (!console.quiet) {
    console.print(page.text() + "\n" + figures.text());
    print_outcome(*retold, console);
  }
  if (!replay.record.empty()) {
    if (const auto rendered = store::render_recording(call->journal, replay.record); !rendered) return refuse(rendered.error());
  }
  if (const auto otherwise = told_otherwise(retold->replayed)) return refuse(*otherwise);
  return 0;
}

}  // namespace flow::cli
