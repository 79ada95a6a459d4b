#include "runtime/simulate/phrasing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

namespace flow::simulate {
namespace {

constexpr std::string_view Digits[] = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};

const std::string Begin = "<s>", End = "</s>";

// Of each pair that was seen this much of a sighting goes to those that were not.
constexpr double Discount = 0.5;

class Splitter {
 public:
  auto split(std::string_view text) -> std::vector<Sentence> {
    for (const char c : text) take(c);
    end_sentence();
    return std::move(sentences_);
  }

 private:
  void take(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isdigit(byte)) {
      end_word();
      words_.emplace_back(Digits[c - '0']);
    } else if (std::isalpha(byte) || byte >= 0x80 || (c == '\'' && !word_.empty())) {
      word_ += static_cast<char>(std::tolower(byte));
    } else {
      end_word();
      if (std::string_view(".!?;:,\n\"{}()").find(c) != std::string_view::npos) end_sentence();
    }
  }
  void end_word() {
    while (word_.ends_with('\'')) word_.pop_back();
    if (!word_.empty()) words_.push_back(std::move(word_));
    word_.clear();
  }
  void end_sentence() {
    end_word();
    if (!words_.empty()) sentences_.push_back(std::move(words_));
    words_.clear();
  }

  std::string word_;
  Sentence words_;
  std::vector<Sentence> sentences_;
};

struct Counts {
  std::map<std::string, double> words;  // with the end of a sentence, without its begin
  std::map<std::string, std::map<std::string, double>> pairs;
  double total = 0;

  void add(const std::string& before, const std::string& word) {
    words[word] += 1;
    pairs[before][word] += 1;
    total += 1;
  }
};

auto count(const std::vector<Sentence>& sentences, const std::function<bool(const std::string&)>& known) -> Counts {
  Counts counts;
  for (const auto& sentence : sentences) {
    auto before = Begin;
    for (const auto& word : sentence) {
      if (!known(word)) {
        before.clear();
        continue;
      }
      if (before.empty()) counts.words[word] += 1, counts.total += 1;
      else counts.add(before, word);
      before = word;
    }
    if (!before.empty() && before != Begin) counts.add(before, End);
  }
  return counts;
}

// How much of what was seen behind `pairs` is left for what was not, in the proportions of the words alone.
auto backoff(const Counts& counts, const std::map<std::string, double>& pairs) -> double {
  double seen = 0, mass = 0;
  for (const auto& [word, times] : pairs) {
    seen += times;
    mass += counts.words.at(word) / counts.total;
  }
  return Discount * static_cast<double>(pairs.size()) / seen / std::max(1e-3, 1 - mass);
}

}  // namespace

auto spoken_sentences(std::string_view text) -> std::vector<Sentence> { return Splitter().split(text); }

auto language_model(const std::vector<Sentence>& sentences, const std::function<bool(const std::string&)>& known) -> std::string {
  const auto counts = count(sentences, known);
  if (counts.total == 0) return {};
  std::size_t pairs = 0;
  for (const auto& [before, behind] : counts.pairs) pairs += behind.size();
  auto text = fmt::format("\\data\\\nngram 1={}\nngram 2={}\n\n\\1-grams:\n", counts.words.size() + 1, pairs);
  auto to = std::back_inserter(text);
  const auto weight = [&](const std::string& word) {
    const auto found = counts.pairs.find(word);
    return found == counts.pairs.end() ? 0.0 : std::log10(backoff(counts, found->second));
  };
  fmt::format_to(to, "-99.0 {} {:.4f}\n", Begin, weight(Begin));
  for (const auto& [word, times] : counts.words) fmt::format_to(to, "{:.4f} {} {:.4f}\n", std::log10(times / counts.total), word, weight(word));
  fmt::format_to(to, "\n\\2-grams:\n");
  for (const auto& [before, behind] : counts.pairs) {
    double seen = 0;
    for (const auto& [word, times] : behind) seen += times;
    for (const auto& [word, times] : behind) fmt::format_to(to, "{:.4f} {} {}\n", std::log10((times - Discount) / seen), before, word);
  }
  return text + "\n\\end\\\n";
}

}  // namespace flow::simulate
