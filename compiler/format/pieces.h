#pragma once
// Where lines will end, decided before anything is laid out.
//
// Breaks are those of the author, except that
//  - `{` stands on the line of what it belongs to, and so does `else` after `}`
//  - a block that was broken anywhere, or holds a comment, is broken everywhere: at both braces and at every `;`
//  - something after a `}` begins a line
//
// A doc comment belongs to what begins the next line. Where something would come to stand there that did not before, a
// blank line keeps them apart.

#include <string_view>
#include <vector>

#include "compiler/parse/tokens.h"

namespace flow::format {

struct Piece {
  using Kind = parse::Token::Kind;
  Kind kind = Kind::Symbol;
  std::string_view text;
  int breaks = 0;         // line ends before it: none, one, or two and more
  bool expanded = false;  // of `{`: its block has lines of its own

  auto is(std::string_view symbol) const -> bool { return text == symbol && (kind == Kind::Symbol || kind == Kind::Word); }
  auto is_comment() const -> bool { return kind == Kind::Comment || kind == Kind::Doc; }
};

// Without line ends, and without the `;` that a line end stands for. The texts are those of the source.
auto pieces_of(const SourceFile& source) -> std::vector<Piece>;

}  // namespace flow::format
