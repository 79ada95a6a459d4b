#pragma once
// A call at a glance, as one SVG file that needs no other: two tracks of sound over time, and what happened between them.
//
// Time runs in rows, as in a score. A row has, from top to bottom: the time, what happened, what the caller said, the
// caller's sound, the delays that the caller felt with their stages, the agent's sound, what of it was heard, and the
// tools. Legible on light and on dark ground: the viewer's preference decides.

#include <string>

#include "runtime/telemetry/scene.h"

namespace flow::telemetry {

// Where a picture has what: for whoever draws into it, or tests it.
struct PictureScale {
  static constexpr double Width = 1'200, Left = 76, Right = 24;
  static constexpr int RowsMax = 12;

  core::Millis row;  // of time
  int rows = 1;

  // A short call has one row, of 5, 10 or 20 s; others as many as it takes, up to RowsMax of 20 s or more.
  static auto of(core::Millis call) -> PictureScale;
  // Pixels from the left edge, of a moment in the row that begins at `begin`.
  auto x(core::Instant at, core::Instant begin) const -> double;
};

// The size is bounded by the rows, which hold what there is room for, and not by the length of the call.
auto picture(const Scene& scene) -> std::string;

}  // namespace flow::telemetry
