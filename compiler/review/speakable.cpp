#include "compiler/review/speakable.h"

#include <algorithm>
#include <cctype>

namespace flow::review {
namespace {

auto is_digit(char c) -> bool { return c >= '0' && c <= '9'; }
auto is_blank(char c) -> bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The word around a byte.
auto word_at(std::string_view text, std::size_t at) -> std::string_view {
  auto begin = at, end = at;
  while (begin > 0 && !is_blank(text[begin - 1])) --begin;
  while (end < text.size() && !is_blank(text[end])) ++end;
  auto word = text.substr(begin, end - begin);
  while (!word.empty() && (word.back() == '.' || word.back() == ',' || word.back() == '!' || word.back() == '?')) word.remove_suffix(1);
  return word;
}

auto address(std::string_view text) -> std::optional<Unspeakable> {
  for (const auto* begin : {"http://", "https://", "www."}) {
    if (const auto at = text.find(begin); at != text.npos) return Unspeakable{"a web address", word_at(text, at)};
  }
  for (auto at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
    const auto word = word_at(text, at);
    const auto sign = word.find('@');
    if (sign > 0 && word.find('.', sign) != word.npos) return Unspeakable{"an e-mail address", word};
  }
  return std::nullopt;
}

// Marks that lay out a page: `# heading`, `- item`, `| table |`, `**bold**`, `[name](link)`, code.
auto layout(std::string_view text) -> std::optional<Unspeakable> {
  for (const auto* mark : {"**", "__", "```", "](", "~~"}) {
    if (const auto at = text.find(mark); at != text.npos) return Unspeakable{"a mark of layout", word_at(text, at)};
  }
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    const bool item = line.starts_with("- ") || line.starts_with("* ") || line.starts_with("• ") || line.starts_with("# ") || line.starts_with("## ");
    if (item || (line.starts_with("|") && line.ends_with("|") && line.size() > 1)) return Unspeakable{"a mark of layout", line.substr(0, line.find(' '))};
    at = end + 1;
  }
  return std::nullopt;
}

// Seven digits in a row are read as millions; with blanks or commas between them they are read as they are meant.
auto digits(std::string_view text) -> std::optional<Unspeakable> {
  constexpr std::size_t DigitsMax = 6;
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end - at > DigitsMax) return Unspeakable{"a number without pauses", text.substr(at, end - at)};
    at = std::max(at, end);
  }
  return std::nullopt;
}

// Pictures: the blocks of Unicode from U+1F000, and the older dingbats and symbols from U+2600 to U+27BF.
auto picture(std::string_view text) -> std::optional<Unspeakable> {
  for (std::size_t at = 0; at + 2 < text.size(); ++at) {
    const auto a = static_cast<unsigned char>(text[at]), b = static_cast<unsigned char>(text[at + 1]);
    if (a == 0xF0 && b == 0x9F && at + 3 < text.size()) return Unspeakable{"a picture", text.substr(at, 4)};
    if (a == 0xE2 && b >= 0x98 && b <= 0x9E) return Unspeakable{"a picture", text.substr(at, 3)};
  }
  return std::nullopt;
}

}  // namespace

auto unspeakable_in(std::string_view text) -> std::optional<Unspeakable> {
  for (const auto look : {address, layout, digits, picture}) {
    if (const auto found = look(text)) return found;
  }
  return std::nullopt;
}

}  // namespace flow::review
