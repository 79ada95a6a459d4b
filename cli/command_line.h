#pragma once
// What the user asked for: the command line as plain values. The only place that knows the option parser.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "compiler/diag/levels.h"

namespace flow::cli {

// `flowc --help`, `flowc run --help`, `flowc --version`: nothing but text to print.
struct Show {
  std::string text;
};

struct Check {
  enum class Form { Text, Json, Sarif, GitHub };
  std::vector<std::string> paths;  // files, and folders of files
  Form form = Form::Text;
  diag::Levels levels;
  bool watch = false;
};

struct Ir {
  std::string flow;
};

struct Explain {
  std::string code;
};

struct Run {
  std::string flow;
  std::string realtime;                  // a connection's name; empty: the built-in simulated service, or the flow's own
  std::string url;
  bool play = false;                     // the caller's part comes from a script ...
  std::string script;                    // ... this one; empty: the one beside the flow
  std::string audio;                     // the caller's voice: `none`, `voice`, `device` or `wav:FILE`; empty: what the service can hear
  std::string input, output;             // devices, by number or part of their name; empty: the default
  bool headset = false;                  // the microphone does not hear the speaker: leave its samples as they are
  bool verbose = false;                  // what the sound libraries print, too
  std::string record, journal;           // empty: under calls/; `none`: not kept
  std::string wire, trace;
  std::optional<std::chrono::milliseconds> length;  // `--for`
  std::uint64_t seed = 1;                // of the built-in service
};

struct Devices {
  bool json = false;
  bool verbose = false;  // what the sound libraries print, too
};

struct Simulate {
  std::string listen = "127.0.0.1:8080";
  std::string wire, script, chaos;
  std::uint64_t seed = 1;
};

struct Replay {
  std::string journal;
  std::string record;
};

struct Trace {
  std::string journal;
  std::string picture;
  bool json = false;
};

using Command = std::variant<Show, Check, Ir, Explain, Run, Devices, Simulate, Replay, Trace>;

struct CommandLine {
  Command command;
  bool colour = true;  // false: `--no-color`
  bool quiet = false;
};

// `args` without the program's name. An error is what to print on stderr before ending with 2: what is wrong, what was
// probably meant, and where to read on.
auto read_command_line(std::vector<std::string> args) -> tl::expected<CommandLine, std::string>;

// `500ms`, `30s`, `2m`, `1h`; nothing else, and nothing that is not positive.
auto read_duration(const std::string& text) -> std::optional<std::chrono::milliseconds>;

// The names of all commands, and of a command's options, for the tests of the docs.
auto commands() -> std::vector<std::string>;

}  // namespace flow::cli
