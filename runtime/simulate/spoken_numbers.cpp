#include "runtime/simulate/spoken_numbers.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace flow::simulate {
namespace {

constexpr auto Small = std::to_array<std::string_view>({"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
                                                        "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
                                                        "seventeen", "eighteen", "nineteen"});
constexpr auto Tens = std::to_array<std::string_view>({"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"});
constexpr auto Nouns = std::to_array<std::string_view>({"order", "number", "code", "postcode", "id", "room", "pin"});

using Words = std::vector<std::string>;

auto place(const auto& list, std::string_view word) -> int {
  const auto found = std::find(list.begin(), list.end(), word);
  return found == list.end() ? -1 : static_cast<int>(found - list.begin());
}

auto split(std::string_view text) -> Words {
  Words words;
  while (!text.empty()) {
    const auto space = text.find(' ');
    if (space != 0) words.emplace_back(text.substr(0, space));
    text.remove_prefix(space == text.npos ? text.size() : space + 1);
  }
  return words;
}

auto is_number(const Words& words, std::size_t at) -> bool {
  return at < words.size() && (place(Small, words[at]) >= 0 || place(Tens, words[at]) >= 0);
}

// What sounds like a digit, and is one between two of them.
auto homophone(std::string_view word) -> std::string_view {
  if (word == "to" || word == "too") return "2";
  if (word == "for") return "4";
  if (word == "oh" || word == "o") return "0";
  return {};
}

// A run of numbers from `at` on, in digits; `at` moves behind it.
auto run(const Words& words, std::size_t& at) -> std::string {
  std::string digits;
  while (at < words.size()) {
    if (const auto tens = place(Tens, words[at]); tens >= 0) {
      const auto unit = at + 1 < words.size() ? place(Small, words[at + 1]) : -1;
      const bool joined = unit >= 1 && unit <= 9;
      digits += std::to_string((tens + 2) * 10 + (joined ? unit : 0));
      at += joined ? 2 : 1;
    } else if (const auto small = place(Small, words[at]); small >= 0) {
      digits += std::to_string(small);
      ++at;
    } else if (const auto digit = homophone(words[at]); !digit.empty() && !digits.empty() && is_number(words, at + 1)) {
      digits += digit;
      ++at;
    } else {
      break;
    }
  }
  return digits;
}

auto is_letter(const Words& words, std::size_t at) -> bool {
  return words[at].size() == 1 && std::isalpha(static_cast<unsigned char>(words[at][0])) != 0 && words[at] != "i";
}

}  // namespace

auto with_digits(std::string_view text) -> std::string {
  const auto words = split(text);
  std::string out;
  for (std::size_t at = 0; at < words.size();) {
    if (!out.empty()) out += ' ';
    const bool letter = is_letter(words, at) && is_number(words, at + 1);
    auto behind = letter ? at + 1 : at;
    const bool named = at > 0 && place(Nouns, words[at - 1]) >= 0;
    const auto first = behind;
    const auto digits = is_number(words, behind) ? run(words, behind) : std::string{};
    const bool is_key = letter || named || behind - first > 1;
    if (digits.empty() || !is_key) {
      out += words[at++];
      continue;
    }
    if (letter) out += static_cast<char>(std::toupper(static_cast<unsigned char>(words[at][0])));
    out += digits;
    at = behind;
  }
  return out;
}

}  // namespace flow::simulate
