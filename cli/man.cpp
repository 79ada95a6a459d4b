#include <fmt/format.h>

#include <algorithm>

#include "cli/command_line.h"
#include "cli/completions.h"
#include "cli/version.h"

namespace flow::cli {
namespace {

// Text as man's roff takes it: a line must not begin with a dot, and a hyphen of an option is one that can be copied.
auto roff(std::string_view text) -> std::string {
  std::string out;
  for (const char c : text) {
    if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
    if (c == '-') out += "\\-";
    else if (c == '\\') out += "\\e";
    else out += c;
  }
  return out;
}

auto option(const OptionRow& row) -> std::string {
  std::string names;
  for (const auto& name : row.names) names += fmt::format("{}\\fB{}\\fR", names.empty() ? "" : ", ", roff(name));
  return fmt::format(".TP\n{}{}\n{}\n", names, row.value.empty() ? "" : fmt::format(" \\fI{}\\fR", roff(row.value)), roff(row.description));
}

// Those of every command, said once.
auto is_common(const OptionRow& row) -> bool {
  return std::ranges::any_of(row.names, [](const std::string& name) { return name == "--help" || name == "--no-color" || name == "--quiet"; });
}

}  // namespace

auto manual() -> std::string {
  const auto table = command_table();
  auto out = fmt::format(".TH FLOWC 1 \"\" \"flowc {}\" \"User Commands\"\n.SH NAME\nflowc \\- compile and run .flow files: real\\-time voice agents\n.SH SYNOPSIS\n", Version);
  for (const auto& command : table) out += fmt::format(".B flowc {}\n[options] {}\n.br\n", command.name, roff(command.positionals));
  out += ".SH DESCRIPTION\nA .flow file is the whole behaviour of a voice agent: who speaks, what they may do, how the call moves, and what happens when two\nthings want the caller's ear at once. flowc checks such files, holds calls with them, and shows what is in them.\n.SH COMMANDS\n";
  for (const auto& command : table) {
    out += fmt::format(".SS flowc {} {}\n{}.\n", command.name, roff(command.positionals), roff(command.description));
    for (const auto& each : command.options) {
      if (!is_common(each)) out += option(each);
    }
    if (!command.footer.empty()) out += fmt::format(".PP\n.nf\n{}\n.fi\n", roff(command.footer));
  }
  out += ".SH OPTIONS OF EVERY COMMAND\n";
  for (const auto& each : table.front().options) {
    if (is_common(each)) out += option(each);
  }
  return out + ".SH EXIT STATUS\n0 done, 1 the flow or the call failed, 2 wrong usage.\n.SH SEE ALSO\n.B flowc explain CODE\nprints what a message means and what to do.\n";
}

}  // namespace flow::cli
