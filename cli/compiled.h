#pragma once
// The first thing that `flowc ir` and `flowc run` do with a flow.

#include <optional>

#include "cli/console.h"
#include "compiler/ir/ir.h"

namespace flow::cli {

// The program of a flow. What is wrong with it is printed; with an error there is none.
auto compiled(const std::string& flow, const Console& console, const std::string& locale = {}) -> std::optional<ir::Program>;

}  // namespace flow::cli
