#pragma once
// Words of spoken English as the simulated model compares them: split, lower-cased, stemmed, the empty ones marked.

#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/trim.h"

namespace flow::simulate {

struct Token {
  std::string text;    // as it was written, without the marks around it
  std::string stem;    // lower case, "orders" and "ordered" alike
  bool stop = false;   // says nothing about what is meant: "the", "please", "could"
  bool number = false; // has a digit: "42", "A1", "3.50"
  std::size_t begin = 0, end = 0;  // bytes in the text
};

// Splits at spaces and marks; `lookup_order` and `lookupOrder` are two tokens each.
auto tokens(std::string_view text) -> std::vector<Token>;

// The distinct stems of the words that say something, in their order.
auto stems(std::string_view text) -> std::vector<std::string>;

auto lower(std::string_view text) -> std::string;
auto has_word(const std::vector<Token>& words, std::string_view stem) -> bool;

}  // namespace flow::simulate
