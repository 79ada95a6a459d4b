#include "cli/onlookers.h"

namespace flow::cli {

TimelineOnlooker::TimelineOnlooker(const ir::Program& program, const Console& console, bool typed)
    : console_(console), typed_(typed), live_(console), timeline_(program, {.colour = console.colour, .width = console.width}) {}

void TimelineOnlooker::happened(const core::Event& event, core::Instant now) {
  now_ = now;
  show(timeline_.on(event, now));
}

void TimelineOnlooker::ordered(const core::Effect& effect, core::Instant now) {
  const auto* decided = std::get_if<core::Decided>(&effect);
  if (typed_ && decided && decided->what == core::Decision::CallerTyped && !console_.quiet) console_.print("\x1b[1A\r\x1b[2K");
  show(timeline_.on(effect, now));
}

void TimelineOnlooker::problem(const Error& error, core::Instant) {
  live_.clear();
  console_.fail(error);
  const bool ended_it = error.code == "R0309" || error.code == "R0313" || error.code == "R0314";
  if (ended_it && !failed_) failed_ = error;
}

void TimelineOnlooker::logged(core::JobId job, std::string_view words) { show(timeline_.logged(job, words, now_)); }

void TimelineOnlooker::show(const std::string& lines) {
  if (!lines.empty() && !console_.quiet) live_.print_above(lines);
}

auto SketchOnlooker::hear() -> store::Hear {
  return [this](store::Track track, core::Samples at, audio::Pcm pcm) { track == store::Track::Caller ? sketch_.caller(at, pcm) : sketch_.agent(at, pcm); };
}

void FiguresOnlooker::measured(edge::Latency what, std::chrono::microseconds took, core::Instant) {
  if (what == edge::Latency::Injection) figures_.injected_in(took);
  else figures_.silent_in(took);
}

}  // namespace flow::cli
