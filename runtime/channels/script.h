#pragma once
// What a scripted caller does, one step a line:
//
//     # the caller asks, chats meanwhile, and hears the result
//     at 1.5s says "What did I order last week?"
//     after 2s says "Nice weather today."             counted from the end of the agent's reply to the step above
//     after 3s interrupts "Wait, one more thing."     counted from the reply's beginning; speaks over it
//     after 2s presses "0"
//     waits_for tool lookup_orders delivered within 20s
//     waits_for agent Billing within 10s
//     after 2s hangs_up
//
// `at` counts from the beginning of the call. Times are `800ms`, `1.5s`, `2m`. In strings, `\"` and `\\` stand for
// themselves. A script that does not end with `hangs_up` ends as with `after 3s hangs_up`.

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "compiler/base/result.h"
#include "runtime/core/ids.h"

namespace flow::channels {

// What the delay of a step is counted from.
enum class From { CallStart, ReplyEnd, ReplyStart };

struct Says {
  std::string text;
  auto operator==(const Says&) const -> bool = default;
};
struct Presses {
  std::string digits;
  auto operator==(const Presses&) const -> bool = default;
};
struct HangsUp {
  auto operator==(const HangsUp&) const -> bool = default;
};
struct WaitsForTool {  // until the caller heard the result
  std::string name;
  core::Millis within{0};
  auto operator==(const WaitsForTool&) const -> bool = default;
};
struct WaitsForAgent {  // until it has the call
  std::string name;
  core::Millis within{0};
  auto operator==(const WaitsForAgent&) const -> bool = default;
};

struct Step {
  From from = From::CallStart;  // of waits: nothing
  core::Millis delay{0};
  std::variant<Says, Presses, HangsUp, WaitsForTool, WaitsForAgent> act;
  int line = 0;  // from 1
  auto operator==(const Step&) const -> bool = default;
};

struct Script {
  std::string name;  // of its file, for messages
  std::vector<Step> steps;
};

// R0308: the text of the error begins with `name:line:column: `, both from 1, columns in characters.
auto read_script(std::string_view text, std::string name) -> Result<Script>;

}  // namespace flow::channels
