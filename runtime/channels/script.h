#pragma once
// What a scripted caller does, one step a line:
//
//     # the caller asks, chats meanwhile, and hears the result
//     at 1.5s says "What did I order last week?"
//     after 2s says "Nice weather today."             counted from the end of the agent's reply to the step above
//     after 3s interrupts "Wait, one more thing."     counted from the reply's beginning; speaks over it
//     after 1s murmurs "uh-huh"                       likewise, but means nothing by it: no reply is expected
//     after 2s coughs                                 likewise
//     after 2s presses "0"
//     at 1s voicemail                                 it is an answering machine: it beeps four seconds later
//     waits_for tool lookup_orders delivered within 20s
//     waits_for agent Billing within 10s          and, in what is counted from there, for its first words if it has any
//     after 2s hangs_up
//
// How the caller sounds stands before the first step, each in a line of its own, and holds for the whole call:
//
//     voice cedar             a name; each has a voice of its own
//     speed 0.9               of speaking, 0.25 to 1.5
//     noise 15dB              where the caller stands: so far below their speech
//     line phone              a telephone: 300 to 3400 Hz
//
// What becomes of a caller who is put through stands there, too; without such a line the channel cannot transfer:
//
//     transfer human answers after 3s
//     transfer human fails "busy" after 2s        each line is one try, in their order; the last holds for all further
//
// `at` counts from the beginning of the call. Times are `800ms`, `1.5s`, `2m`. In strings, `\"` and `\\` stand for
// themselves. A script that does not end with `hangs_up` ends as with `after 3s hangs_up`.

#include <optional>
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
struct Murmurs {
  std::string text;
  auto operator==(const Murmurs&) const -> bool = default;
};
struct Coughs {
  auto operator==(const Coughs&) const -> bool = default;
};
struct Presses {
  std::string digits;
  auto operator==(const Presses&) const -> bool = default;
};
struct HangsUp {
  auto operator==(const HangsUp&) const -> bool = default;
};
struct IsMachine {  // an answering machine, which beeps a little later
  auto operator==(const IsMachine&) const -> bool = default;
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
  std::variant<Says, Murmurs, Coughs, Presses, IsMachine, HangsUp, WaitsForTool, WaitsForAgent> act;
  int line = 0;  // from 1
  auto operator==(const Step&) const -> bool = default;
};

// How the caller sounds. Of no account if they type.
struct CallerSound {
  std::string voice = "caller";
  double speed = 1.0;              // 0.25 to 1.5
  std::optional<double> noise_db;  // below the caller's speech, 0 to 60; none: silence around it
  bool by_phone = false;
  auto operator==(const CallerSound&) const -> bool = default;
};

// One try to put the caller through, as it ends.
struct FarSide {
  std::string transfer;    // its name in the flow
  std::string why;         // nobody takes the caller: busy, no answer; empty: somebody does
  core::Millis after{0};   // since the channel was told to
  auto operator==(const FarSide&) const -> bool = default;
};

struct Script {
  std::string name;  // of its file, for messages
  CallerSound sound = {};
  std::vector<FarSide> far_sides = {};
  std::vector<Step> steps;
};

// R0308: the text of the error begins with `name:line:column: `, both from 1, columns in characters.
auto read_script(std::string_view text, std::string name) -> Result<Script>;

}  // namespace flow::channels
