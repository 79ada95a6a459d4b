#include "runtime/simulate/utterance.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace flow::simulate {
namespace {

auto one_of(std::string_view word, std::initializer_list<std::string_view> words) -> bool {
  return std::find(words.begin(), words.end(), word) != words.end();
}

auto between(const Utterance& heard, std::size_t first, std::size_t last) -> std::string {
  return std::string(heard.said.substr(heard.words[first].begin, heard.words[last].end - heard.words[first].begin));
}

auto is_errand(const Token& word) -> bool {
  return one_of(word.stem, {"find", "look", "lookup", "check", "search", "transfer", "status", "hear", "speak", "talk", "help"});
}

}  // namespace

auto hear(std::string_view said, const Tool& tool) -> Utterance { return {said, tokens(said), stems(tool.name), tool.description}; }

auto quoted_in(const Utterance& heard) -> std::string {
  const auto said = heard.said;
  const auto open = said.find('"');
  if (open == said.npos) return {};
  const auto close = said.find('"', open + 1);
  return close == said.npos ? std::string{} : std::string(said.substr(open + 1, close - open - 1));
}

auto key_in(const Utterance& heard, std::string_view parameter) -> std::string {
  if (const auto text = quoted_in(heard); !text.empty()) return text;
  const auto own = tokens(parameter);
  std::string found;
  for (std::size_t i = 0; i < heard.words.size(); ++i) {
    if (!heard.words[i].number) continue;
    auto last = i;
    while (last + 1 < heard.words.size() && heard.words[last + 1].number) ++last;
    const bool named = i > 0 && has_word(own, heard.words[i - 1].stem);
    if (found.empty() || named) found = between(heard, i, last);
    if (named) return found;
    i = last;
  }
  return found;
}

auto number_in(const Utterance& heard) -> std::optional<double> {
  constexpr auto Names = std::to_array<std::string_view>({"zero", "one", "two", "three", "four", "five", "six", "seven", "eight",
                                                          "nine", "ten", "eleven", "twelve"});
  for (const auto& word : heard.words) {
    const auto low = lower(word.text);
    double value = 0;
    const auto [end, error] = std::from_chars(low.data(), low.data() + low.size(), value);
    if (error == std::errc{} && end == low.data() + low.size()) return value;
    const auto name = std::find(Names.begin(), Names.end(), low);
    if (name != Names.end()) return static_cast<double>(name - Names.begin());
  }
  return {};
}

auto choice_in(const Utterance& heard, const Value::List& values) -> const Value* {
  for (const auto& value : values) {
    if (value.text() == nullptr) continue;
    const auto parts = stems(*value.text());
    const auto said = [&](const std::string& stem) { return has_word(heard.words, stem); };
    if (parts.empty() ? lower(heard.said).find(lower(*value.text())) != std::string::npos : std::all_of(parts.begin(), parts.end(), said)) {
      return &value;
    }
  }
  return nullptr;
}

auto choice_suggested(const Utterance& heard, const Value::List& values) -> const Value* {
  const auto described = tokens(heard.description);
  const Value* best = nullptr;
  std::ptrdiff_t most = 0;
  for (const auto& value : values) {
    if (value.text() == nullptr) continue;
    const auto parts = stems(*value.text());
    const auto common = std::count_if(parts.begin(), parts.end(), [&](const auto& stem) { return has_word(described, stem); });
    if (common > most) most = common, best = &value;
    if (best == nullptr && *value.text() == "other") best = &value;
  }
  return best;
}

auto email_in(const Utterance& heard) -> std::string {
  const auto found = std::find_if(heard.words.begin(), heard.words.end(), [](const Token& word) { return word.text.find('@') != std::string::npos; });
  return found == heard.words.end() ? std::string{} : found->text;
}

auto behind_cue(const Utterance& heard, const std::string& parameter) -> std::string {
  const auto name = lower(parameter);
  std::string_view cue;
  if (one_of(name, {"from", "origin", "source", "start"})) cue = "from";
  else if (one_of(name, {"to", "destination", "target", "recipient"})) cue = "to";
  else if (one_of(name, {"city", "place", "location", "town", "country"})) cue = "in";
  else if (one_of(name, {"name", "customer_name", "full_name"})) cue = "is";
  else return {};
  for (std::size_t i = 0; i + 1 < heard.words.size(); ++i) {
    if (lower(heard.words[i].text) != cue || heard.words[i + 1].stop) continue;
    auto last = i + 1;
    while (last + 1 < heard.words.size() && !heard.words[last + 1].stop) ++last;
    return between(heard, i + 1, last);
  }
  return {};
}

auto salient(const Utterance& heard) -> std::string {
  const auto& words = heard.words;
  const auto own = [&](const Token& word) { return std::find(heard.name_stems.begin(), heard.name_stems.end(), word.stem) != heard.name_stems.end(); };
  const auto telling = [&](std::size_t i) { return !words[i].stop && !own(words[i]) && !is_errand(words[i]); };
  std::size_t begin = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (own(words[i])) begin = i + 1;
  }
  for (const auto from : {begin, std::size_t{0}}) {
    std::size_t first = words.size(), last = 0;
    for (auto i = from; i < words.size(); ++i) {
      if (!telling(i)) continue;
      first = std::min(first, i);
      last = i;
    }
    if (first < words.size()) return between(heard, first, last);
  }
  return {};
}

auto says_no(const Utterance& heard) -> bool {
  return std::any_of(heard.words.begin(), heard.words.end(), [](const Token& word) { return one_of(lower(word.text), {"no", "not", "don", "never", "without"}); });
}

}  // namespace flow::simulate
