#pragma once
// A call as a person reads it while it happens: who speaks, where the agent was cut, what the tools do meanwhile.
//
//     2.90 s        caller      what did I order last week?
//     2.91 s  ●     lookup_orders  query "last week"
//     3.31 s  │     lookup_orders  no result yet, the caller is told so
//     3.52 s  │     concierge   One moment, I'm looking that up.  (620 ms)
//     6.01 s  ◆     lookup_orders  ready after 3.1 s
//     6.01 s  │     concierge   ✂ cut after 1.2 s: We do sell boots, in
//
// A run of a tool is a line down the page, from ● to ✓ or ✗. Time in parentheses is how long the caller waited for the
// voice. Lines are only ever appended.
//
// What the agent says stands where its voice began. Its words run ahead of the voice but are not there at once, and the
// words of the turn that it answers come later still; so the line is held back until both are there, for a second at
// most, and goes ahead of any other line.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/core/event.h"
#include "runtime/telemetry/jobs.h"
#include "runtime/telemetry/paint.h"
#include "runtime/telemetry/personal.h"

namespace flow::telemetry {

class Timeline {
 public:
  // `program` must outlive the timeline.
  Timeline(const ir::Program& program, Style style);

  // All events and effects are to be shown, in order. Returns whole lines to print, or nothing.
  auto on(const core::Event& event, core::Instant now) -> std::string;
  auto on(const core::Effect& effect, core::Instant now) -> std::string;
  // A line that a tool wrote for people.
  auto logged(core::JobId job, std::string_view words, core::Instant now) -> std::string;

 private:
  struct Speech {                 // of the agent, since it began to sound
    core::Instant began;
    Id<ir::Agent> agent;
    core::ResponseId response;
    core::Millis waited{0};
    std::string shown;            // words already on the page
    bool on_page = false;
  };

  void decided(const core::Decided& decided, core::Instant now);
  void caller_said(std::string_view words, core::Instant now);
  void agent_said(const core::Decided& decided, core::Instant now);
  void agent_cut(const core::Decided& decided, core::Instant now);
  void speech(const core::Decided& decided, core::Instant now);
  void call(const core::Decided& decided, core::Instant now);
  void tool(const core::Decided& decided, core::Instant now);
  void started(const core::StartTool& start, core::Instant now);

  void show_speech();
  void show_speech_if_due(core::Instant now);
  void show_rest(const std::string& words, core::Instant now);
  void tool_line(core::JobId job, std::string_view name, core::Instant now, std::string_view mark, std::string_view words, Paint paint);
  // A line, after the agent's that is held back.
  void line(core::Instant at, std::string_view gutter, std::string_view who, Paint paint, std::string_view words, std::string_view note = {});
  void put(core::Instant at, std::string_view gutter, std::string_view who, Paint paint, std::string_view words, std::string_view note = {});
  auto gutter(core::JobId job, std::string_view mark) const -> std::string;
  auto where_to(std::string_view name) const -> std::string;
  auto name_of(Id<ir::Agent> agent) const -> std::string_view;
  auto words_of(core::ResponseId response) -> std::string&;

  const ir::Program* program_;
  Style style_;
  std::size_t who_width_;
  JobNames jobs_;
  Personal personal_;
  std::string out_;               // lines of the current step

  std::vector<core::JobId> lanes_;  // runs that are drawn, by lane; none: the lane is free
  std::optional<Speech> speech_;
  int overlapped_ = 0;              // speeches before it whose end is not known yet
  std::optional<core::Instant> turn_ended_;  // of the caller, whose words have not come yet
  core::ResponseId admitted_;       // whose voice may sound
  std::map<core::ResponseId, std::string> words_;
  std::set<core::ResponseId> complete_;
};

}  // namespace flow::telemetry
