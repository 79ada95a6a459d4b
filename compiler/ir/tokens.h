#pragma once
// How many tokens a text is to a model, without its vocabulary.

#include <cstddef>
#include <string_view>

#include "compiler/ir/ir.h"

namespace flow::ir {

// At most so many in a byte-level vocabulary such as o200k, whatever the words: every token is at least one byte.
constexpr auto tokens_at_most(std::string_view text) -> std::size_t { return text.size(); }

// A careful estimate, above what prose needs: a token for every three letters of a word and at least one a word, for
// every three digits, for every mark, and for every character outside of ASCII. Blanks are part of the word that
// follows. It is an estimate, not a bound: rare words and long identifiers may take more, never more than
// `tokens_at_most`.
auto tokens_about(std::string_view text) -> std::size_t;

// All of a template, both sides of its choices; a hole counts as HoleTokens.
inline constexpr std::size_t HoleTokens = 8;
auto tokens_about(const Template& text) -> std::size_t;

}  // namespace flow::ir
