#include <fmt/format.h>

#include <algorithm>

#include "compiler/fix/fix.h"

namespace flow::fix {
namespace {

using Lines = std::vector<std::string_view>;

auto lines_of(std::string_view text) -> Lines {
  Lines out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

struct Row {
  char sign;  // ' ', '-' or '+'
  std::string_view line;
};

// The longest common sequence of lines, by the usual table. What is equal at both ends was taken away before; of more
// than this the whole middle is one change.
constexpr std::size_t CellsMax = 4'000'000;

void middle(const Lines& a, const Lines& b, std::vector<Row>& out) {
  const auto width = b.size() + 1;
  std::vector<std::uint32_t> longest;
  if ((a.size() + 1) * width <= CellsMax) {
    longest.resize((a.size() + 1) * width);
    for (auto i = a.size(); i-- > 0;) {
      for (auto j = b.size(); j-- > 0;) {
        longest[i * width + j] = a[i] == b[j] ? longest[(i + 1) * width + j + 1] + 1 : std::max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
      }
    }
  }
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const bool known = !longest.empty() && i < a.size() && j < b.size();
    if (known && a[i] == b[j]) {
      out.push_back({' ', a[i++]});
      ++j;
    } else if (i < a.size() && (!known || longest[(i + 1) * width + j] >= longest[i * width + j + 1])) {
      out.push_back({'-', a[i++]});
    } else {
      out.push_back({'+', b[j++]});
    }
  }
}

auto rows_of(const FixedFile& file) -> std::vector<Row> {
  auto a = lines_of(file.before), b = lines_of(file.after);
  std::vector<Row> out, tail;
  const auto same = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  for (std::size_t i = 0; i < same; ++i) out.push_back({' ', a[i]});
  a.erase(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(same));
  b.erase(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(same));
  for (; !a.empty() && !b.empty() && a.back() == b.back(); a.pop_back(), b.pop_back()) tail.push_back({' ', a.back()});
  middle(a, b, out);
  out.insert(out.end(), tail.rbegin(), tail.rend());
  return out;
}

auto range(std::size_t first, std::size_t count) -> std::string { return count == 1 ? fmt::format("{}", first) : fmt::format("{},{}", count == 0 ? first - 1 : first, count); }

}  // namespace

auto diff(const FixedFile& file, std::size_t context) -> std::string {
  const auto rows = rows_of(file);
  std::vector<bool> shown(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].sign == ' ') continue;
    for (auto n = i - std::min(i, context); n < std::min(rows.size(), i + context + 1); ++n) shown[n] = true;
  }
  auto out = fmt::format("--- {0}\n+++ {0}\n", file.path);
  std::size_t old_line = 1, new_line = 1;
  for (std::size_t i = 0; i < rows.size();) {
    if (!shown[i]) {
      ++old_line, ++new_line, ++i;
      continue;
    }
    std::string hunk;
    const auto old_first = old_line, new_first = new_line;
    for (; i < rows.size() && shown[i]; ++i) {
      old_line += rows[i].sign != '+';
      new_line += rows[i].sign != '-';
      hunk += rows[i].sign;
      hunk += rows[i].line;
      if (!rows[i].line.ends_with('\n')) hunk += "\n\\ No newline at end of file\n";
    }
    out += fmt::format("@@ -{} +{} @@\n{}", range(old_first, old_line - old_first), range(new_first, new_line - new_first), hunk);
  }
  return rows.empty() || std::ranges::none_of(shown, [](bool each) { return each; }) ? "" : out;
}

}  // namespace flow::fix
