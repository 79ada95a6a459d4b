#pragma once
// The shape of the text form, before it means anything: indented lines of tokens.
//
//   name token token …        // a comment
//     child …
//     child |
//       |a line of raw text   (text with line ends, one `|` line each)
//
// Text is quoted, with \" \\ \n \r \t and \xNN for any other byte that does not print. Two spaces indent.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flow::ir {

struct TextError {
  int line = 0;    // 1-based
  int column = 0;  // 1-based, in bytes
  std::string text;
  auto operator==(const TextError&) const -> bool = default;
};

struct Token {
  enum class Kind { Word, Text, Whole, Real, Time, Id, Mark };
  Kind kind = Kind::Word;
  std::string text;        // of Word, Text and Mark; a mark is one of [ ] { } : ,
  std::int64_t whole = 0;  // of Whole and Time, in milliseconds
  double real = 0;         // of Real
  std::uint32_t id = 0;    // of Id, written `#3`
  int column = 0;
};

struct Node {
  std::string name;  // the first word
  std::vector<Token> tokens;
  std::vector<Node> children;
  int line = 0;
  int column = 0;
};

// Nesting goes no deeper than this; beyond it the line is an error.
inline constexpr int NestingMax = 500;

// Never fails as a whole: lines that make no sense are reported and left out. At most `ErrorsMax` errors.
inline constexpr std::size_t ErrorsMax = 50;
auto read_lines(std::string_view text, std::vector<TextError>& errors) -> std::vector<Node>;

auto quoted(std::string_view text) -> std::string;

// Whether `text` can be written as `|` lines and read back the same.
auto is_plain_block(std::string_view text) -> bool;

}  // namespace flow::ir
