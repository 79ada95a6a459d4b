#pragma once
// Where a file can be cut so that its pieces parse as the whole does, found without tokens: texts, holes, comments and
// braces are all that is looked at. A copy of what the lexer's modes and `close_braces` decide; tests compare.

#include <cstdint>
#include <string_view>
#include <vector>

namespace flow::parse {

// The begin of each piece, the first 0. A piece begins with a declaration that begins a line, with the doc comment above
// it. Of a file whose braces or texts are not closed each such line begins a piece, so that the mistake stays in its own.
auto split(std::string_view text) -> std::vector<std::uint32_t>;

enum class Inside { Code, Comment, Text, Hole };
// What a byte stands in, as far as the text before it tells. `text` begins where a piece does.
auto inside(std::string_view text, std::uint32_t byte) -> Inside;

}  // namespace flow::parse
