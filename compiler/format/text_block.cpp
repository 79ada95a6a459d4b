#include "compiler/format/text_block.h"

#include <algorithm>

namespace flow::format {
namespace {

auto split(std::string_view text) -> std::vector<std::string> {
  std::vector<std::string> out;
  for (;;) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (end != text.npos && line.ends_with('\r')) line.remove_suffix(1);
    out.emplace_back(line);
    if (end == text.npos) return out;
    text.remove_prefix(end + 1);
  }
}

auto blanks_of(const std::string& line) -> std::size_t { return std::min(line.find_first_not_of(" \t"), line.size()); }

// As the parser counts it: a line of blanks alone does not count, a carriage return ends one.
auto is_blank(const std::string& line) -> bool {
  const auto blanks = blanks_of(line);
  return blanks == line.size() || line[blanks] == '\r';
}

}  // namespace

auto reindented(std::string_view text) -> std::vector<std::string> {
  auto lines = split(text);
  auto common = std::string::npos;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (!is_blank(lines[i])) common = std::min(common, blanks_of(lines[i]));
  }
  if (common == std::string::npos) return lines;
  for (std::size_t i = 1; i < lines.size(); ++i) lines[i].erase(0, std::min(common, blanks_of(lines[i])));
  // Blanks alone before the closing quotes are no part of the text.
  auto& last = lines.back();
  if (lines.size() > 1 && blanks_of(last) + 3 == last.size()) last = "\"\"\"";
  return lines;
}

}  // namespace flow::format
