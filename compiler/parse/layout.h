#pragma once
// Between lexer and parser: everything about tokens that needs no grammar. Each pass takes the tokens and gives them
// back in better order, so that one open quote or brace is one message and the parser's tree is good around it.

#include "compiler/parse/lexeme.h"

namespace flow::parse {

// How deep brackets, texts and their conditions may be nested, and how many operators may stand before a line ends:
// parser and tree walk recurse on both. Far above what people write, far below what a stack holds.
inline constexpr int NestingMax = 200;
inline constexpr int OperatorsMax = 400;

// Every text is closed (at its line's end, or at the file's), and so is every hole and every `{if}` in it. Stray
// characters are reported and left out.
auto close_texts(Lexemes tokens, const SourceFile& source, diag::Report& report) -> Lexemes;

// Every `{` has its `}`: one that closes nothing is left out; one that is missing is put before the next declaration
// that begins a line, or at the end of the file.
auto close_braces(Lexemes tokens, const SourceFile& source, diag::Report& report) -> Lexemes;

// Only newlines and `;` that end something are left, as single NL tokens.
auto end_lines(Lexemes tokens) -> Lexemes;

// False, and reported, if something is nested deeper than the parser can follow.
auto shallow_enough(const Lexemes& tokens, const SourceFile& source, diag::Report& report) -> bool;

}  // namespace flow::parse
