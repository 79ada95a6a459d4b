#pragma once
// Source files: their text, and where a byte stands in it for a person.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/span.h"

namespace flow {

// Both from 1. A column counts characters (code points), not bytes.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  auto operator<=>(const Position&) const = default;
};

class SourceFile {
 public:
  // Files above this size are refused by whoever reads them; spans are 32 bits wide.
  static constexpr std::size_t BytesMax = 16u << 20;

  SourceFile(FileId id, std::string path, std::string text);

  auto id() const -> FileId { return id_; }
  auto path() const -> const std::string& { return path_; }
  auto text() const -> const std::string& { return text_; }
  // The bytes of a span; what lies outside the text is cut off.
  auto text(Span span) const -> std::string_view;

  // Of a byte; one past the end is allowed, and beyond it the end is meant.
  auto position(std::uint32_t byte) const -> Position;
  // A line without its line end; empty if there is no such line.
  auto line(std::uint32_t number) const -> std::string_view;
  // Where a line starts, and the byte of a position; a column past the line's end is its end.
  auto line_start(std::uint32_t number) const -> std::uint32_t;
  auto byte_at(Position position) const -> std::uint32_t;
  auto line_count() const -> std::uint32_t { return static_cast<std::uint32_t>(lines_.size()); }

 private:
  FileId id_;
  std::string path_;
  std::string text_;
  std::vector<std::uint32_t> lines_;  // the first byte of each
};

// All files of one run, by id. References stay good for the life of the set.
class Sources {
 public:
  auto add(std::string path, std::string text) -> const SourceFile&;
  auto operator[](FileId id) const -> const SourceFile& { return files_.at(id.n); }
  auto has(FileId id) const -> bool { return id.n < files_.size(); }
  auto size() const -> std::size_t { return files_.size(); }
  auto begin() const { return files_.begin(); }
  auto end() const { return files_.end(); }

 private:
  std::deque<SourceFile> files_;
};

// The first byte that is not well-formed UTF-8 (overlong forms, surrogates and values above U+10FFFF are not).
auto first_bad_utf8(std::string_view text) -> std::optional<std::size_t>;
// Code points of well-formed text.
auto count_characters(std::string_view text) -> std::size_t;

}  // namespace flow
