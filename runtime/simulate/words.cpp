#include "runtime/simulate/words.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace flow::simulate {
namespace {

// Sorted. Beside the usual ones the words with which callers wrap any wish, and with which tools are described.
constexpr auto StopWords = std::to_array<std::string_view>({
    "a", "about", "again", "agent", "all", "also", "am", "an", "and", "any", "anything", "are", "as", "ask", "asks",
    "at", "be", "been", "by", "call", "caller", "callers", "calls", "can", "could", "d", "did", "do", "does", "doing",
    "don", "each", "for", "from", "function", "get", "gets", "getting", "give", "gives", "go", "going", "had", "has",
    "have", "he", "hello", "her", "here", "hey", "hi", "him", "his", "how", "i", "if", "in", "into", "is", "it",
    "its", "just", "kind", "know", "let", "like", "ll", "m", "made", "make", "makes", "may", "me", "might", "more",
    "much", "my", "need", "needs", "no", "not", "now", "of", "off", "ok", "okay", "on", "or", "our", "out", "please",
    "put", "question", "questions", "re", "really", "request", "requests", "s", "say", "says", "see", "shall", "she",
    "should", "show", "so", "some", "something", "t", "take", "tell", "tells", "than", "thank", "thanks", "that",
    "the", "their", "them", "then", "there", "these", "they", "thing", "things", "this", "those", "through", "to",
    "too", "tool", "up", "us", "use", "user", "users", "uses", "ve", "very", "want", "wants", "was", "we", "well",
    "were", "what", "when", "where", "which", "who", "why", "will", "wish", "with", "would", "yes", "you", "your",
});

auto ends(const std::string& word, std::string_view tail) -> bool {
  return word.size() >= tail.size() + 2 && std::string_view(word).substr(word.size() - tail.size()) == tail;
}

auto has_vowel(std::string_view text) -> bool { return text.find_first_of("aeiouy") != text.npos; }

void cut_ending(std::string& word, std::size_t length) {
  if (!has_vowel(std::string_view(word).substr(0, word.size() - length))) return;
  word.resize(word.size() - length);
  const auto n = word.size();
  if (n > 2 && word[n - 1] == word[n - 2] && std::string_view("lsz").find(word[n - 1]) == std::string_view::npos) word.pop_back();
}

// Not a dictionary's stem but one that is the same for the forms of a word. British and American spellings meet.
auto stem_of(std::string word) -> std::string {
  if (word.size() <= 3) return word;
  if (ends(word, "ies")) word.replace(word.size() - 3, 3, "y");
  else if (ends(word, "sses") || ends(word, "ches") || ends(word, "shes") || ends(word, "xes")) word.resize(word.size() - 2);
  else if (ends(word, "s") && !ends(word, "ss") && !ends(word, "us") && !ends(word, "is")) word.pop_back();
  if (ends(word, "ing") && word.size() > 5) cut_ending(word, 3);
  else if (ends(word, "ed") && word.size() > 4) cut_ending(word, 2);
  if (ends(word, "ally")) word.resize(word.size() - 4);
  else if (ends(word, "ly")) word.resize(word.size() - 2);
  if (ends(word, "e")) word.pop_back();
  if (ends(word, "is")) word.replace(word.size() - 2, 2, "iz");
  if (ends(word, "our")) word.replace(word.size() - 3, 3, "or");
  if (ends(word, "y")) word.back() = 'i';
  return word;
}

// Letters and digits, any byte beyond ASCII, and what stands inside numbers, addresses and names.
auto is_inner(std::string_view text, std::size_t at) -> bool {
  const auto solid = [&](std::size_t i) {
    return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || static_cast<unsigned char>(text[i]) >= 0x80);
  };
  if (solid(at)) return true;
  const bool between = at > 0 && solid(at - 1) && solid(at + 1);
  if (!between) return at + 1 < text.size() && text[at] == '+' && std::isdigit(static_cast<unsigned char>(text[at + 1])) != 0;
  const bool digit = std::isdigit(static_cast<unsigned char>(text[at - 1])) != 0 || std::isdigit(static_cast<unsigned char>(text[at + 1])) != 0;
  return text[at] == '@' || ((text[at] == '.' || text[at] == '-' || text[at] == ',' || text[at] == ':' || text[at] == '/') && digit) ||
         (text[at] == '.' && text.find('@') != text.npos);
}

auto is_hump(std::string_view text, std::size_t at) -> bool {
  return at > 0 && std::islower(static_cast<unsigned char>(text[at - 1])) != 0 && std::isupper(static_cast<unsigned char>(text[at])) != 0;
}

auto token(std::string_view text, std::size_t begin, std::size_t end) -> Token {
  Token made;
  made.text = text.substr(begin, end - begin);
  const auto low = lower(made.text);
  made.number = std::any_of(low.begin(), low.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  made.stop = std::binary_search(StopWords.begin(), StopWords.end(), low);
  made.stem = made.number ? low : stem_of(low);
  made.begin = begin;
  made.end = end;
  return made;
}

}  // namespace

auto lower(std::string_view text) -> std::string {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return low;
}

auto tokens(std::string_view text) -> std::vector<Token> {
  std::vector<Token> found;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_inner(text, at)) {
      ++at;
      continue;
    }
    auto end = at + 1;
    while (end < text.size() && is_inner(text, end) && !is_hump(text, end)) ++end;
    found.push_back(token(text, at, end));
    at = end;
  }
  return found;
}

auto stems(std::string_view text) -> std::vector<std::string> {
  std::vector<std::string> found;
  for (const auto& word : tokens(text)) {
    if (!word.stop && std::find(found.begin(), found.end(), word.stem) == found.end()) found.push_back(word.stem);
  }
  return found;
}

auto has_word(const std::vector<Token>& words, std::string_view stem) -> bool {
  return std::any_of(words.begin(), words.end(), [&](const Token& word) { return word.stem == stem; });
}

}  // namespace flow::simulate
