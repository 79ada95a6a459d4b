#include <array>

#include "cli/call_files.h"
#include "cli/commands.h"
#include "cli/onlookers.h"
#include "cli/retell.h"
#include "runtime/telemetry/picture.h"

namespace flow::cli {
namespace {

// `support, 2026-11-20 22:15:00 UTC`
auto title_of(const RecordedCall& call) -> std::string {
  auto time = call.started;
  if (const auto t = time.find('T'); t != time.npos) time[t] = ' ';
  if (time.ends_with('Z')) time.replace(time.size() - 1, 1, " UTC");
  return time.empty() ? call.program.name : call.program.name + ", " + time;
}

}  // namespace

auto perform(const Trace& trace, const Console& console) -> int {
  const auto refuse = [&](const Error& error) {
    console.fail(error);
    return 1;
  };
  const auto call = read_call(trace.journal);
  if (!call) return refuse(call.error());

  PageOnlooker page(call->program, console);
  FiguresOnlooker figures(call->program);
  LinesOnlooker lines(call->program);
  SketchOnlooker sketch(call->program, title_of(*call));
  SpansOnlooker spans(call->program);
  const auto retold = retell(*call, std::array<edge::Observer*, 5>{&page, &figures, &lines, &sketch, &spans}, sketch.hear());
  if (!retold) return refuse(retold.error());

  if (!trace.picture.empty()) {
    if (const auto written = write_file(trace.picture, telemetry::picture(sketch.scene())); !written) return refuse(written.error());
  }
  if (!trace.otlp.empty()) {
    if (const auto written = write_file(trace.otlp, spans.otlp(call->program.name, call->started) + "\n"); !written) return refuse(written.error());
  }
  if (trace.json) console.print(lines.text());
  else if (trace.picture.empty() && trace.otlp.empty() && !console.quiet) console.print(page.text() + "\n" + figures.text());
  if (const auto otherwise = told_otherwise(retold->replayed)) return refuse(*otherwise);
  return 0;
}

}  // namespace flow::cli
