#include "compiler/base/source.h"

#include <algorithm>

namespace flow {
namespace {

auto continues(unsigned char byte) -> bool { return (byte & 0xC0) == 0x80; }

// How many bytes the character at `at` has; 0 if it is not well-formed.
auto character_length(std::string_view text, std::size_t at) -> std::size_t {
  const auto byte = [&](std::size_t offset) -> unsigned {
    return at + offset < text.size() ? static_cast<unsigned char>(text[at + offset]) : 0u;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  // The second byte's range excludes overlong forms, surrogates and what lies above U+10FFFF.
  const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (!continues(static_cast<unsigned char>(byte(i)))) return 0;
  }
  return length;
}

}  // namespace

SourceFile::SourceFile(FileId id, std::string path, std::string text)
    : id_(id), path_(std::move(path)), text_(std::move(text)) {
  lines_.push_back(0);
  for (std::size_t at = text_.find('\n'); at != text_.npos; at = text_.find('\n', at + 1)) {
    lines_.push_back(static_cast<std::uint32_t>(at + 1));
  }
}

auto SourceFile::text(Span span) const -> std::string_view {
  const std::size_t begin = std::min<std::size_t>(span.begin, text_.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text_.size());
  return std::string_view{text_}.substr(begin, end - begin);
}

auto SourceFile::position(std::uint32_t byte) const -> Position {
  byte = std::min(byte, static_cast<std::uint32_t>(text_.size()));
  const auto after = std::upper_bound(lines_.begin(), lines_.end(), byte);
  const auto number = static_cast<std::uint32_t>(after - lines_.begin());
  const auto start = lines_[number - 1];
  const auto column = count_characters(std::string_view{text_}.substr(start, byte - start));
  return {number, static_cast<std::uint32_t>(column + 1)};
}

auto SourceFile::line_start(std::uint32_t number) const -> std::uint32_t {
  if (number < 1 || number > lines_.size()) return static_cast<std::uint32_t>(text_.size());
  return lines_[number - 1];
}

auto SourceFile::line(std::uint32_t number) const -> std::string_view {
  if (number < 1 || number > lines_.size()) return {};
  const std::size_t start = lines_[number - 1];
  const std::size_t end = number < lines_.size() ? lines_[number] - 1 : text_.size();
  auto line = std::string_view{text_}.substr(start, end - start);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

auto SourceFile::byte_at(Position position) const -> std::uint32_t {
  const auto text = line(position.line);
  std::size_t at = 0;
  for (std::uint32_t column = 1; column < position.column && at < text.size(); ++column) {
    do ++at;
    while (at < text.size() && continues(static_cast<unsigned char>(text[at])));
  }
  return line_start(position.line) + static_cast<std::uint32_t>(at);
}

auto Sources::add(std::string path, std::string text) -> const SourceFile& {
  const FileId id{static_cast<std::uint32_t>(files_.size())};
  return files_.emplace_back(id, std::move(path), std::move(text));
}

auto first_bad_utf8(std::string_view text) -> std::optional<std::size_t> {
  for (std::size_t at = 0; at < text.size();) {
    const auto length = character_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

auto count_characters(std::string_view text) -> std::size_t {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues(static_cast<unsigned char>(c)); }));
}

}  // namespace flow
