#pragma once
// How alike two short descriptions are to somebody who goes by their words, as a model choosing a function does.

#include <set>
#include <string>
#include <string_view>

namespace flow::review {

// The words that carry a meaning, in lower case, without endings: "the caller asks about invoices" is {invoic}.
auto meaning_of(std::string_view text) -> std::set<std::string>;

// The share of their words that both have: 0 nothing in common, 1 the same words in whatever order. Texts without a
// word of their own have nothing in common. Negations count as words.
auto likeness(const std::set<std::string>& a, const std::set<std::string>& b) -> double;

// From here on two descriptions are too alike: three words of four the same. tests/compiler/review/alike_test.cpp has
// the pairs by which this was chosen: below it, texts differ in the word that matters.
inline constexpr double TooAlike = 0.75;

}  // namespace flow::review
