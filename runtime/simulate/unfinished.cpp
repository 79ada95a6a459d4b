#include "runtime/simulate/unfinished.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "runtime/simulate/words.h"

namespace flow::simulate {
namespace {

// Words that lead to another one.
constexpr auto Leading = std::to_array<std::string_view>({
    "a", "an", "and", "are", "because", "but", "er", "every", "for", "from", "if", "is", "like", "my", "of", "or",
    "our", "so", "than", "that", "the", "their", "to", "uh", "um", "was", "with", "your",
});

// Ends of wishes whose object is still to come.
constexpr auto Openings = std::to_array<std::string_view>({
    "i want", "i need", "i would like", "i'd like", "can you", "could you", "can i", "could i", "would you", "i have", "tell me about",
    "i am looking", "i'm looking", "let me", "there is", "i was wondering",
});

// "my order number": it is announced, and then it comes.
constexpr auto Announced = std::to_array<std::string_view>({"number", "code", "postcode", "name", "address", "email"});

auto ends_with_words(const std::string& text, std::string_view end) -> bool {
  return text.ends_with(end) && (text.size() == end.size() || text[text.size() - end.size() - 1] == ' ');
}

auto one_of(const auto& list, std::string_view word) -> bool { return std::find(list.begin(), list.end(), word) != list.end(); }

}  // namespace

auto sounds_unfinished(std::string_view words) -> bool {
  const auto text = trimmed(words);
  if (text.empty()) return false;
  if (text.back() == ',' || text.ends_with("...") || text.ends_with("…") || text.back() == '-') return true;
  if (std::string_view(".!?").find(text.back()) != std::string_view::npos) return false;
  const auto all = lower(text);
  const auto space = all.find_last_of(' ');
  const auto last = std::string_view(all).substr(space == std::string::npos ? 0 : space + 1);
  if (one_of(Leading, last)) return true;
  if (all.find(' ') == std::string::npos) return false;  // one word is an answer
  if (all.starts_with("my ") && one_of(Announced, last)) return true;
  return std::any_of(Openings.begin(), Openings.end(), [&](auto opening) { return ends_with_words(all, opening); });
}

}  // namespace flow::simulate
