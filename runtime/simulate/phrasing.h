#pragma once
// What a session's texts say about how its callers will speak: the sentences as they are spoken, and a language model of
// them for the recogniser.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace flow::simulate {

using Sentence = std::vector<std::string>;

// Sentences, lines and quotations as words in lower case; digits are spoken one by one: "A1" is "a one".
auto spoken_sentences(std::string_view text) -> std::vector<Sentence>;

// Words and pairs of words with what they are worth, in the ARPA format. Words that are not `known` end a sentence and
// begin another. Empty: nothing is known.
auto language_model(const std::vector<Sentence>& sentences, const std::function<bool(const std::string&)>& known) -> std::string;

}  // namespace flow::simulate
