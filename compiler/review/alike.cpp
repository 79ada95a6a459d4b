#include "compiler/review/alike.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace flow::review {
namespace {

// Words that say nothing about which tool or desk is meant: grammar, and what every description begins with.
constexpr std::array Empty{
    "a",    "about", "again",  "an",   "and",  "any",   "are",   "as",    "ask",  "at",   "be",    "by",    "call",  "caller", "can",
    "do",   "for",   "from",   "get",  "give", "gives", "has",   "have",  "he",   "her",  "his",   "i",     "if",    "in",     "is",
    "it",   "its",   "like",   "me",   "my",   "need",  "needs", "of",    "on",   "one",  "or",    "our",   "over",  "please", "she",
    "some", "somebody", "something", "than", "that", "the", "their", "them", "they", "this", "to", "us", "user", "want", "was",
    "we",   "when",  "whenever", "which", "who", "will", "wish", "with",  "would", "you", "your"};

// `orders`, `order`, `ordered`, `ordering` are one word. Crude on purpose: an ending too many joins words that are alike
// anyway, and a dictionary would be another language's problem.
auto stem(std::string word) -> std::string {
  const auto drop = [&](std::string_view ending, std::size_t least) {
    if (!word.ends_with(ending) || word.size() < ending.size() + least) return false;
    word.resize(word.size() - ending.size());
    return true;
  };
  if (!drop("ing", 4) && !drop("ied", 3) && !drop("ies", 3) && !drop("ed", 3) && !(word.ends_with("ss")) && !drop("es", 3)) drop("s", 3);
  if (word.size() > 3 && (word.back() == 'e' || word.back() == 'y')) word.pop_back();
  return word;
}

}  // namespace

auto meaning_of(std::string_view text) -> std::set<std::string> {
  std::set<std::string> out;
  std::string word;
  const auto take = [&] {
    if (word.empty()) return;
    const auto is_empty = [](const std::string& each) { return std::ranges::find(Empty, each) != Empty.end(); };
    const auto stemmed = stem(word);
    if (!is_empty(word) && !is_empty(stemmed)) out.insert(stemmed);
    word.clear();
  };
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\'') continue;  // `doesn't` is one word
    if (byte >= 0x80 || std::isalnum(byte)) word += static_cast<char>(byte >= 0x80 ? byte : std::tolower(byte));
    else take();
  }
  take();
  return out;
}

auto likeness(const std::set<std::string>& a, const std::set<std::string>& b) -> double {
  const auto both = std::ranges::count_if(a, [&](const std::string& word) { return b.contains(word); });
  const auto all = static_cast<std::ptrdiff_t>(a.size() + b.size()) - both;
  return all == 0 ? 0.0 : static_cast<double>(both) / static_cast<double>(all);
}

}  // namespace flow::review
