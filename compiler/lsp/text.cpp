#include "compiler/lsp/text.h"

#include <algorithm>

namespace flow::lsp {
namespace {

auto continues(char c) -> bool { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Units of the character that begins with this byte: one beyond U+FFFF is two of UTF-16.
auto units(char first, Encoding encoding) -> std::uint32_t {
  return encoding == Encoding::Utf16 && static_cast<unsigned char>(first) >= 0xF0 ? 2 : 1;
}

auto line_of(const SourceFile& source, std::uint32_t line) -> std::string_view {
  const auto begin = source.line_start(line + 1), end = source.line_start(line + 2);
  auto text = source.text({source.id(), begin, end});
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

auto position_of(const SourceFile& source, std::uint32_t byte, Encoding encoding) -> Position {
  byte = std::min(byte, static_cast<std::uint32_t>(source.text().size()));
  const auto line = source.position(byte).line - 1;
  const auto begin = source.line_start(line + 1);
  Position out{line, 0};
  const auto before = source.text({source.id(), begin, byte});
  if (encoding == Encoding::Utf8) return {line, static_cast<std::uint32_t>(before.size())};
  for (const char c : before) {
    if (!continues(c)) out.character += units(c, encoding);
  }
  return out;
}

auto range_of(const SourceFile& source, Span at, Encoding encoding) -> Range {
  return {position_of(source, at.begin, encoding), position_of(source, at.end, encoding)};
}

auto byte_of(const SourceFile& source, Position position, Encoding encoding) -> std::uint32_t {
  if (position.line >= source.line_count()) return static_cast<std::uint32_t>(source.text().size());
  const auto text = line_of(source, position.line);
  const auto begin = source.line_start(position.line + 1);
  std::uint32_t counted = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    auto next = at + 1;
    while (next < text.size() && continues(text[next])) ++next;
    const auto step = encoding == Encoding::Utf8 ? static_cast<std::uint32_t>(next - at) : units(text[at], encoding);
    if (counted + step > position.character) break;
    counted += step;
    at = next;
  }
  return begin + static_cast<std::uint32_t>(at);
}

auto changed(std::string text, const std::vector<Change>& changes, Encoding encoding) -> std::string {
  for (const auto& change : changes) {
    if (!change.range) {
      text = change.text;
      continue;
    }
    const SourceFile source{FileId{}, {}, std::move(text)};
    const auto begin = byte_of(source, change.range->begin, encoding);
    const auto end = std::max(begin, byte_of(source, change.range->end, encoding));
    text = source.text().substr(0, begin) + change.text + source.text().substr(end);
  }
  return text;
}

}  // namespace flow::lsp
