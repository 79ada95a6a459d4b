#pragma once
// Which service holds the call. Decided from the command line, the flow and the environment; nothing is opened here.

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "cli/command_line.h"
#include "compiler/base/result.h"
#include "compiler/ir/ir.h"

namespace flow::cli {

// What the environment has under a name; nothing if it is unset or empty.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
auto this_environment() -> Environment;

struct Connection {
  bool embedded = false;  // the simulated service comes with us
  bool hears = false;     // it understands a spoken caller: it recognises speech, or we can tell it the words
  std::string key;        // of the service; empty: none is sent
  std::map<Id<ir::Realtime>, std::string> keys;  // of the connections that agents have of their own, and that stand in
  std::string name;       // for people: "the simulated service"
  std::string note;       // for people: what else should be known; mostly empty
};

// Makes `program.realtime` the connection of the call. Without `--realtime` and `--url` it is the simulated service,
// unless the flow's own connection names an address: no call costs money or needs a key that was not asked for.
//
//   R0501  a key is needed and the environment has none
//   R0505  `--realtime` names nothing that the flow or flowc knows
auto choose_connection(ir::Program& program, const Run& run, const Environment& environment) -> Result<Connection>;

}  // namespace flow::cli
