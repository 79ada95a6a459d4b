#include "compiler/diag/render.h"

#include <fmt/format.h>
#include <algorithm>

namespace flow::diag {
namespace {

constexpr std::size_t WidthMax = 140;  // characters of a source line; what is further away is cut

struct Colours {
  std::string_view error, warning, note, fix, bold, off;
};
constexpr Colours Plain{};
constexpr Colours Ansi{"\x1b[1;31m", "\x1b[1;35m", "\x1b[1;36m", "\x1b[32m", "\x1b[1m", "\x1b[0m"};

auto severity_word(Severity severity) -> std::string_view { return severity == Severity::Error ? "error" : "warning"; }

auto place(const SourceFile& file, std::uint32_t byte) -> std::string {
  const auto position = file.position(byte);
  return fmt::format("{}:{}:{}", file.path(), position.line, position.column);
}

auto continues(char c) -> bool { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The part of a line that is shown: whole characters, around the caret; tabs and control characters are one blank.
struct Shown {
  std::string text;
  std::size_t caret = 0;  // characters before the marked ones
  std::size_t width = 0;  // of the marked ones, at least 1
};

auto show(const SourceFile& file, Span at) -> Shown {
  const auto begin = file.position(at.begin);
  const auto line = file.line(begin.line);
  const auto start = file.line_start(begin.line);
  const auto line_end = start + static_cast<std::uint32_t>(line.size());
  const auto from = std::min(at.begin, line_end);
  const auto to = std::clamp(at.end, from, line_end);
  Shown shown;
  shown.caret = count_characters(line.substr(0, from - start));
  shown.width = std::max<std::size_t>(1, count_characters(line.substr(from - start, to - from)));

  const std::size_t first = shown.caret < WidthMax ? 0 : shown.caret - WidthMax / 2;
  std::size_t character = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (i > 0 && !continues(line[i])) ++character;
    if (character < first || character >= first + WidthMax) continue;
    shown.text += static_cast<unsigned char>(line[i]) < 0x20 ? ' ' : line[i];
  }
  shown.caret -= first;
  shown.width = std::min(shown.width, WidthMax - std::min(WidthMax - 1, shown.caret));
  return shown;
}

// One edit is shown as what to write; several, or a long one, only say that there is a fix.
auto fix_text(const Diagnostic& d) -> std::string {
  if (d.fix.empty()) return {};
  const auto& edit = d.fix.front();
  if (d.fix.size() > 1 || edit.text.find('\n') != std::string::npos) return " fix: several edits; `--format json` lists them";
  if (edit.text.empty()) return " fix: leave it out";
  if (edit.at.begin == edit.at.end) return fmt::format(" fix: add `{}`", edit.text);
  return fmt::format(" fix: `{}`", edit.text);
}

auto head(const Diagnostic& d, const Sources& sources, const Colours& c) -> std::string {
  const auto& colour = d.severity == Severity::Error ? c.error : c.warning;
  return fmt::format("{}{}:{} {}{}:{} {} [{}]", c.bold, place(sources[d.at.file], d.at.begin), c.off, colour,
                     severity_word(d.severity), c.off, d.text, d.code);
}

}  // namespace

auto render(const Diagnostic& d, const Sources& sources, RenderOptions options) -> std::string {
  const auto& c = options.colour ? Ansi : Plain;
  if (!sources.has(d.at.file)) return fmt::format("{}: {} [{}]\n", severity_word(d.severity), d.text, d.code);
  const auto& file = sources[d.at.file];
  std::string out = head(d, sources, c) + "\n";
  if (!file.text().empty()) {
    const auto shown = show(file, d.at);
    out += fmt::format("{}\n{}{}^{}{}{}{}{}\n", shown.text, std::string(shown.caret, ' '), c.fix,
                       std::string(shown.width - 1, '~'), c.off, c.fix, fix_text(d), c.off);
  }
  for (const auto& note : d.notes) {
    out += fmt::format("{}{}:{} {}note:{} {}\n", c.bold, place(sources[note.at.file], note.at.begin), c.off, c.note,
                       c.off, note.text);
  }
  return out;
}

auto render(const Report& report, const Sources& sources, RenderOptions options) -> std::string {
  std::string out;
  for (const auto& d : report.sorted()) out += render(d, sources, options);
  return out;
}

auto render_line(const Diagnostic& d, const Sources& sources) -> std::string {
  if (!sources.has(d.at.file)) return fmt::format("{}: {} [{}]", severity_word(d.severity), d.text, d.code);
  return head(d, sources, Plain);
}

auto apply(const SourceFile& file, std::vector<Edit> edits) -> std::string {
  std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.at.begin < b.at.begin; });
  std::string out;
  std::uint32_t done = 0;
  for (const auto& edit : edits) {
    if (edit.at.file != file.id() || edit.at.begin < done) continue;
    out += file.text({file.id(), done, edit.at.begin});
    out += edit.text;
    done = edit.at.end;
  }
  return out + std::string{file.text({file.id(), done, static_cast<std::uint32_t>(file.text().size())})};
}

}  // namespace flow::diag
