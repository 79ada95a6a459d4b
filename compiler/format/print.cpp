#include <algorithm>
#include <map>

#include "compiler/base/source.h"
#include "compiler/format/lines.h"

namespace flow::format {
namespace {

constexpr std::size_t Deeper = 4;    // a line that goes on and has no value to stand below
constexpr std::size_t WideMax = 80;  // a comment behind a longer line is not aligned with others

auto width(std::string_view text) -> std::size_t { return count_characters(text); }
auto key_width(const Line& line) -> std::size_t { return width(std::string_view{line.text}.substr(0, line.key)); }
auto type_width(const Line& line) -> std::size_t { return width(std::string_view{line.text}.substr(line.key, line.type - line.key)); }

void align_values(std::vector<Line>& lines) {
  std::map<int, std::size_t> counted, any;
  for (const auto& line : lines) {
    if (line.key == 0) continue;
    auto& widest = line.key_counts ? counted[line.run] : any[line.run];
    widest = std::max(widest, key_width(line));
  }
  for (auto& line : lines) {
    if (line.key == 0) continue;
    const auto column = counted.contains(line.run) ? counted[line.run] : any[line.run];
    const auto pad = column - std::min(column, key_width(line));
    line.text.insert(line.key, pad, ' ');
    line.key += pad;
    if (line.type > 0) line.type += pad;
  }
}

void align_types(std::vector<Line>& lines) {
  std::map<int, std::size_t> widest;
  for (const auto& line : lines) {
    if (line.type > 0) widest[line.run] = std::max(widest[line.run], type_width(line));
  }
  for (auto& line : lines) {
    if (line.type > 0) line.text.insert(line.type, widest[line.run] - type_width(line), ' ');
  }
}

void indent(std::vector<Line>& lines) {
  for (auto& line : lines) {
    if (line.from == Line::From::Block) continue;
    const auto& owner = lines[line.of];
    // An empty line of a text block has no blanks at all.
    if (line.from == Line::From::Text && line.indent == 0) continue;
    line.indent += owner.indent;
    if (line.from == Line::From::Value) line.indent += owner.key > 0 ? key_width(owner) + 1 : Deeper;
  }
}

auto end_of(const Line& line) -> std::size_t { return line.indent + width(line.text); }

// Where the comment of each line begins.
auto comment_columns(const std::vector<Line>& lines) -> std::vector<std::size_t> {
  std::vector<std::size_t> out(lines.size());
  const auto aligned = [&](const Line& line) { return !line.comment.empty() && end_of(line) <= WideMax; };
  for (std::size_t first = 0; first < lines.size();) {
    auto end = first + 1;
    while (aligned(lines[first]) && end < lines.size() && aligned(lines[end]) && !lines[end].blank_before && lines[end].indent == lines[first].indent) ++end;
    std::size_t column = 0;
    for (auto i = first; i < end; ++i) column = std::max(column, end_of(lines[i]));
    for (; first < end; ++first) out[first] = column + 2;
  }
  return out;
}

}  // namespace

auto print(std::vector<Line> lines) -> std::string {
  align_values(lines);
  align_types(lines);
  indent(lines);
  const auto columns = comment_columns(lines);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& line = lines[i];
    if (line.blank_before) out += '\n';
    out += std::string(line.text.empty() ? 0 : line.indent, ' ') + line.text;
    if (!line.comment.empty()) out += std::string(columns[i] - end_of(line), ' ') + line.comment;
    out += '\n';
  }
  return out;
}

}  // namespace flow::format
