#include <algorithm>
#include <cctype>
#include <cstddef>

#include "runtime/simulate/voice.h"

namespace flow::simulate {
namespace {

// About four seconds: 15 letters a second. A voice sounds better on whole sentences; the loop wants short work.
constexpr std::size_t Comfortable = 60;
constexpr std::size_t Longest = 90;

auto is_space(char c) -> bool { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// The index behind the mark at `at` and the spaces that follow it; 0 if no space follows, as in "3.5" and "a,b".
auto behind_mark(std::string_view text, std::size_t at) -> std::size_t {
  auto end = at + 1;
  while (end < text.size() && (text[end] == '"' || text[end] == ')' || text[end] == '\'')) ++end;
  if (end < text.size() && !is_space(text[end])) return 0;
  while (end < text.size() && is_space(text[end])) ++end;
  return end;
}

auto sentence_end(std::string_view text) -> std::size_t {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '.' && c != '!' && c != '?' && c != '\n') continue;
    if (c == '\n') return at + 1;
    if (const auto end = behind_mark(text, at)) return end;
  }
  return text.size();
}

// The last place before `limit` where `marks` allow a break; 0: none.
auto last_break(std::string_view text, std::string_view marks, std::size_t limit) -> std::size_t {
  for (auto at = std::min(limit, text.size()); at-- > 10;) {
    if (marks.find(text[at]) == marks.npos) continue;
    if (const auto end = behind_mark(text, at); end != 0 && end < text.size()) return end;
  }
  return 0;
}

auto after_space(std::string_view text, std::size_t limit) -> std::size_t {
  for (auto at = std::min(limit, text.size()); at-- > 10;) {
    if (is_space(text[at])) return at + 1;
  }
  return 0;
}

auto phrase_length(std::string_view text) -> std::size_t {
  const auto sentence = sentence_end(text);
  if (sentence <= Comfortable) return sentence;
  const auto part = text.substr(0, sentence);
  if (const auto end = last_break(part, ",;:", Comfortable)) return end;
  if (sentence <= Longest) return sentence;
  if (const auto end = after_space(part, Longest)) return end;
  auto end = std::min(sentence, Longest);  // one endless word: cut it, but not within a UTF-8 sequence
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return end;
}

}  // namespace

auto phrases(std::string_view text) -> std::vector<std::string> {
  std::vector<std::string> result;
  while (!text.empty()) {
    const auto length = phrase_length(text);
    result.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return result;
}

}  // namespace flow::simulate
