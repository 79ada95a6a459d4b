#pragma once
// The tokens of a file as plain data, with what the tree forgets: comments and line ends. For tools that look at a file
// as it is written.

#include <vector>

#include "compiler/base/source.h"

namespace flow::parse {

struct Token {
  enum class Kind {
    Word,       // names and keywords alike
    Number,     // with its unit: `30s`, `80%`
    Text,       // `"…"` whole, with what is inserted
    TextBlock,  // `"""…"""` whole
    Symbol,     // `{`, `->`, `..`; also a character that has no meaning
    LineEnd,
    Comment,  // from `//` to the end of its line
    Doc,      // the same of `///`
  };
  Kind kind = Kind::Symbol;
  Span at;
};

// In the order of the file, each byte that is no blank in one of them. Never fails: a text that is not closed ends where
// the parser would close it. What is wrong with a file is for `parse` to say.
auto tokens(const SourceFile& source) -> std::vector<Token>;

}  // namespace flow::parse
