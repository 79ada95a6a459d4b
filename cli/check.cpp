#include <fmt/format.h>

#include "cli/commands.h"
#include "compiler/diag/render.h"
#include "compiler/lower/compile.h"
#include "runtime/tools/runner.h"

namespace flow::cli {
namespace {

// What only Lua itself can say of the tools' files. Says it, and whether there was nothing.
auto tools_load(const ir::Program& program, const Console& console) -> bool {
  const auto errors = tools::check_tools(program);
  for (const auto& error : errors) console.fail(error);
  return errors.empty();
}

void print_summary(const diag::Report& report, std::size_t files, const Console& console) {
  if (console.quiet) return;
  const auto count = [](std::size_t n, const char* what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); };
  if (report.errors() + report.warnings() == 0) return console.print(fmt::format("{}: nothing wrong\n", count(files, "file")));
  console.print(fmt::format("{}, {}; flowc explain CODE says more\n", count(report.errors(), "error"), count(report.warnings(), "warning")));
}

}  // namespace

auto perform(const Check& check, const Console& console) -> int {
  auto checked = check::load(check.files);
  bool good = true;
  for (const auto* root : checked.roots()) {
    const auto program = lower::lower(checked, *root);
    if (program && !tools_load(*program, console)) good = false;
  }
  const auto& report = checked.report;
  if (check.json) {
    console.print(diag::render_json(report, checked.sources) + "\n");
  } else {
    if (!console.quiet || report.has_errors()) console.print(diag::render(report, checked.sources, {.colour = console.colour}));
    if (good) print_summary(report, check.files.size(), console);
  }
  return good && !report.has_errors() ? 0 : 1;
}

}  // namespace flow::cli
