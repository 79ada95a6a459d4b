#pragma once
// A token of the grammar as plain data: the layout pass works on these, and the parser gets what it leaves.

#include <cstdint>
#include <string>
#include <vector>

#include "FlowLexer.h"
#include "compiler/base/source.h"
#include "compiler/diag/diag.h"

namespace flow::parse {

using Tok = flow_grammar::FlowLexer;  // the names of the token types: Tok::LBRACE

struct Lexeme {
  std::size_t type = 0;
  std::uint32_t begin = 0;  // bytes of the file; both the same for a token that we put in
  std::uint32_t end = 0;
  std::uint32_t line = 1;
};
using Lexemes = std::vector<Lexeme>;

struct Lexed {
  Lexemes tokens;    // without blanks and comments; ends with Tok::EOF
  Lexemes docs;      // the `///` lines, in order
  Lexemes comments;  // the `//` ones, those inside texts too
};

// Text that is UTF-8 to tokens. Never fails: what is no token is of type STRAY, and close_texts reports it.
auto lex(const SourceFile& source, diag::Report& report) -> Lexed;

void report_stray(const SourceFile& source, Span at, diag::Report& report);

inline auto span(const SourceFile& source, const Lexeme& lexeme) -> Span {
  return {source.id(), lexeme.begin, lexeme.end};
}

}  // namespace flow::parse
