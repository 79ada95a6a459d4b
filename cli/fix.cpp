#include "compiler/fix/fix.h"

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/flow_files.h"
#include "compiler/diag/render.h"

namespace flow::cli {
namespace {

// The lines of a diff in the colours in which people know them.
auto painted(const std::string& diff) -> std::string {
  std::string out;
  for (std::size_t at = 0; at < diff.size();) {
    const auto end = std::min(diff.find('\n', at), diff.size() - 1) + 1;
    const auto line = diff.substr(at, end - at);
    const auto* colour = line[0] == '+' ? "\x1b[32m" : line[0] == '-' ? "\x1b[31m" : line[0] == '@' ? "\x1b[36m" : "";
    out += *colour ? colour + line.substr(0, line.size() - 1) + "\x1b[0m\n" : line;
    at = end;
  }
  return out;
}

}  // namespace

auto perform(const Fix& fix, const Console& console) -> int {
  const auto files = find_flows(fix.paths);
  if (!files) {
    console.fail(files.error());
    return 2;
  }
  const auto fixed = fix::fix(*files);
  for (const auto& file : fixed.files) {
    if (fix.dry_run) {
      const auto change = fix::diff(file);
      console.print(console.colour ? painted(change) : change);
    } else if (const auto written = write_file(file.path, file.after); !written) {
      console.fail(written.error());
      return 1;
    }
  }
  const auto& report = fixed.rest.report;
  if (!console.quiet && !fix.dry_run) {
    console.print(diag::render(report, fixed.rest.sources, {.colour = console.colour}));
    console.print(fmt::format("{} fixed, {} left\n", fixed.fixes, report.all().size()));
  }
  return report.has_errors() ? 1 : 0;
}

}  // namespace flow::cli
