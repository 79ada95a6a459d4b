#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/flow_files.h"
#include "compiler/check/load.h"
#include "compiler/diag/render.h"
#include "compiler/format/format.h"

namespace flow::cli {
namespace {

// The file laid out; if it has errors of syntax they are printed, and there is nothing.
auto formatted(const std::string& name, const std::string& text, const Console& console) -> std::optional<std::string> {
  Sources sources;
  diag::Report report;
  auto out = format::format(sources.add(name, text), report);
  if (!out) std::fputs(diag::render(report, sources, {.colour = console.colour_errors}).c_str(), stderr);
  return out;
}

auto format_input(const Fmt& fmt, const Console& console) -> int {
  const auto text = read_input();
  const auto out = formatted("<stdin>", text, console);
  if (!out) return 1;
  if (fmt.check) return *out == text ? 0 : 1;
  console.print(*out);
  return 0;
}

auto format_file(const std::string& path, const Fmt& fmt, const Console& console) -> int {
  const auto text = check::read_from_disk(path);
  if (!text) {
    console.fail({"R0502", ::fmt::format("cannot read {}: {}", path, text.error().text)});
    return 1;
  }
  const auto out = formatted(path, *text, console);
  if (!out) return 1;
  if (fmt.to_output) {
    console.print(*out);
    return 0;
  }
  if (*out == *text) return 0;
  if (fmt.check) {
    console.print(::fmt::format("{} is laid out otherwise\n", path));
    return 1;
  }
  if (const auto written = write_file(path, *out); !written) {
    console.fail(written.error());
    return 1;
  }
  if (!console.quiet) console.print(::fmt::format("{} is laid out anew\n", path));
  return 0;
}

}  // namespace

auto perform(const Fmt& fmt, const Console& console) -> int {
  if (fmt.paths == std::vector<std::string>{"-"}) return format_input(fmt, console);
  const auto files = find_flows(fmt.paths);
  if (!files) {
    console.fail(files.error());
    return 2;
  }
  int code = 0;
  for (const auto& path : *files) code = std::max(code, format_file(path, fmt, console));
  return code;
}

}  // namespace flow::cli
