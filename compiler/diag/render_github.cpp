// The commands of GitHub Actions' logs: https://docs.github.com/actions, "Workflow commands".

#include <fmt/format.h>

#include "compiler/diag/render.h"

namespace flow::diag {
namespace {

// What ends a text or a property is written by its number.
auto escaped(std::string_view text, std::string_view special) -> std::string {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != special.npos)
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out;
}
auto in_text(std::string_view text) -> std::string { return escaped(text, "%\r\n"); }
auto in_property(std::string_view text) -> std::string { return escaped(text, "%\r\n:,"); }

auto place(Span at, const Sources& sources) -> std::string {
  if (!sources.has(at.file)) return {};
  const auto& file = sources[at.file];
  const auto begin = file.position(at.begin);
  const auto end = file.position(at.end);
  auto out = fmt::format("file={},line={},endLine={}", in_property(file.path()), begin.line, end.line);
  // Columns are understood within one line only.
  if (begin.line == end.line) out += fmt::format(",col={},endColumn={}", begin.column, end.column);
  return out + ",";
}

}  // namespace

auto render_github(const Report& report, const Sources& sources) -> std::string {
  std::string out;
  for (const auto& d : report.sorted()) {
    out += fmt::format("::{} {}title={}::{}\n", d.severity == Severity::Error ? "error" : "warning", place(d.at, sources),
                       in_property(fmt::format("{} {}", d.code, d.name)), in_text(d.text));
  }
  return out;
}

}  // namespace flow::diag
