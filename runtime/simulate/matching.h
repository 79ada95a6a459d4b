#pragma once
// Which tool fits what the caller said, and with which arguments.

#include <optional>
#include <string>
#include <vector>

#include "runtime/simulate/model.h"

namespace flow::simulate {

struct Fit {
  const Tool* tool = nullptr;
  double score = 0;
};

// A tool is meant from here on: one word of its name, or two of its description.
inline constexpr double FitMin = 1.5;

// The tool that shares most with `said`. Words of the name, the description, its examples and the parameters count;
// those that several tools share count less. The score may be below FitMin; no tools, no tool.
auto best_fit(const std::vector<Tool>& tools, std::string_view said) -> Fit;

// The tool whose required key (a number, a postcode) our question named and the answer gives; or null.
auto tool_asked_for(const std::vector<Tool>& tools, std::string_view question, std::string_view answer) -> const Tool*;

// Arguments for a call, or the question that has to be asked first because something required was not said.
struct Arguments {
  std::string json;
  std::string missing;  // "order number"; empty: nothing
};

// Fills the required parameters by their type from what was said, and from older turns and results if it is not there.
// Optional ones are filled only if the words name them.
auto fill(const Tool& tool, std::string_view said, const std::vector<Line>& older) -> Arguments;

// "order_id" as people say it: "order number".
auto spoken_name(std::string_view name) -> std::string;

}  // namespace flow::simulate
