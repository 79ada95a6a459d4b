#pragma once
// What the picture and the page around it share.

#include <string_view>

#include "compiler/base/source.h"
#include "compiler/view/graph.h"

namespace flow::view {

// The colours and lines of the picture; everything that tells more has `data-show` with the id of what it shows:
// `flow`, `agent-N`, `tool-N`, `edge-N`.
auto svg_style() -> std::string_view;

}  // namespace flow::view
