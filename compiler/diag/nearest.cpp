#include "compiler/diag/nearest.h"

#include <algorithm>
#include <cctype>

namespace flow::diag {
namespace {
auto same_letter(char a, char b) -> bool {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}
}  // namespace

auto distance(std::string_view a, std::string_view b) -> std::size_t {
  // Three rows of the table are enough: a swap looks two rows back.
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = last[j - 1] + (same_letter(a[i - 1], b[j - 1]) ? 0 : 1);
      row[j] = std::min({replace, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

auto nearest(std::string_view word, const std::vector<std::string_view>& candidates)
    -> std::optional<std::string_view> {
  constexpr std::size_t LongestWord = 64;  // beyond it nobody mistypes, and the table would grow
  if (word.size() > LongestWord) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t limit = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto candidate : candidates) {
    if (candidate.empty() || candidate.size() > LongestWord || candidate == word) continue;
    const auto far = distance(word, candidate);
    // A word of which nothing is left was not mistyped.
    if (far >= limit || far >= std::max(word.size(), candidate.size())) continue;
    limit = far;
    best = candidate;
  }
  return best;
}

}  // namespace flow::diag
