#pragma once
// Places as editors count them: lines and characters from 0, a character being a unit of UTF-16, or a byte where both sides
// agreed on UTF-8. Inside, everything counts in bytes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/source.h"

namespace flow::lsp {

enum class Encoding { Utf16, Utf8 };

struct Position {
  std::uint32_t line = 0;
  std::uint32_t character = 0;
  auto operator<=>(const Position&) const = default;
};

struct Range {
  Position begin, end;
  auto operator<=>(const Range&) const = default;
};

// A byte in the middle of a character counts as its begin; what lies beyond the text, as its end.
auto position_of(const SourceFile& source, std::uint32_t byte, Encoding encoding) -> Position;
auto range_of(const SourceFile& source, Span at, Encoding encoding) -> Range;
// A position beyond the end of its line is that end, one beyond the last line the end of the text.
auto byte_of(const SourceFile& source, Position position, Encoding encoding) -> std::uint32_t;

// What an editor did to a text: put `text` in the place of `range`, or of everything.
struct Change {
  std::optional<Range> range;
  std::string text;
};
auto changed(std::string text, const std::vector<Change>& changes, Encoding encoding) -> std::string;

}  // namespace flow::lsp
