#pragma once
// Where boxes and arrows go, so that arrows go down and rarely cross. Graphviz's `dot` does it; it is known here alone.

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/base/result.h"

namespace flow::view {

// All in points; y grows downwards.
struct Point {
  double x = 0, y = 0;
};
struct Box {
  double width = 0, height = 0;
  Point centre;  // the layout's answer
};
struct Arrow {
  std::size_t from = 0, to = 0;  // boxes
  Box label;                     // without a label both are 0
  std::vector<Point> curve;      // the layout's answer: a start, then three points for each Bézier part
};
struct Layout {
  std::vector<Box> boxes;
  std::vector<Arrow> arrows;
  double width = 0, height = 0;  // the layout's answer
};

// Fills in the answers. One at a time: Graphviz keeps state of its own.
auto lay_out(Layout layout) -> Result<Layout>;

}  // namespace flow::view
