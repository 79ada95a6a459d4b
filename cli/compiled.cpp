#include "cli/compiled.h"

#include <cstdio>

#include "compiler/diag/render.h"
#include "compiler/lower/compile.h"

namespace flow::cli {

auto compiled(const std::string& flow, const Console& console, const std::string& locale) -> std::optional<ir::Program> {
  check::LoadOptions options;
  options.locale = locale;
  auto result = lower::compile(flow, options);
  const auto& report = result.checked.report;
  if (!console.quiet || report.has_errors()) {
    std::fputs(diag::render(report, result.checked.sources, {.colour = console.colour_errors}).c_str(), stderr);
  }
  return std::move(result.program);
}

}  // namespace flow::cli
