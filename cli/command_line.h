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
  std::vector<std::string> paths{"."};  // files, and folders of files
  Form form = Form::Text;
  diag::Levels levels;
  bool watch = false;
  bool no_explore = false;
  std::optional<int> bound;        // of the exploration: things that happen in a call
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
  std::string channel;                   // of the flow's, that the call stands for; empty: the first that takes such calls
  std::string input, output;             // devices, by number or part of their name; empty: the default
  bool headset = false;                  // the microphone does not hear the speaker: leave its samples as they are
  bool verbose = false;                  // what the sound libraries print, too
  std::string record, journal;           // empty: under calls/; `none`: not kept
  std::string locale;                    // the language to speak; empty: as the flow is written
  std::string from;                      // who calls: `call.from`
  std::string memory;                    // what outlives the call; empty: calls/memory.sqlite, `none`: nothing does
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
  std::string ears = "recognise";
  std::string key;  // the variable of the environment with the key that clients must bring; empty: any or none will do
  std::optional<std::chrono::milliseconds> latency, lifetime;
  std::uint64_t seed = 1;
};

struct Fmt {
  std::vector<std::string> paths;  // files, folders of files, or `-` alone: from the input to the output
  bool check = false;              // say which are laid out otherwise, and write nothing
  bool to_output = false;          // `--stdout`
};

struct Fix {
  std::vector<std::string> paths;
  bool dry_run = false;  // show the change, and write nothing
};

struct Policy {
  std::string flow;
  std::string tool;  // empty: all
  std::string form = "text";
};

struct Graph {
  std::string flow;
  std::string form = "mermaid";
  std::string output;  // empty: the output
};

struct Docs {
  std::string flow;
  std::string form = "markdown";
  std::string output;
};

struct Diff {
  std::string before, after;
  std::string form = "text";
  bool exit_code = false;  // 1 if they behave differently
};

struct New {
  std::string name;
  std::string kind = "minimal";  // the template
};

struct Completions {
  std::string shell;
};

struct Man {};

struct Lsp {
  bool stdio = false;  // as some editors say; there is no other way
};

struct Replay {
  std::string journal;
  std::string record;
};

struct Trace {
  std::string journal;
  std::string picture;
  std::string otlp;
  bool json = false;
};

struct Test {
  std::vector<std::string> flows{"."};   // files, and folders of files
  std::string filter;                    // only tests with this in their title
  bool json = false;
  std::string junit;                     // a file; empty: none
  std::string coverage;                  // `text`, `html:FILE` or `lcov:FILE`; empty: not asked for
  std::optional<double> fail_under;      // percent of coverage
  std::optional<int> fuzz;               // pairs for each test
  std::uint64_t seed = 1;                // of the fuzzing
  bool generate = false;                 // propose tests for what no test is in
  std::string write;                     // ... into this file; empty: to the output
  auto wants_proposals() const -> bool { return generate || !write.empty(); }
  auto coverage_wanted() const -> bool { return wants_proposals() || !coverage.empty() || fail_under.has_value(); }
};

using Command = std::variant<Show, Check, Fmt, Fix, Policy, Graph, Docs, Diff, New, Ir, Explain, Run, Devices, Simulate, Replay, Trace, Test, Completions, Man, Lsp>;

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

// The names of all commands, in the order in which they are listed.
auto commands() -> std::vector<std::string>;

// Every command and option as a row, for whoever lists them: completions and the manual.
struct OptionRow {
  std::vector<std::string> names;  // `-h`, `--help`
  std::string value;               // `NAME`; empty: it takes none
  std::vector<std::string> words;  // the values it takes, where they are words of ours
  std::string description;
};
struct CommandRow {
  std::string name;
  std::string description;
  std::string positionals;  // `FLOW [TOOL]`
  std::vector<OptionRow> options;
  std::string footer;  // examples
};
auto command_table() -> std::vector<CommandRow>;

}  // namespace flow::cli
